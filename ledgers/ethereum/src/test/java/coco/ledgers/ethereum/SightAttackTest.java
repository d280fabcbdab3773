package coco.ledgers.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.types.Bloom;
import coco.evm.types.Header;
import coco.evm.types.MalformedException;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Caller;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.testing.FakeSocket;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import coco.ledgers.ethereum.testing.Vaults;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Ways to read what is hidden, each tried by somebody who may not. */
class SightAttackTest {
    private static final Caller OTHER = SightNetwork.user(SightNetwork.OTHER);
    private static final Caller READER = SightNetwork.user(SightNetwork.READER);
    private static final Caller OWNER = SightNetwork.user(SightNetwork.OWNER);
    private static final Caller AUDITOR = new Caller.Auditor("all");
    private static final int GUESSES = 1_000_000;
    private static final int RIGHT_GUESS = 777_777;
    private static final String NO_HASH = "0x" + "00".repeat(32);
    /** PUSH1 1 SLOAD PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN. */
    private static final String DUMP = "0x60015460005260206000f3";

    private final SightNetwork network = new SightNetwork();
    private final SightNetwork.Content readable = content("readable");
    private final SightNetwork.Content unreadable = content("unreadable");
    private final SightNetwork.Content nothing = content("nothing");

    private SightNetwork.Content content(String name) {
        return Objects.requireNonNull(network.contents.get(name));
    }

    private static String topic(int number) {
        return "0x%064x".formatted(number);
    }

    private static Map<String, Object> call(int key, SightNetwork.Content to) {
        return Map.of("from", Keys.address(key).hex(), "to", to.address().hex(), "data", Vaults.ACT);
    }

    private static String wordOf(int key) {
        return "0x" + "00".repeat(12) + Keys.address(key).hex().substring(2);
    }

    private void assertAbsent(String method, Object[] aboutSecret, Object[] aboutNothing) {
        JsonNode hidden = network.ask(OTHER, method, aboutSecret);
        JsonNode absent = network.ask(OTHER, method, aboutNothing);
        String name = readable.address().hex().substring(2);
        String unused = nothing.address().hex().substring(2);
        assertThat(hidden.toString().replace(name, unused)).isEqualTo(absent.toString());
        assertThat(hidden.toString()).doesNotContain(readable.secret());
    }

    @ParameterizedTest
    @ValueSource(strings = {"eth_call", "eth_estimateGas", "eth_createAccessList"})
    void shouldNotBeMovedByAnOverrideOfTheRegistryThatTheCheckReads(String method) {
        Map<String, Object> registry =
                Map.of("stateDiff", Map.of(topic(0), wordOf(SightNetwork.OTHER), topic(2), wordOf(SightNetwork.OTHER)));
        Map<String, Object> overSecret = Map.of(readable.address().hex(), registry);
        Map<String, Object> overNothing = Map.of(nothing.address().hex(), registry);
        assertAbsent(method, new Object[] {call(SightNetwork.OTHER, readable), "latest", overSecret}, new Object[] {
            call(SightNetwork.OTHER, nothing), "latest", overNothing
        });
    }

    @Test
    void shouldNotGiveHiddenStorageToCodeThatTheAttackerPutsThere() {
        Object dump = Map.of(readable.address().hex(), Map.of("code", DUMP));
        JsonNode answer = network.ask(OTHER, "eth_call", call(SightNetwork.OTHER, readable), "latest", dump);
        assertThat(answer.get("result").asString()).isEqualTo(NO_HASH);
        JsonNode reads = network.ask(READER, "eth_call", call(SightNetwork.READER, readable), "latest", dump);
        assertThat(reads.get("result").asString()).isEqualTo("0x" + readable.secret());
    }

