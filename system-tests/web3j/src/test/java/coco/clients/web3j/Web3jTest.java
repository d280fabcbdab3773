package coco.clients.web3j;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.disposables.Disposable;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.BatchResponse;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.request.EthFilter;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthBlock;
import org.web3j.protocol.core.methods.response.EthCall;
import org.web3j.protocol.core.methods.response.EthFeeHistory.FeeHistory;
import org.web3j.protocol.core.methods.response.EthSendTransaction;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.protocol.http.HttpService;
import org.web3j.protocol.websocket.WebSocketService;
import org.web3j.tx.RawTransactionManager;
import org.web3j.tx.TransactionManager;
import org.web3j.tx.gas.ContractGasProvider;
import org.web3j.tx.gas.StaticEIP1559GasProvider;
import org.web3j.tx.gas.StaticGasProvider;
import org.web3j.utils.Numeric;

/** A Java program that uses web3j, as its documentation has it. */
@Timeout(60)
final class Web3jTest {
    private static final int POLL_MILLIS = 100;
    private static final int ATTEMPTS = 200;
    private static final BigInteger GAS_LIMIT = BigInteger.valueOf(1_000_000);
    private static final BigInteger GAS_PRICE = BigInteger.valueOf(1_000_000_000);
    private static final DefaultBlockParameter LATEST = DefaultBlockParameterName.LATEST;

    /** The tenth account of the well-known phrase; other clients leave it alone. */
    private static final Credentials OWNER =
            Credentials.create("0x2a871d0798f97d79848a013d4936a73bf4cc922c825d33c1cf7073dff6d409c6");

    private static final String SOMEBODY = "0x00000000000000000000000000000000c0c0c0c0";

    private static final List<String> URLS = List.of(Objects.requireNonNull(
                    System.getenv("COCO_RPC_URLS"), "COCO_RPC_URLS must name nodes; see system-tests/clients")
            .split(","));

    private static final ScheduledExecutorService POLLS = Executors.newScheduledThreadPool(2);
    private static final Web3j WEB3J = Web3j.build(new HttpService(URLS.getFirst()), POLL_MILLIS, POLLS);

    private static long chainId;
    private static TransactionManager manager = new RawTransactionManager(WEB3J, OWNER);
    private static Token token = new Token(SOMEBODY, WEB3J, manager, new StaticGasProvider(GAS_PRICE, GAS_LIMIT));

    @BeforeAll
    static void deploy() throws Exception {
        chainId = WEB3J.ethChainId().send().getChainId().longValueExact();
        manager = new RawTransactionManager(WEB3J, OWNER, chainId, ATTEMPTS, POLL_MILLIS);
        token = Token.deploy(WEB3J, manager, marketFees()).send();
        token.fill(Numeric.hexStringToByteArray(OWNER.getAddress()), BigInteger.valueOf(1_000_000))
                .send();
    }

    @AfterAll
    static void stop() {
        WEB3J.shutdown();
        POLLS.shutdownNow();
    }

    private static ContractGasProvider marketFees() {
        return new StaticEIP1559GasProvider(chainId, GAS_PRICE, GAS_PRICE, GAS_LIMIT);
    }

    @Test
    void shouldReadWhatItWroteThroughEveryNodeWhenTheContractIsDeployed() throws Exception {
        assertThat(token.isValid()).isTrue();
        BigInteger before = token.balanceOf(SOMEBODY).send();

        TransactionReceipt receipt = token.transfer(SOMEBODY, BigInteger.TEN).send();

        assertThat(receipt.isStatusOK()).isTrue();
        assertThat(receipt.getType()).isEqualTo("0x2");
        Log log = receipt.getLogs().getFirst();
        assertThat(Token.parsed(log).getNonIndexedValues().getFirst().getValue())
                .isEqualTo(BigInteger.TEN);
        for (String url : URLS) {
            Web3j node = Web3j.build(new HttpService(url));
            awaitBlock(node, receipt.getBlockNumber());
            Token there = new Token(token.getContractAddress(), node, manager, marketFees());
            assertThat(there.balanceOf(SOMEBODY).send()).isEqualTo(before.add(BigInteger.TEN));
            node.shutdown();
        }
    }

