package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.Caller;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Contracts;
import coco.ledgers.ethereum.testing.FakeSocket;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Filters that are polled. */
class FilterTest {
    private static final Caller ALICE = new Caller.User("ethereum", new byte[] {1});

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(4));
    private final Rpc rpc = new Rpc(node);
    private final long[] nonces = new long[4];

    private String send(Transaction.Builder transaction, int key) {
        Transaction signed = transaction.nonce(nonces[key]++).sign(Keys.CURVE, Keys.secret(key));
        return rpc.result("eth_sendRawTransaction", Rpc.raw(signed)).asString();
    }

    private String deployCounter() {
        String hash = send(
                Keys.transfer(0)
                        .gasLimit(1_000_000)
                        .to(null)
                        .value(Word.ZERO)
                        .data(Contracts.creation(Contracts.COUNTER)),
                3);
        return rpc.result("eth_getTransactionReceipt", hash)
                .get("contractAddress")
                .asString();
    }

    private void count(String counter, int key) {
        send(Keys.transfer(0).gasLimit(100_000).to(Address.fromHex(counter)).value(Word.ZERO), key);
    }

    private List<JsonNode> changes(String id) {
        return list(rpc.result("eth_getFilterChanges", id));
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private void settings(int maxResults, RpcSettings.Live live) {
        RpcSettings d = RpcSettings.DEFAULTS;
        node.settings(d.toBuilder().maxResults(maxResults).live(live).build());
    }

    @Test
    void shouldGiveEachBlockAndLogOnceWheneverItIsPolled() {
        String counter = deployCounter();
        String blocks = rpc.result("eth_newBlockFilter").asString();
        String logs = rpc.result("eth_newFilter", Map.of("address", counter)).asString();
        String topics = rpc.result(
                        "eth_newFilter",
                        Map.of(
                                "topics",
                                List.of("0x000000000000000000000000"
                                        + Keys.address(1).hex().substring(2))))
                .asString();
        Random random = new Random(20_261_126);
        List<JsonNode> someBlocks = new ArrayList<>();
        List<JsonNode> someLogs = new ArrayList<>();
        List<JsonNode> someTopics = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            if (random.nextBoolean()) {
                count(counter, random.nextInt(3));
            } else {
                send(Keys.transfer(0), random.nextInt(4));
            }
            if (random.nextInt(4) == 0) {
                someBlocks.addAll(changes(blocks));
            }
            if (random.nextInt(9) == 0) {
                someLogs.addAll(changes(logs));
            }
        }
        someBlocks.addAll(changes(blocks));
        someLogs.addAll(changes(logs));
        someTopics.addAll(changes(topics));

        List<JsonNode> hashes = new ArrayList<>();
        for (int number = 2; number <= 61; number++) {
            hashes.add(rpc.result("eth_getBlockByNumber", "0x" + Integer.toHexString(number), false)
                    .get("hash"));
        }
        List<JsonNode> all = list(rpc.result("eth_getLogs", Map.of("fromBlock", "0x0", "address", counter)));
        assertThat(someBlocks).isEqualTo(hashes);
        assertThat(someLogs).isEqualTo(all).hasSizeGreaterThan(20);
        assertThat(someTopics).hasSizeBetween(1, all.size() - 1).allMatch(all::contains);
        assertThat(changes(blocks)).isEmpty();
        assertThat(changes(logs)).isEmpty();
        assertThat(node.openViews()).isZero();
    }

    @Test
    void shouldGiveWhatIsTooMuchForOneAnswerInPortions() {
        String counter = deployCounter();
        String blocks = rpc.result("eth_newBlockFilter").asString();
        String logs = rpc.result("eth_newFilter", Map.of()).asString();
        for (int i = 0; i < 25; i++) {
            count(counter, 0);
        }
        settings(10, RpcSettings.Live.DEFAULTS);
        List<Integer> sizes = new ArrayList<>();
        List<JsonNode> found = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sizes.add(changes(blocks).size());
            List<JsonNode> portion = changes(logs);
            sizes.add(portion.size());
            found.addAll(portion);
        }
        assertThat(sizes).containsExactly(10, 10, 10, 10, 5, 5, 0, 0);
        settings(1_000, RpcSettings.Live.DEFAULTS);
        assertThat(found).isEqualTo(list(rpc.result("eth_getLogs", Map.of("fromBlock", "0x0"))));
    }

    @Test
    void shouldGoOnInTheMiddleOfABlockWhoseLogsAreTooMuchForOneAnswer() {
        String counter = deployCounter();
        String logs = rpc.result("eth_newFilter", Map.of("address", counter)).asString();
        node.mining(false).settings(Rpc.ACCEPTED);
        for (int i = 0; i < 25; i++) {
            count(counter, 0);
        }
        node.mine();
        node.mining(true).settings(RpcSettings.DEFAULTS);
        count(counter, 0);
        List<JsonNode> all = list(rpc.result("eth_getLogs", Map.of("fromBlock", "0x0", "address", counter)));
        node.settings(Rpc.withReplyBytes(8_000));
        assertThat(rpc.error("eth_getLogs", Map.of("fromBlock", "0x0", "address", counter)))
                .startsWith("-32003 ");
        List<JsonNode> found = new ArrayList<>();
        int polls = 0;
        for (List<JsonNode> some = changes(logs); !some.isEmpty(); some = changes(logs)) {
            found.addAll(some);
            polls++;
        }
        assertThat(found).isEqualTo(all).hasSize(26);
        assertThat(polls).isBetween(6, 13);
    }

    @Test
    void shouldTellAgainWhatFoundNoRoomInABatch() {
        String blocks = rpc.result("eth_newBlockFilter").asString();
        send(Keys.transfer(0), 0);
        send(Keys.transfer(0), 0);
        String block = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBlockByNumber\",\"params\":[\"0x1\",false]}";
        String poll =
                "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_getFilterChanges\",\"params\":[\"" + blocks + "\"]}";
        int oneBlock = rpc.reply(block).body().length;
        node.settings(Rpc.withReplyBytes(oneBlock + 100));

        JsonNode answers = rpc.raw("[" + block + "," + poll + "]");
        assertThat(answers.get(0).has("result")).isTrue();
        assertThat(answers.get(1).get("error").get("code").asInt()).isEqualTo(-32_003);
        assertThat(changes(blocks)).hasSize(2);
    }

    @Test
    void shouldGiveInPortionsWhatTakesTooLongToRead() {
        String blocks = rpc.result("eth_newBlockFilter").asString();
        for (int i = 0; i < 20; i++) {
            send(Keys.transfer(0), 0);
        }
        node.readMillis(1_000);
        List<Integer> sizes = new ArrayList<>();
        for (int size = changes(blocks).size(); size > 0; size = changes(blocks).size()) {
            sizes.add(size);
        }
        assertThat(sizes).hasSizeGreaterThan(3).allMatch(size -> size <= 4);
        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(20);
    }

    @Test
    void shouldAnswerAllLogsOfAFilterAsAQueryDoes() {
        String counter = deployCounter();
        count(counter, 0);
        String logs = rpc.result("eth_newFilter", Map.of("fromBlock", "0x0", "address", counter))
                .asString();
        count(counter, 1);

        assertThat(changes(logs)).as("only what came after it").hasSize(1);
        assertThat(rpc.result("eth_getFilterLogs", logs).size()).isEqualTo(2);
        String blocks = rpc.result("eth_newBlockFilter").asString();
        assertThat(rpc.error("eth_getFilterLogs", blocks)).isEqualTo("-32000 filter not found");
    }

    @Test
    void shouldGivePendingTransactionsOnce() {
        node.mining(false).settings(Rpc.ACCEPTED);
        String hashes = rpc.result("eth_newPendingTransactionFilter").asString();
        String whole = rpc.result("eth_newPendingTransactionFilter", true).asString();
        List<String> sent = List.of(send(Keys.transfer(0), 0), send(Keys.transfer(0), 1));

        assertThat(changes(hashes)).extracting(JsonNode::asString).isEqualTo(sent);
        String third = send(Keys.transfer(0), 2);
        node.mine();
        assertThat(changes(hashes)).extracting(JsonNode::asString).containsExactly(third);
        assertThat(changes(whole))
                .extracting(each -> each.get("hash").asString())
                .hasSize(3);
        assertThat(changes(hashes)).isEmpty();
    }

    @Test
    void shouldForgetFiltersThatAreNotPolledAndKeepThoseThatAre() {
        String polled = rpc.result("eth_newBlockFilter").asString();
        String forgotten = rpc.result("eth_newBlockFilter").asString();
        for (int i = 0; i < 4; i++) {
            node.advance(200);
            assertThat(changes(polled)).isEmpty();
        }
        assertThat(rpc.error("eth_getFilterChanges", forgotten)).isEqualTo("-32000 filter not found");
        assertThat(rpc.result("eth_uninstallFilter", polled).asBoolean()).isTrue();
        assertThat(rpc.result("eth_uninstallFilter", polled).asBoolean()).isFalse();
        assertThat(rpc.error("eth_getFilterChanges", polled)).isEqualTo("-32000 filter not found");
    }

    @Test
    void shouldMakeRoomByThoseThatWereNeverPolled() {
        settings(1_000, new RpcSettings.Live(10, 10, 10, 300_000));
        String polled = rpc.result("eth_newBlockFilter").asString();
        changes(polled);
        String fresh = rpc.result("eth_newBlockFilter").asString();
        for (int i = 0; i < 100; i++) {
            rpc.result("eth_newFilter", Map.of());
        }
        send(Keys.transfer(0), 0);

        assertThat(changes(polled)).hasSize(1);
        assertThat(rpc.error("eth_getFilterChanges", fresh)).isEqualTo("-32000 filter not found");
    }

    @Test
    void shouldBoundTheFiltersOfOneCallerAndLeaveOthersAlone() {
        settings(1_000, new RpcSettings.Live(10, 100, 3, 300_000));
        FakeSocket alice = new FakeSocket(node, ALICE);
        String hers = alice.ask("eth_newBlockFilter", "[]").get("result").asString();
        String first = rpc.result("eth_newBlockFilter").asString();
        for (int i = 0; i < 3; i++) {
            rpc.result("eth_newBlockFilter");
        }
        assertThat(rpc.error("eth_getFilterChanges", first)).isEqualTo("-32000 filter not found");
        assertThat(rpc.error("eth_getFilterChanges", hers)).as("another's").isEqualTo("-32000 filter not found");
        assertThat(rpc.result("eth_uninstallFilter", hers).asBoolean()).isFalse();
        assertThat(alice.ask("eth_getFilterChanges", "[\"" + hers + "\"]")
                        .get("result")
                        .size())
                .isZero();
        assertThat(new FakeSocket(node, ALICE)
                        .ask("eth_getFilterChanges", "[\"" + hers + "\"]")
                        .has("result"))
                .as("on any connection of hers")
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            eth_newFilter         | []                          | -32602 missing value for required argument 0
            eth_newFilter         | [[]]                        | -32602 invalid argument 0: json: cannot unmarshal into Go value of type filters.input
            eth_newFilter         | [{"fromBlock": "0x3", "toBlock": "0x2"}] | -32602 invalid block range params
            eth_newBlockFilter    | [1]                         | -32602 too many arguments, want at most 0
            eth_newPendingTransactionFilter | ["yes"]           | -32602 invalid argument 0: json: cannot unmarshal string into Go value of type bool
            eth_getFilterChanges  | []                          | -32602 missing value for required argument 0
            eth_getFilterChanges  | [{}]                        | -32602 invalid argument 0: json: cannot unmarshal non-string into Go value of type rpc.ID
            eth_getFilterChanges  | ["0x1"]                     | -32000 filter not found
            eth_getFilterLogs     | ["0x1"]                     | -32000 filter not found
            """)
    void shouldRefuseWrongParametersInGethsWords(String method, String params, String expected) {
        assertThat(rpc.error(method, Rpc.MAPPER.readValue(params, Object[].class)))
                .isEqualTo(expected);
    }
}