    @Test
    void shouldDecideByTheNewestStateAndNotByTheSimulatedOne() {
        Object later = Map.of("time", "0xffffffff", "number", "0xffffff");
        JsonNode answer = network.ask(OTHER, "eth_call", call(SightNetwork.OTHER, readable), "latest", Map.of(), later);
        assertThat(answer.get("result").asString()).isEqualTo("0x");
        Object first = Map.of(
                "stateOverrides",
                Map.of(readable.address().hex(), Map.of("stateDiff", Map.of(topic(0), wordOf(SightNetwork.OTHER)))));
        Object second = Map.of("calls", List.of(call(SightNetwork.OTHER, readable)));
        JsonNode blocks = network.ask(OTHER, "eth_simulateV1", Map.of("blockStateCalls", List.of(first, second)))
                .get("result");
        assertThat(blocks.get(1).get("calls").get(0).get("returnData").asString())
                .isEqualTo("0x");
        assertThat(blocks.get(1).get("stateRoot").asString()).isEqualTo(NO_HASH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"eth_call", "eth_estimateGas", "eth_createAccessList", "trace_callMany"})
    void shouldNotReadThroughAnOpenContract(String method) {
        String router = content("open").address().hex();
        List<Object[]> asked = new ArrayList<>();
        for (SightNetwork.Content target : List.of(readable, nothing)) {
            Object call = Map.of(
                    "from",
                    Keys.address(SightNetwork.OTHER).hex(),
                    "to",
                    router,
                    "data",
                    Vaults.routed(target.address(), Vaults.ACT));
            asked.add(
                    method.equals("trace_callMany")
                            ? new Object[] {List.of(List.of(call, List.of("trace")))}
                            : new Object[] {call, "latest"});
        }
        assertAbsent(method, asked.get(0), asked.get(1));
    }

    @Test
    void shouldLetAReaderCallAndNotSomebodyElsesContractForTheReader() {
        String router = content("open").address().hex();
        JsonNode direct = network.ask(READER, "eth_call", call(SightNetwork.READER, readable), "latest");
        assertThat(direct.get("result").asString()).contains(readable.secret());
        Object through = Map.of(
                "from",
                Keys.address(SightNetwork.READER).hex(),
                "to",
                router,
                "data",
                Vaults.routed(readable.address(), Vaults.ACT));
        JsonNode routed = network.ask(READER, "eth_call", through, "latest");
        assertThat(routed.get("result").asString()).isEqualTo("0x");
    }

    @Test
    void shouldFindNoLogByAGuessOfTopicOrAddress() {
        Object secret = Map.of("fromBlock", "0x0", "topics", List.of(topic(Vaults.SECRET_TOPIC)));
        assertThat(network.ask(OTHER, "eth_getLogs", secret).get("result")).isEmpty();
        Object byAddress =
                Map.of("fromBlock", "0x0", "address", unreadable.address().hex());
        assertThat(network.ask(OTHER, "eth_getLogs", byAddress).get("result")).isEmpty();

        Object shown = Map.of("fromBlock", "0x0", "topics", List.of(topic(Vaults.PUBLIC_TOPIC)));
        JsonNode lone = network.ask(OTHER, "eth_getLogs", shown).get("result");
        assertThat(lone).hasSize(1);
        assertThat(lone.get(0).get("transactionHash").asString()).isEqualTo(readable.hash());
        assertThat(lone.get(0).get("logIndex").asString()).isEqualTo("0x0");
        assertThat(network.ask(OTHER, "eth_getTransactionByHash", readable.hash())
                        .get("result")
                        .isNull())
                .isTrue();
        assertThat(network.ask(Caller.ANONYMOUS, "eth_getLogs", shown).get("result"))
                .isEmpty();
    }

    @Test
    void shouldLetNoLimitTellHowManyHiddenBlocksMatch() {
        String error = network.ask(OTHER, "eth_getLogs", Map.of("fromBlock", "0x0", "toBlock", "0x5"))
                .toString();
        assertThat(error).contains("result");
        network.node.settings(Rpc.withReplyBytes(1_000_000));
        Object query = Map.of(
                "fromBlock",
                "0x0",
                "toBlock",
                "0xffffff",
                "address",
                readable.address().hex());
        Object absent = Map.of(
                "fromBlock",
                "0x0",
                "toBlock",
                "0xffffff",
                "address",
                nothing.address().hex());
        assertThat(network.ask(OTHER, "eth_getLogs", query)).isEqualTo(network.ask(OTHER, "eth_getLogs", absent));
    }