    private static void awaitBlock(Web3j node, BigInteger number) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (node.ethBlockNumber().send().getBlockNumber().compareTo(number) < 0) {
            assertThat(System.nanoTime()).as("the block comes in time").isLessThan(deadline);
            Thread.sleep(POLL_MILLIS / 10);
        }
    }

    @Test
    void shouldSendLegacyTransactionsWhenFeesAreOfOnePrice() throws Exception {
        Token legacy =
                new Token(token.getContractAddress(), WEB3J, manager, new StaticGasProvider(GAS_PRICE, GAS_LIMIT));

        TransactionReceipt receipt = legacy.transfer(SOMEBODY, BigInteger.ONE).send();

        assertThat(receipt.getType()).isEqualTo("0x0");
        assertThat(WEB3J.ethGetTransactionByHash(receipt.getTransactionHash())
                        .send()
                        .getTransaction()
                        .orElseThrow()
                        .getChainId())
                .isEqualTo(chainId);
    }

    @Test
    void shouldGiveTheRevertDataWhenACallFails() throws IOException {
        String data = Token.encodedTransfer(SOMEBODY, BigInteger.TWO.pow(200));

        EthCall call = WEB3J.ethCall(
                        Transaction.createEthCallTransaction(OWNER.getAddress(), token.getContractAddress(), data),
                        LATEST)
                .send();

        assertThat(call.isReverted()).isTrue();
        assertThat(call.getError().getCode()).isEqualTo(3);
        // InsufficientBalance(address,uint256,uint256) with its three words.
        assertThat(call.getError().getData()).contains("0x").hasSizeGreaterThanOrEqualTo(2 + 8 + 3 * 64);
    }

    @Test
    void shouldSayWhyWhenATransactionIsRefused() throws IOException {
        String signed = Numeric.toHexString(new byte[] {1, 2, 3});

        EthSendTransaction sent = WEB3J.ethSendRawTransaction(signed).send();

        assertThat(sent.hasError()).isTrue();
        assertThat(sent.getError().getCode()).isEqualTo(-32_000);
    }

    @Test
    void shouldDeliverBlocksEventsAndPendingTransactionsWhenItPollsFilters() throws Exception {
        BlockingQueue<EthBlock.Block> blocks = new LinkedBlockingQueue<>();
        BlockingQueue<Log> logs = new LinkedBlockingQueue<>();
        BlockingQueue<String> pending = new LinkedBlockingQueue<>();
        BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
        EthFilter filter = new EthFilter(LATEST, LATEST, token.getContractAddress());
        filter.addSingleTopic(Token.TRANSFER_TOPIC);
        List<Disposable> subscriptions = new ArrayList<>();
        subscriptions.add(WEB3J.blockFlowable(true).subscribe(b -> blocks.add(b.getBlock()), errors::add));
        subscriptions.add(WEB3J.ethLogFlowable(filter).subscribe(logs::add, errors::add));
        subscriptions.add(WEB3J.ethPendingTransactionHashFlowable().subscribe(pending::add, errors::add));

        TransactionReceipt receipt =
                token.transfer(SOMEBODY, BigInteger.valueOf(4_711)).send();

        String hash = receipt.getTransactionHash();
        assertThat(first(logs, log -> log.getTransactionHash().equals(hash)).getBlockHash())
                .isEqualTo(receipt.getBlockHash());
        assertThat(first(blocks, b -> b.getHash().equals(receipt.getBlockHash()))
                        .getTransactions())
                .isNotEmpty();
        assertThat(first(pending, hash::equals)).isEqualTo(hash);
        subscriptions.forEach(Disposable::dispose);
        assertThat(errors).isEmpty();
    }

    @Test
    void shouldReplayTheChainWhenAskedForPastBlocks() {
        DefaultBlockParameter end = DefaultBlockParameter.valueOf(BigInteger.valueOf(5));

        List<BigInteger> numbers = WEB3J.replayPastBlocksFlowable(DefaultBlockParameterName.EARLIEST, end, true)
                .map(block -> block.getBlock().getNumber())
                .toList()
                .blockingGet();

        assertThat(numbers).extracting(BigInteger::intValue).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void shouldDeliverHeadsAndLogsWhenItSubscribesByWebSocket() throws Exception {
        WebSocketService service = new WebSocketService(URLS.get(0).replaceFirst("^http", "ws"), false);
        service.connect();
        Web3j web3j = Web3j.build(service);
        BlockingQueue<String> heads = new LinkedBlockingQueue<>();
        BlockingQueue<String> logs = new LinkedBlockingQueue<>();
        BlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
        Disposable headsOn = web3j.newHeadsNotifications()
                .subscribe(head -> heads.add(head.getParams().getResult().getNumber()), errors::add);
        Disposable logsOn = web3j.logsNotifications(List.of(token.getContractAddress()), List.of(Token.TRANSFER_TOPIC))
                .subscribe(log -> logs.add(log.getParams().getResult().getTransactionHash()), errors::add);
        // An answer to a later request says that the subscriptions before it are made.
        assertThat(web3j.ethChainId().send().getChainId()).isEqualTo(chainId);

        TransactionReceipt receipt =
                token.transfer(SOMEBODY, BigInteger.valueOf(3)).send();

        first(logs, receipt.getTransactionHash()::equals);
        first(heads, head -> Numeric.decodeQuantity(head).compareTo(receipt.getBlockNumber()) >= 0);
        headsOn.dispose();
        logsOn.dispose();
        assertThat(errors).isEmpty();
        web3j.shutdown();
    }

    @Test
    void shouldAnswerABatchInItsOrder() throws IOException {
        BatchResponse answers = WEB3J.newBatch()
                .add(WEB3J.ethChainId())
                .add(WEB3J.ethGetBalance(OWNER.getAddress(), LATEST))
                .add(WEB3J.ethGetCode(token.getContractAddress(), LATEST))
                .send();

        assertThat(answers.getResponses()).hasSize(3).noneMatch(Response::hasError);
        assertThat(answers.getResponses().get(0).getResult()).isEqualTo("0x" + Long.toHexString(chainId));
    }

    @Test
    void shouldGiveFeesThatFitTogether() throws IOException {
        FeeHistory history =
                WEB3J.ethFeeHistory(2, LATEST, List.of(25.0, 75.0)).send().getFeeHistory();

        assertThat(history.getBaseFeePerGas()).hasSize(3);
        assertThat(history.getGasUsedRatio()).hasSize(2);
        assertThat(history.getReward()).hasSize(2).allMatch(rewards -> rewards.size() == 2);
        assertThat(WEB3J.ethBaseFee().send().getBaseFee())
                .isEqualTo(history.getBaseFeePerGas().getLast());
        assertThat(WEB3J.ethGasPrice().send().getGasPrice())
                .isGreaterThanOrEqualTo(WEB3J.ethMaxPriorityFeePerGas().send().getMaxPriorityFeePerGas());
    }

    @Test
    void shouldKnowEveryMethodOfANode() throws IOException {
        String account = OWNER.getAddress();
        String address = token.getContractAddress();
        TransactionReceipt receipt = token.getTransactionReceipt().orElseThrow();
        String hash = receipt.getTransactionHash();
        String blockHash = receipt.getBlockHash();
        DefaultBlockParameter at = DefaultBlockParameter.valueOf(receipt.getBlockNumber());
        String data = Token.encodedTransfer(SOMEBODY, BigInteger.ONE);
        Transaction call = Transaction.createEthCallTransaction(account, address, data);
        List<Request<?, ? extends Response<?>>> requests = List.of(
                WEB3J.web3ClientVersion(),
                WEB3J.web3Sha3("0x00"),
                WEB3J.netVersion(),
                WEB3J.netListening(),
                WEB3J.netPeerCount(),
                WEB3J.ethSyncing(),
                WEB3J.ethGasPrice(),
                WEB3J.ethMaxPriorityFeePerGas(),
                WEB3J.ethBlobBaseFee(),
                WEB3J.ethAccounts(),
                WEB3J.ethBlockNumber(),
                WEB3J.ethGetBalance(account, at),
                WEB3J.ethGetStorageAt(address, BigInteger.ZERO, LATEST),
                WEB3J.ethGetTransactionCount(account, DefaultBlockParameterName.PENDING),
                WEB3J.ethGetBlockTransactionCountByHash(blockHash),
                WEB3J.ethGetBlockTransactionCountByNumber(at),
                WEB3J.ethGetUncleCountByBlockHash(blockHash),
                WEB3J.ethGetUncleCountByBlockNumber(at),
                WEB3J.ethGetUncleByBlockHashAndIndex(blockHash, BigInteger.ZERO),
                WEB3J.ethGetUncleByBlockNumberAndIndex(at, BigInteger.ZERO),
                WEB3J.ethGetCode(address, LATEST),
                WEB3J.ethCall(call, LATEST),
                WEB3J.ethEstimateGas(call),
                WEB3J.ethGetBlockByHash(blockHash, true),
                WEB3J.ethGetBlockByNumber(at, false),
                WEB3J.ethGetTransactionByHash(hash),
                WEB3J.ethGetTransactionByBlockHashAndIndex(blockHash, receipt.getTransactionIndex()),
                WEB3J.ethGetTransactionByBlockNumberAndIndex(at, receipt.getTransactionIndex()),
                WEB3J.ethGetTransactionReceipt(hash),
                WEB3J.ethGetBlockReceipts(at),
                WEB3J.ethGetLogs(new EthFilter(blockHash, address)),
                WEB3J.ethGetProof(account, List.of("0x0"), "latest"),
                WEB3J.txPoolStatus());
        Map<String, String> refused = new LinkedHashMap<>();
        for (Request<?, ? extends Response<?>> request : requests) {
            Response<?> response = request.send();
            if (response.hasError()) {
                refused.put(request.getMethod(), response.getError().getMessage());
            }
        }

        assertThat(refused).as("of %d methods", requests.size()).isEmpty();
    }

    private static <T> T first(BlockingQueue<T> queue, Predicate<T> fits) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        List<T> others = new ArrayList<>();
        for (long left = deadline - System.nanoTime(); left > 0; left = deadline - System.nanoTime()) {
            T next = queue.poll(left, TimeUnit.NANOSECONDS);
            if (next != null && fits.test(next)) {
                return next;
            }
            if (next != null) {
                others.add(next);
            }
        }
        throw new AssertionError("did not come; what came: " + others);
    }
}
