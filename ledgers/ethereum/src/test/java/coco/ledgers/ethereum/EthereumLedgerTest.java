package coco.ledgers.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.trie.OrderedTrieRoot;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Bloom;
import coco.evm.types.Header;
import coco.evm.types.Receipt;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerFactory;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Verdict;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.chain.BlockIndex;
import coco.ledgers.ethereum.chain.EthereumMaps;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.testing.Contracts;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class EthereumLedgerTest {
    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(4));
    private final Rpc rpc = new Rpc(node);

    @Test
    void shouldBeFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(LedgerFactory.class))
                .anySatisfy(factory -> assertThat(factory.id()).isEqualTo("ethereum"));
    }

    @Test
    void shouldMoveMoneyAndRaiseTheNonceWhenATransferIsSent() {
        Transaction transaction = Keys.transfer(0).value(Word.of(1_000)).sign(Keys.CURVE, Keys.secret(0));
        assertThat(rpc.result("eth_sendRawTransaction", Rpc.raw(transaction)).asString())
                .isEqualTo(Rpc.hex(transaction.hash()));
        assertThat(rpc.result("eth_getBalance", "0x00000000000000000000000000000000deadbeef", "latest")
                        .asString())
                .isEqualTo("0x3e8");
        assertThat(rpc.result("eth_getTransactionCount", Keys.address(0).hex(), "latest")
                        .asString())
                .isEqualTo("0x1");
        assertThat(rpc.result("eth_getBalance", Keys.address(0).hex(), "latest").asString())
                .isEqualTo("0x3635c9adc5de9ffc18");
    }

    @Test
    void shouldRecomputeEveryHashAndRootOfABlockFromItsEntries() {
        node.mining(false);
        for (int sender = 0; sender < 3; sender++) {
            for (int nonce = 0; nonce < 50; nonce++) {
                submit(sender, Keys.transfer(nonce).to(Address.of(100L * sender + nonce)));
            }
        }
        submit(
                3,
                Keys.transfer(0)
                        .to(null)
                        .gasLimit(200_000)
                        .value(Word.ZERO)
                        .data(Contracts.creation(Contracts.COUNTER)));
        LedgerBlock block = node.mine();
        assertThat(block).isNotNull();
        if (block != null) {
            assertThat(block.transactions()).hasSize(151);
            recompute(block, node.blocks().getFirst());
        }
    }

    @Test
    void shouldMakeEmptyBlocksOnlyWhenAHeartbeatAsksForThem() {
        assertThat(node.mine()).isNull();
        node.heartbeat(true);
        LedgerBlock first = node.mine();
        node.advance(1);
        LedgerBlock second = node.mine();
        assertThat(first).isNotNull();
        assertThat(second).isNotNull();
        if (first != null && second != null) {
            assertThat(first.transactions()).isEmpty();
            assertThat(BlockIndex.header(second).number()).isEqualTo(2);
            assertThat(BlockIndex.header(second).parentHash())
                    .isEqualTo(BlockIndex.header(first).hash());
        }
        node.heartbeat(false);
        assertThat(node.mine()).isNull();
        submit(0, Keys.transfer(0));
        assertThat(node.blocks()).hasSize(4);
    }

    @Test
    void shouldExecuteWhatFollowsWhenAnAuthorisationRaisesTheSendersNonce() {
        node.mining(false).settings(Rpc.ACCEPTED);
        Authorization own = Authorization.sign(Word.of(Keys.CHAIN_ID), Address.of(0x99), 1, Keys.CURVE, Keys.secret(0));
        send(Transaction.builder(Transaction.Type.SET_CODE)
                .chainId(Keys.CHAIN_ID)
                .nonce(0)
                .gasLimit(100_000)
                .to(Address.of(0xdead_beefL))
                .authorizations(List.of(own))
                .sign(Keys.CURVE, Keys.secret(0)));
        send(Keys.transfer(2).sign(Keys.CURVE, Keys.secret(0)));
        assertThat(node.mine())
                .isNotNull()
                .extracting(block -> block.transactions().size())
                .isEqualTo(2);
        assertThat(rpc.result("eth_getTransactionCount", Keys.address(0).hex(), "pending")
                        .asString())
                .isEqualTo("0x3");
    }

    /** A node whose first block burns 100 wei per gas; the next four 88, 77, 68 and 60 if they are empty. */
    private static SingleNode dear(String market) {
        String genesis = Keys.genesis(1)
                .replace(
                        "\"baseFeePerGas\": \"0x0\"",
                        "\"feeMarket\": \"%s\", \"baseFeePerGas\": \"0x64\"".formatted(market));
        return new SingleNode(new EthereumLedgerFactory(), genesis).mining(false);
    }

    @Test
    void shouldLetPricesFallByEmptyBlocksUntilWhatWaitsCanPay() {
        SingleNode market = dear("eip1559");
        Transaction poor = Keys.transfer(0).fees(Word.ONE, Word.of(60)).sign(Keys.CURVE, Keys.secret(0));
        assertThat(market.ledger().hasWork()).isFalse();
        market.submit(offer(poor));
        for (int block = 1; block <= 3; block++) {
            assertThat(market.ledger().hasWork()).isTrue();
            LedgerBlock empty = Objects.requireNonNull(market.mine());
            assertThat(empty.transactions()).isEmpty();
            if (block < 3) {
                // Not a second later.
                assertThat(market.ledger().hasWork()).isFalse();
                assertThat(market.mine()).isNull();
                market.advance(1);
            }
        }
        LedgerBlock paid = Objects.requireNonNull(market.mine());
        assertThat(paid.transactions()).hasSize(1);
        assertThat(BlockIndex.header(paid).baseFeePerGas()).isEqualTo(Word.of(60));
        market.advance(1);
        assertThat(market.ledger().hasWork()).isFalse();
    }

    @Test
    void shouldWantNoEmptyBlockWhenPricesCannotFallFurther() {
        SingleNode market = dear("eip1559");
        market.submit(offer(Keys.transfer(0).fees(Word.ONE, Word.of(3)).sign(Keys.CURVE, Keys.secret(0))));
        int blocks = 0;
        while (market.ledger().hasWork() && blocks++ < 100) {
            assertThat(market.mine()).isNotNull();
            market.advance(1);
        }
        assertThat(blocks).isBetween(15, 50);
        SingleNode constant = dear("constant");
        constant.submit(offer(Keys.transfer(0).fees(Word.ONE, Word.of(60)).sign(Keys.CURVE, Keys.secret(0))));
        constant.advance(5);
        assertThat(constant.ledger().hasWork()).isFalse();
        assertThat(constant.mine()).isNull();
    }

    @Test
    void shouldWantNoEmptyBlockWhenWhatWaitedIsTooOld() {
        SingleNode market = dear("eip1559");
        market.submit(offer(Keys.transfer(0).fees(Word.ONE, Word.of(60)).sign(Keys.CURVE, Keys.secret(0))));
        market.advance(601);
        assertThat(market.ledger().hasWork()).isFalse();
    }

    @Test
    void shouldNotEvenDecodeWhatIsPooledWhenItIsOfferedAgain() {
        node.mining(false);
        Transaction transaction = Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0));
        send(transaction);
        Offer undecodable = new Offer("ethereum", transaction.hash(), new byte[] {1});
        assertThat(node.ledger().offer(undecodable, true, node.state())).isEqualTo(Verdict.ACCEPTED);
        assertThat(node.ledger().offer(undecodable, false, node.state()))
                .isEqualTo(Verdict.rejected(-32_000, "already known"));
        node.mine();
        assertThat(node.ledger().offer(undecodable, true, node.state())).isInstanceOf(Verdict.Rejected.class);
    }

    @Test
    void shouldChainBlocksWithWholeSecondsThatNeverGoBack() {
        for (int nonce = 0; nonce < 5; nonce++) {
            submit(0, Keys.transfer(nonce));
            node.advance(nonce % 2 == 0 ? 1 : -3);
        }
        List<LedgerBlock> blocks = node.blocks();
        assertThat(blocks).hasSize(6);
        for (int i = 1; i < blocks.size(); i++) {
            recompute(blocks.get(i), blocks.get(i - 1));
        }
    }

    @Test
    void shouldDeployAndCallAContract() {
        String address = deployCounter();
        assertThat(rpc.result("eth_getCode", address, "latest").asString()).isEqualTo(Rpc.hex(Contracts.COUNTER));
        for (int i = 1; i <= 3; i++) {
            JsonNode receipt = call(1, i - 1, address, new byte[0]);
            assertThat(receipt.get("status").asString()).isEqualTo("0x1");
            assertThat(receipt.get("logs")).hasSize(1);
            JsonNode log = receipt.get("logs").get(0);
            assertThat(log.get("data").asString()).isEqualTo(word(i));
            assertThat(log.get("topics").get(0).asString())
                    .isEqualTo(
                            "0x000000000000000000000000" + Keys.address(1).hex().substring(2));
            assertThat(log.get("address").asString()).isEqualTo(address);
        }
        assertThat(rpc.result("eth_getStorageAt", address, "0x0", "latest").asString())
                .isEqualTo(word(3));
        JsonNode reverted = call(1, 3, address, new byte[] {1, 2});
        assertThat(reverted.get("status").asString()).isEqualTo("0x0");
        assertThat(reverted.get("logs")).isEmpty();
        assertThat(rpc.result("eth_getStorageAt", address, "0x0", "latest").asString())
                .isEqualTo(word(3));
    }

    @Test
    void shouldExecuteAgainOnCommittedStateWhenABlockIsLost() {
        String address = deployCounter();
        node.mining(false);
        Transaction call = counterCall(1, 0, address, new byte[0]);
        send(call);
        LedgerBlock lost = node.mineAndLose();
        assertThat(lost).isNotNull();
        LedgerBlock kept = node.mine();
        assertThat(kept).isNotNull();
        assertThat(node.mine()).isNull();
        assertThat(rpc.result("eth_getStorageAt", address, "0x0", "latest").asString())
                .isEqualTo(word(1));
        assertThat(rpc.result("eth_getTransactionCount", Keys.address(1).hex(), "pending")
                        .asString())
                .isEqualTo("0x1");
    }

    @Test
    void shouldDropAndReportWhatTurnsOutToBeInvalid() {
        node.mining(false);
        Word all = Word.of(1_000_000_000_000_000_000L).times(999);
        submit(0, Keys.transfer(0).to(Keys.address(9)).value(all));
        Transaction second = Keys.transfer(1).value(Word.of(5)).sign(Keys.CURVE, Keys.secret(0));
        send(second);
        node.mine();
        assertThat(node.dropped()).isEmpty();
        assertThat(node.blocks()).hasSize(2);
        assertThat(node.blocks().getLast().transactions()).hasSize(2);
    }

    @Test
    void shouldStopAtTheBudgetAndGoOnInTheNextBlock() {
        node.mining(false).maxTransactions(2);
        for (int nonce = 0; nonce < 5; nonce++) {
            submit(0, Keys.transfer(nonce));
        }
        assertThat(rpc.result("eth_getTransactionCount", Keys.address(0).hex(), "pending")
                        .asString())
                .isEqualTo("0x5");
        int blocks = 0;
        while (node.mine() != null) {
            blocks++;
        }
        assertThat(blocks).isEqualTo(3);
        assertThat(rpc.result("eth_blockNumber").asString()).isEqualTo("0x3");
    }

    @Test
    void shouldKeepTheHistoryContractWhenGenesisHasIt() {
        SingleNode own = new SingleNode(new EthereumLedgerFactory(), withPredeploys());
        Rpc ownRpc = new Rpc(own);
        for (int nonce = 0; nonce < 3; nonce++) {
            ownRpc.result("eth_sendRawTransaction", Rpc.raw(Keys.transfer(nonce).sign(Keys.CURVE, Keys.secret(0))));
        }
        JsonNode second = ownRpc.result("eth_getBlockByNumber", "0x2", false);
        JsonNode call = Rpc.MAPPER
                .createObjectNode()
                .put("to", "0x0000f90827f1c53a10cb7a02335b175320002935")
                .put("data", word(2));
        assertThat(ownRpc.result("eth_call", call, "latest").asString())
                .isEqualTo(second.get("hash").asString());
    }

    @Test
    void shouldCreateAtTheAddressThatDeploymentToolsExpectWhenGenesisHasTheDeployer() {
        assertThat(Keccak256.hash(HexFormat.of()
                        .parseHex(Predeploys.codes()
                                .getOrDefault(Predeploys.DETERMINISTIC_DEPLOYER, "")
                                .substring(2))))
                .asHexString()
                .isEqualToIgnoringCase("2fa86add0aed31f33a762c9d88e807c475bd51d0f52bd0955754b2608f7e4989");
        Rpc own = new Rpc(new SingleNode(new EthereumLedgerFactory(), withPredeploys()));
        byte[] salted = new byte[32 + Contracts.creation(Contracts.COUNTER).length];
        System.arraycopy(Contracts.creation(Contracts.COUNTER), 0, salted, 32, salted.length - 32);
        Transaction deployment = Keys.transfer(0)
                .to(Address.fromHex(Predeploys.DETERMINISTIC_DEPLOYER))
                .value(Word.ZERO)
                .gasLimit(200_000)
                .data(salted)
                .sign(Keys.CURVE, Keys.secret(0));
        assertThat(own.result("eth_sendRawTransactionSync", Rpc.raw(deployment))
                        .get("status")
                        .asString())
                .isEqualTo("0x1");
        byte[] preimage = new byte[85];
        preimage[0] = (byte) 0xff;
        Address.fromHex(Predeploys.DETERMINISTIC_DEPLOYER).writeTo(preimage, 1);
        System.arraycopy(Keccak256.hash(Contracts.creation(Contracts.COUNTER)), 0, preimage, 53, 32);
        String created = Address.of(Keccak256.hash(preimage), 12).hex();
        assertThat(own.result("eth_getCode", created).asString()).isEqualTo(Rpc.hex(Contracts.COUNTER));
    }

    private static String withPredeploys() {
        StringBuilder alloc = new StringBuilder("\"alloc\": {");
        Predeploys.codes()
                .forEach((address, code) ->
                        alloc.append("\"%s\": {\"nonce\": \"0x1\", \"balance\": \"0x0\", \"code\": \"%s\"},"
                                .formatted(address, code)));
        return Keys.genesis(1).replace("\"alloc\": {", alloc);
    }

    private static void recompute(LedgerBlock block, LedgerBlock parent) {
        Header header = BlockIndex.header(block);
        assertThat(header.parentHash()).isEqualTo(BlockIndex.header(parent).hash());
        assertThat(header.number()).isEqualTo(BlockIndex.header(parent).number() + 1);
        assertThat(header.timestamp())
                .isGreaterThanOrEqualTo(BlockIndex.header(parent).timestamp());
        List<byte[]> transactions = new ArrayList<>();
        List<byte[]> receipts = new ArrayList<>();
        Bloom bloom = new Bloom();
        long gas = 0;
        for (LedgerBlock.Executed entry : block.transactions()) {
            ExecutedTransaction executed = ExecutedTransaction.decode(entry.payload());
            Transaction transaction = executed.transaction();
            gas += executed.gasUsed();
            Receipt receipt = Receipt.of(transaction.type(), executed.success(), gas, executed.logs());
            transactions.add(transaction.encoded());
            receipts.add(receipt.encode());
            bloom.addAll(receipt.bloom());
            assertThat(entry.id()).isEqualTo(Keccak256.hash(transaction.encoded()));
            assertThat(entry.claims()).isEqualTo(ExecutedTransaction.claims(entry.id(), receipt.encode()));
            assertThat(transaction.sender(Keys.CURVE)).isEqualTo(executed.sender());
            assertThat(executed.encode()).isEqualTo(entry.payload());
        }
        assertThat(header.transactionsRoot()).isEqualTo(OrderedTrieRoot.of(transactions));
        assertThat(header.receiptsRoot()).isEqualTo(OrderedTrieRoot.of(receipts));
        assertThat(header.logsBloom()).isEqualTo(bloom);
        assertThat(header.gasUsed()).isEqualTo(gas);
    }

    @Test
    void shouldClaimTheDigestOfTheAccountsAsStateRoot() {
        deployCounter();
        Header header = BlockIndex.header(node.blocks().getLast());
        assertThat(node.state().digest(EthereumMaps.ACCOUNTS)).isEqualTo(header.stateRoot());
    }

    private String deployCounter() {
        Transaction creation = Keys.transfer(0)
                .to(null)
                .value(Word.ZERO)
                .gasLimit(200_000)
                .data(Contracts.creation(Contracts.COUNTER))
                .sign(Keys.CURVE, Keys.secret(0));
        JsonNode receipt = rpc.result("eth_sendRawTransactionSync", Rpc.raw(creation));
        assertThat(receipt.get("status").asString()).isEqualTo("0x1");
        return receipt.get("contractAddress").asString();
    }

    private static Transaction counterCall(int sender, long nonce, String address, byte[] data) {
        return Keys.transfer(nonce)
                .to(Address.fromHex(address))
                .value(Word.ZERO)
                .gasLimit(100_000)
                .data(data)
                .sign(Keys.CURVE, Keys.secret(sender));
    }

    private JsonNode call(int sender, long nonce, String address, byte[] data) {
        return rpc.result("eth_sendRawTransactionSync", Rpc.raw(counterCall(sender, nonce, address, data)));
    }

    private void submit(int sender, Transaction.Builder fields) {
        send(fields.sign(Keys.CURVE, Keys.secret(sender)));
    }

    /** Hands it in without waiting for a block. */
    private void send(Transaction transaction) {
        Verdict verdict = node.submit(offer(transaction)).verdict().join();
        assertThat(verdict).isInstanceOfAny(Verdict.Accepted.class, Verdict.Queued.class);
    }

    private static Offer offer(Transaction transaction) {
        byte[] payload = new byte[20 + transaction.encoded().length];
        Address sender = transaction.sender(Keys.CURVE);
        assertThat(sender).isNotNull();
        if (sender != null) {
            sender.writeTo(payload, 0);
        }
        System.arraycopy(transaction.encoded(), 0, payload, 20, transaction.encoded().length);
        return new Offer("ethereum", transaction.hash(), payload);
    }

    private static String word(long value) {
        return Rpc.hex(Word.of(value).toBytes32());
    }
}