    @Test
    void shouldKeepFiltersToWhoMadeThem() {
        String id = network.ask(READER, "eth_newFilter", Map.of()).get("result").asString();
        for (String method : List.of("eth_getFilterLogs", "eth_getFilterChanges")) {
            assertThat(network.ask(OTHER, method, id).toString()).contains("filter not found");
        }
        assertThat(network.ask(OTHER, "eth_uninstallFilter", id).get("result").asBoolean())
                .isFalse();
        assertThat(network.ask(READER, "eth_uninstallFilter", id).get("result").asBoolean())
                .isTrue();
    }

    @Test
    void shouldAskAgainWhenAFilterDelivers() {
        String id = network.ask(READER, "eth_newFilter", Map.of("fromBlock", "latest"))
                .get("result")
                .asString();
        network.act(SightNetwork.OWNER, readable.address(), Vaults.ACT, 0);
        assertThat(network.ask(READER, "eth_getFilterChanges", id).get("result"))
                .hasSize(2);
        network.act(SightNetwork.OWNER, readable.address(), Vaults.ACT, 0);
        String admit = Vaults.ADMIT + wordOf(SightNetwork.OTHER).substring(2);
        network.act(SightNetwork.OWNER, readable.address(), admit, 0);
        assertThat(network.ask(READER, "eth_getFilterChanges", id).get("result"))
                .as("only what any user sees")
                .hasSize(1);
        assertThat(network.ask(READER, "eth_getTransactionByHash", readable.hash())
                        .get("result")
                        .isNull())
                .as("who is removed sees nothing more")
                .isTrue();
        assertThat(network.ask(OTHER, "eth_getTransactionByHash", readable.hash())
                        .get("result")
                        .isNull())
                .as("who is added sees the history")
                .isFalse();
    }

    @Test
    void shouldTellSubscribersOnlyWhatTheySee() {
        List<Caller> callers = List.of(Caller.ANONYMOUS, OTHER, READER, AUDITOR);
        List<FakeSocket> sockets = new ArrayList<>();
        List<String> logs = new ArrayList<>();
        List<String> pending = new ArrayList<>();
        for (Caller caller : callers) {
            FakeSocket socket = new FakeSocket(network.node, caller);
            sockets.add(socket);
            logs.add(socket.subscribe("[\"logs\",{}]"));
            pending.add(socket.subscribe("[\"newPendingTransactions\"]"));
            socket.subscribe("[\"newHeads\"]");
        }
        network.act(SightNetwork.OWNER, readable.address(), Vaults.ACT, 0);
        network.act(SightNetwork.OWNER, unreadable.address(), Vaults.ACT, 0);
        List<Integer> told = Stream.of(0, 1, 2, 3)
                .map(i -> sockets.get(i).results(logs.get(i)).size())
                .toList();
        assertThat(told).isEqualTo(List.of(0, 1, 2, 4));
        List<Integer> announced = Stream.of(0, 1, 2, 3)
                .map(i -> sockets.get(i).results(pending.get(i)).size())
                .toList();
        assertThat(announced).isEqualTo(List.of(0, 0, 0, 2));
        for (int i = 0; i < 2; i++) {
            assertThat(sockets.get(i).notifications().toString())
                    .doesNotContain(readable.secret())
                    .doesNotContain(unreadable.secret());
        }
    }

    @Test
    void shouldCountAndSumWhatIsVisibleInABlockOfBoth() {
        network.node.mining(false);
        String router = Vaults.routed(Keys.address(4), "0x");
        String first = network.act(SightNetwork.SENDER, content("open").address(), router, 0);
        String hidden = network.act(SightNetwork.OWNER, unreadable.address(), Vaults.ACT, 0);
        String last = network.act(4, content("open").address(), router, 0);
        LedgerBlock mined = network.node.mine();
        assertThat(mined).isNotNull();
        JsonNode whole = network.truth("eth_getBlockReceipts", "latest");
        assertThat(whole).hasSize(3);
        JsonNode receipts = network.ask(OTHER, "eth_getBlockReceipts", "latest").get("result");
        List<String> hashes = new ArrayList<>();
        receipts.forEach(receipt -> hashes.add(receipt.get("transactionHash").asString()));
        assertThat(hashes).containsExactlyInAnyOrder(first, last).doesNotContain(hidden);
        long sum = 0;
        for (int i = 0; i < receipts.size(); i++) {
            JsonNode receipt = receipts.get(i);
            sum += Long.decode(receipt.get("gasUsed").asString());
            assertThat(Long.decode(receipt.get("cumulativeGasUsed").asString())).isEqualTo(sum);
            assertThat(receipt.get("transactionIndex").asString()).isEqualTo("0x" + i);
            assertThat(receipt.get("logs").get(0).get("logIndex").asString()).isEqualTo("0x" + i);
        }
        JsonNode block =
                network.ask(OTHER, "eth_getBlockByNumber", "latest", false).get("result");
        assertThat(Long.decode(block.get("gasUsed").asString())).isEqualTo(sum);
        Bloom bloom = Bloom.of(
                HexFormat.of().parseHex(block.get("logsBloom").asString().substring(2)));
        assertThat(bloom.mayContain(unreadable.address().bytes())).isFalse();
        assertThat(bloom.mayContain(content("open").address().bytes())).isTrue();
        for (String root : List.of("stateRoot", "transactionsRoot", "receiptsRoot")) {
            assertThat(block.get(root).asString()).as(root).isEqualTo(NO_HASH);
        }
        assertThat(block.get("extraData").asString()).isEqualTo("0x");
        assertThat(network.ask(OTHER, "eth_getTransactionByBlockNumberAndIndex", "latest", "0x2")
                        .get("result")
                        .isNull())
                .isTrue();
        assertThat(network.ask(OTHER, "debug_traceTransaction", first).toString())
                .contains("block is not traceable");
    }

    @Test
    void shouldCommitToStateInNoHashThatAGuessCouldBeTriedAgainst() throws MalformedException {
        Header header = Header.decode(HexFormat.of()
                .parseHex(network.truth("debug_getRawHeader", unreadable.block())
                        .asString()
                        .substring(2)));
        JsonNode seen = network.ask(OTHER, "eth_getBlockByNumber", unreadable.block(), false)
                .get("result");
        assertThat(seen.get("hash").asString()).isEqualTo(Rpc.hex(header.hash()));
        assertThat(header.extraData()).hasSize(32).isNotEqualTo(header.mixHash());
        assertThat(guessed(header, new byte[0]).hash()).as("the right guess").isNotEqualTo(header.hash());
        assertThat(guessed(header, header.mixHash()).hash()).isNotEqualTo(header.hash());
        assertThat(guessed(header, header.extraData()).hash()).isEqualTo(header.hash());
        SingleNode open = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(1)).heartbeat(true);
        open.mine();
        assertThat(new Rpc(open)
                        .result("eth_getBlockByNumber", "latest", false)
                        .get("extraData")
                        .asString())
                .as("where nothing is confidential")
                .isEqualTo("0x");
    }

    /**
     * Somebody knows all of the state but one value of a million, and computes the root for each. The control is a
     * header without the secret.
     */
    @Test
    void shouldNotGiveAwayAStateRootToAMillionGuesses() throws MalformedException {
        Header header = Header.decode(HexFormat.of()
                .parseHex(network.truth("debug_getRawHeader", unreadable.block())
                        .asString()
                        .substring(2)));
        Header known = guessed(header, new byte[0]);
        assertThat(found(known, header.stateRoot(), header.hash())).isEqualTo(-1);
        assertThat(found(known, header.stateRoot(), known.hash()))
                .as("without the secret")
                .isEqualTo(RIGHT_GUESS);
    }

    /** The number of the guess that gives the hash; -1 if none does. */
    private static int found(Header known, byte[] right, byte[] hash) {
        byte[] encoded = known.encode();
        int at = HexFormat.of().formatHex(encoded).indexOf(HexFormat.of().formatHex(known.stateRoot())) / 2;
        byte[] guess = new byte[32];
        for (int number = 0; number < GUESSES; number++) {
            ByteBuffer.wrap(guess).putInt(28, number);
            System.arraycopy(number == RIGHT_GUESS ? right : guess, 0, encoded, at, guess.length);
            if (Arrays.equals(Keccak256.hash(encoded), hash)) {
                return number;
            }
        }
        return -1;
    }

    /** What somebody computes who guessed all of the state, and has this for what is not told. */
    private static Header guessed(Header header, byte[] extraData) {
        return new Header(
                header.parentHash(),
                header.ommersHash(),
                header.beneficiary(),
                header.stateRoot(),
                header.transactionsRoot(),
                header.receiptsRoot(),
                header.logsBloom(),
                header.difficulty(),
                header.number(),
                header.gasLimit(),
                header.gasUsed(),
                header.timestamp(),
                extraData,
                header.mixHash(),
                header.nonce(),
                header.baseFeePerGas(),
                header.withdrawalsRoot(),
                header.blobGasUsed(),
                header.excessBlobGas(),
                header.parentBeaconBlockRoot(),
                header.requestsHash());
    }

    @Test
    void shouldShowOfThePoolWhatIsOnesOwn() {
        network.node.mining(false);
        String hash = network.act(SightNetwork.SENDER, readable.address(), Vaults.ACT, 0);
        String sender = Keys.address(SightNetwork.SENDER).hex();
        for (Caller caller : List.of(Caller.ANONYMOUS, OTHER, READER)) {
            for (String method : List.of("txpool_content", "txpool_inspect")) {
                assertThat(network.ask(caller, method).get("result").toString())
                        .isEqualTo("{\"pending\":{},\"queued\":{}}");
            }
            assertThat(network.ask(caller, "txpool_contentFrom", sender)
                            .get("result")
                            .toString())
                    .isEqualTo("{\"pending\":{},\"queued\":{}}");
            assertThat(network.ask(caller, "txpool_status").get("result").toString())
                    .isEqualTo("{\"pending\":\"0x0\",\"queued\":\"0x0\"}");
            assertThat(network.ask(caller, "eth_getTransactionByHash", hash)
                            .get("result")
                            .isNull())
                    .isTrue();
            assertThat(network.ask(caller, "eth_getRawTransactionByHash", hash)
                            .get("result")
                            .asString())
                    .isEqualTo("0x");
        }
        for (Caller caller : List.of(SightNetwork.user(SightNetwork.SENDER), AUDITOR)) {
            assertThat(network.ask(caller, "txpool_content").toString()).contains(hash);
            assertThat(network.ask(caller, "txpool_contentFrom", sender).toString())
                    .contains(hash);
            assertThat(network.ask(caller, "txpool_status").toString()).contains("\"pending\":\"0x1\"");
            assertThat(network.ask(caller, "eth_getTransactionByHash", hash).toString())
                    .contains(hash);
        }
    }

    @Test
    void shouldShowBalanceAndNonceToTheirUserAloneWhereAccountsAreOwn() {
        network.node.access(settings(AccessSettings.Accounts.OWN, true));
        String other = Keys.address(SightNetwork.OTHER).hex();
        String sender = Keys.address(SightNetwork.SENDER).hex();
        for (String tag : List.of("latest", "pending")) {
            assertThat(network.ask(OTHER, "eth_getTransactionCount", sender, tag)
                            .get("result")
                            .asString())
                    .isEqualTo("0x0");
        }
        assertThat(network.ask(OTHER, "eth_getBalance", sender, "latest")
                        .get("result")
                        .asString())
                .isEqualTo("0x0");
        assertThat(network.ask(OTHER, "eth_getBalance", other, "latest")
                        .get("result")
                        .asString())
                .isNotEqualTo("0x0");
        assertThat(network.ask(
                                OTHER,
                                "eth_getBalance",
                                content("open").address().hex(),
                                "latest")
                        .get("result")
                        .asString())
                .as("an open contract's")
                .isEqualTo("0x5");
        assertThat(network.ask(OTHER, "debug_traceTransaction", content("open").hash())
                        .toString())
                .contains("block is not traceable");
    }

    @Test
    void shouldShowNothingToNobodyWhereOnlyUsersRead() {
        network.node.access(settings(AccessSettings.Accounts.OPEN, false));
        SightNetwork.Content open = content("open");
        assertThat(network.ask(Caller.ANONYMOUS, "eth_getTransactionByHash", open.hash())
                        .toString())
                .contains("sign in");
        Caller elsewhere =
                new Caller.User("kv", Keys.address(SightNetwork.READER).bytes());
        assertThat(network.ask(elsewhere, "eth_getTransactionByHash", open.hash())
                        .get("result")
                        .isNull())
                .isTrue();
        assertThat(network.ask(elsewhere, "eth_getCode", open.address().hex(), "latest")
                        .get("result")
                        .asString())
                .isEqualTo("0x");
        assertThat(network.ask(elsewhere, "eth_getLogs", Map.of("fromBlock", "0x0"))
                        .get("result"))
                .isEmpty();
        assertThat(network.ask(OTHER, "eth_getTransactionByHash", open.hash())
                        .get("result")
                        .isNull())
                .isFalse();
    }

    @Test
    void shouldNarrowASessionToItsScope() {
        Caller wallet = new Caller.User(
                "ethereum",
                Keys.address(SightNetwork.READER).bytes(),
                new Caller.Scope(Caller.Scope.Kind.SESSION, List.of()));
        assertThat(network.ask(wallet, "eth_getTransactionByHash", readable.hash())
                        .get("result")
                        .isNull())
                .isTrue();
        assertThat(network.ask(wallet, "eth_getCode", readable.address().hex(), "latest")
                        .get("result")
                        .asString())
                .isEqualTo("0x");
        assertThat(network.ask(
                                wallet,
                                "eth_getTransactionByHash",
                                content("open").hash())
                        .get("result")
                        .isNull())
                .isFalse();
    }

    @Test
    void shouldHideContentOfEarlierBlocksAndGiveNoReceiptToWhoSentForAnother() {
        JsonNode slot =
                network.ask(OTHER, "eth_getStorageAt", readable.address().hex(), "0x1", readable.block());
        assertThat(slot.get("result").asString()).isEqualTo(NO_HASH);
        String raw = Rpc.raw(network.sign(
                SightNetwork.OWNER, unreadable.address(), HexFormat.of().parseHex(Vaults.ACT, 2, 10), 0));
        JsonNode answer = network.ask(OTHER, "eth_sendRawTransactionSync", raw, 100);
        assertThat(answer.has("result")).as(answer.toString()).isFalse();
        assertThat(answer.toString()).doesNotContain(unreadable.secret());
        assertThat(network.ask(
                                OWNER,
                                "eth_getTransactionByHash",
                                answer.get("error").get("data").asString())
                        .get("result")
                        .isNull())
                .isFalse();
    }

    private static AccessSettings settings(AccessSettings.Accounts accounts, boolean anonymousReads) {
        return new AccessSettings(
                AccessSettings.Contracts.OPEN,
                AccessSettings.Senders.ANY,
                accounts,
                anonymousReads,
                List.of(),
                List.of());
    }
}
