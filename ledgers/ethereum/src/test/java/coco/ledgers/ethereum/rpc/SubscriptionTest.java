package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.Caller;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.SharedText;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Contracts;
import coco.ledgers.ethereum.testing.FakeSocket;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Subscriptions over a connection that stays open. */
class SubscriptionTest {
    private static final Caller ALICE = new Caller.User("ethereum", new byte[] {1});
    private static final Caller ALICE_AGAIN = new Caller.User("ethereum", new byte[] {1});

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(4));
    private final Rpc rpc = new Rpc(node);
    private final FakeSocket socket = new FakeSocket(node, Caller.ANONYMOUS);
    private final long[] nonces = new long[4];
    private String counter = "";

    private String send(Transaction.Builder transaction, int key) {
        Transaction signed = transaction.nonce(nonces[key]++).sign(Keys.CURVE, Keys.secret(key));
        return rpc.result("eth_sendRawTransaction", Rpc.raw(signed)).asString();
    }

    private String transfer(int key) {
        return send(Keys.transfer(0), key);
    }

    private void deployCounter() {
        String hash = send(
                Keys.transfer(0)
                        .gasLimit(1_000_000)
                        .to(null)
                        .value(Word.ZERO)
                        .data(Contracts.creation(Contracts.COUNTER)),
                3);
        counter = rpc.result("eth_getTransactionReceipt", hash)
                .get("contractAddress")
                .asString();
    }

    private void count(int key) {
        send(Keys.transfer(0).gasLimit(100_000).to(Address.fromHex(counter)).value(Word.ZERO), key);
    }

    private static List<String> numbers(List<JsonNode> heads) {
        return heads.stream().map(head -> head.get("number").asString()).toList();
    }

    @Test
    void shouldTellEveryHeadOnceInOrderAndTheSameToAll() {
        transfer(0);
        List<FakeSocket> sockets = new ArrayList<>();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sockets.add(new FakeSocket(node, i < 3 ? Caller.ANONYMOUS : i == 3 ? ALICE : ALICE_AGAIN));
            ids.add(sockets.getLast().subscribe("[\"newHeads\"]"));
        }
        for (int i = 0; i < 20; i++) {
            transfer(i % 4);
        }
        List<JsonNode> expected = new ArrayList<>();
        for (int number = 2; number <= 21; number++) {
            JsonNode block = rpc.result("eth_getBlockByNumber", "0x" + Integer.toHexString(number), false);
            expected.add(header(block));
        }
        for (int i = 0; i < 5; i++) {
            assertThat(sockets.get(i).results(ids.get(i))).isEqualTo(expected);
        }
        assertThat(sockets.get(1).shared()).isEqualTo(sockets.get(0).shared());
        assertThat(sockets.get(4).shared())
                .isEqualTo(sockets.get(3).shared())
                .isNotEqualTo(sockets.get(0).shared());
    }

    @Test
    void shouldTellEveryHeadInOrderWhenItFallsBehind() {
        String early = socket.subscribe("[\"newHeads\"]");
        node.background(false);
        for (int i = 0; i < 10; i++) {
            transfer(i % 4);
        }
        String late = socket.subscribe("[\"newHeads\"]");
        for (int i = 0; i < 10; i++) {
            transfer(i % 4);
        }
        assertThat(socket.notifications()).isEmpty();
        node.background(true);

        List<String> all = new ArrayList<>();
        for (int number = 1; number <= 20; number++) {
            all.add("0x" + Integer.toHexString(number));
        }
        assertThat(numbers(socket.results(early))).isEqualTo(all);
        assertThat(numbers(socket.results(late)))
                .as("what its client did not know")
                .isEqualTo(all.subList(10, 20));
    }

    /** A header is a block without what is in it. */
    private static JsonNode header(JsonNode block) {
        var header = Rpc.MAPPER.createObjectNode();
        block.propertyStream()
                .filter(field ->
                        !Set.of("transactions", "uncles", "withdrawals", "size").contains(field.getKey()))
                .forEach(field -> header.set(field.getKey(), field.getValue()));
        return header;
    }

    @Test
    void shouldTellLogsAsQueriesFindThem() {
        deployCounter();
        String other = "0x00000000000000000000000000000000deadbeef";
        String topic = "0x000000000000000000000000" + Keys.address(1).hex().substring(2);
        List<String> filters = List.of(
                "{}",
                "{\"address\":\"" + counter + "\"}",
                "{\"address\":[\"" + other + "\",\"" + counter + "\"],\"topics\":[[\"" + topic + "\"]]}",
                "{\"topics\":[null,null]}",
                "{\"address\":\"" + other + "\"}",
                "{\"fromBlock\":\"0x4\",\"toBlock\":\"0x5\"}");
        List<String> ids = filters.stream()
                .map(filter -> socket.subscribe("[\"logs\"," + filter + "]"))
                .toList();
        for (int i = 0; i < 8; i++) {
            count(i % 3);
            transfer(3);
        }
        List<Integer> found = new ArrayList<>();
        for (int i = 0; i < filters.size(); i++) {
            var query = (tools.jackson.databind.node.ObjectNode) Rpc.MAPPER.readTree(filters.get(i));
            if (!query.has("fromBlock")) {
                query.put("fromBlock", "0x2");
            }
            List<JsonNode> expected = StreamSupport.stream(
                            rpc.result("eth_getLogs", query).spliterator(), false)
                    .toList();
            assertThat(socket.results(ids.get(i))).as(filters.get(i)).isEqualTo(expected);
            found.add(expected.size());
        }
        assertThat(found).containsExactly(8, 8, 3, 0, 0, 1);
    }

    @Test
    void shouldTellTheLogsOfABlockBeforeItsHead() {
        deployCounter();
        String heads = socket.subscribe("[\"newHeads\"]");
        String logs = socket.subscribe("[\"logs\",{\"address\":\"" + counter + "\"}]");
        for (int i = 0; i < 3; i++) {
            count(i);
        }
        assertThat(socket.notifications())
                .extracting(told -> told.at("/params/subscription").asString())
                .containsExactly(logs, heads, logs, heads, logs, heads);
    }

    @Test
    void shouldAnnounceEachTransactionOnceAsHashOrWhole() {
        node.mining(false);
        String hashes = socket.subscribe("[\"newPendingTransactions\"]");
        String alsoHashes = socket.subscribe("[\"newPendingTransactions\",false]");
        String whole = socket.subscribe("[\"newPendingTransactions\",true]");
        List<String> sent = List.of(transfer(0), transfer(0), transfer(1));
        JsonNode pooled = rpc.result("eth_getTransactionByHash", sent.getFirst());

        assertThat(socket.results(hashes)).extracting(JsonNode::asString).isEqualTo(sent);
        node.mine();
        assertThat(socket.results(hashes))
                .as("not again when they are in a block")
                .hasSize(3);
        assertThat(socket.results(alsoHashes)).isEqualTo(socket.results(hashes));
        assertThat(socket.results(whole)).hasSize(3).first().isEqualTo(pooled);
    }

    @Test
    void shouldAnswerEveryMethodAndBatchesOverTheConnection() {
        assertThat(socket.ask("eth_chainId", "[]").get("result").asString()).isEqualTo("0x539");
        socket.send("""
                [{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber"},
                 {"jsonrpc":"2.0","id":2,"method":"eth_subscribe","params":["newHeads"]},
                 {"jsonrpc":"2.0","method":"eth_chainId"},
                 {"jsonrpc":"2.0","id":3,"method":"eth_nothing"}]
                """);
        JsonNode batch = socket.answers().getLast();
        assertThat(batch.size()).isEqualTo(3);
        assertThat(batch.get(2).get("error").get("code").asInt()).isEqualTo(-32601);
        int answers = socket.answers().size();
        socket.send("{\"jsonrpc\":\"2.0\",\"method\":\"eth_chainId\"}");
        assertThat(socket.answers()).hasSize(answers);
        socket.send("nonsense");
        assertThat(socket.answers().getLast().get("error").get("code").asInt()).isEqualTo(-32700);
        transfer(0);
        assertThat(numbers(socket.results(batch.get(1).get("result").asString())))
                .containsExactly("0x1");
        assertThat(node.openViews()).isZero();
    }

    @Test
    void shouldHoldNotificationsBackUntilTheIdIsKnown() {
        Transaction sent = Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0));
        socket.send("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]},"
                + "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_sendRawTransaction\",\"params\":[\"" + Rpc.raw(sent)
                + "\"]},{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}]");
        assertThat(socket.answers()).hasSize(1);
        nonces[0]++;
        transfer(0);
        String first = socket.answers().getFirst().get(0).get("result").asString();

        assertThat(numbers(socket.results(first))).containsExactly("0x2");
        assertThat(node.blocks()).hasSize(3);
    }

    @Test
    void shouldEndSubscriptionsWhenAskedAndWithTheConnection() {
        String heads = socket.subscribe("[\"newHeads\"]");
        FakeSocket stranger = new FakeSocket(node, Caller.ANONYMOUS);
        String kept = stranger.subscribe("[\"newHeads\"]");

        assertThat(stranger.error("eth_unsubscribe", "[\"" + heads + "\"]")).isEqualTo("-32000 subscription not found");
        transfer(0);
        assertThat(socket.ask("eth_unsubscribe", "[\"" + heads + "\"]")
                        .get("result")
                        .asBoolean())
                .isTrue();
        assertThat(socket.error("eth_unsubscribe", "[\"" + heads + "\"]")).isEqualTo("-32000 subscription not found");
        transfer(0);
        stranger.leave();
        transfer(0);

        assertThat(numbers(socket.results(heads))).containsExactly("0x1");
        assertThat(numbers(stranger.results(kept))).containsExactly("0x1", "0x2");
        assertThat(stranger.error("eth_subscribe", "[\"newHeads\"]")).isEqualTo("-32000 the connection is closed");
    }

    @Test
    void shouldNotSubscribeWhenTheAnswerFindsNoRoom() {
        transfer(0);
        String block = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBlockByNumber\",\"params\":[\"0x1\",false]}";
        String heads = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"eth_subscribe\",\"params\":[\"newHeads\"]}";
        node.settings(Rpc.withReplyBytes(rpc.reply(block).body().length + 50));
        socket.send("[" + block + "," + heads + "]");
        transfer(0);

        assertThat(socket.answers().getFirst().get(1).get("error").get("code").asInt())
                .isEqualTo(-32_003);
        assertThat(socket.notifications()).isEmpty();
    }

    @Test
    void shouldTellOfABlockThatCameWhileItsHeightWasRead() {
        Subscription subscription = new Subscription("0x1", new Feed.Heads(), socket);
        subscription.tell(5, new SharedText("5".getBytes(StandardCharsets.UTF_8)));
        subscription.tell(6, new SharedText("6".getBytes(StandardCharsets.UTF_8)));
        subscription.knows(5);
        assertThat(socket.notifications()).isEmpty();
        subscription.begin();
        subscription.tell(5, new SharedText("5".getBytes(StandardCharsets.UTF_8)));
        subscription.tell(7, new SharedText("7".getBytes(StandardCharsets.UTF_8)));

        assertThat(socket.results("0x1")).extracting(JsonNode::asInt).containsExactly(6, 7);
    }

    @Test
    void shouldGiveIdsThatAreNotToBeGuessed() {
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            ids.add(socket.subscribe("[\"newHeads\"]"));
        }
        assertThat(ids).hasSize(200).allMatch(id -> id.matches("0x[1-9a-f][0-9a-f]{20,31}"));
    }

    @Test
    void shouldRefuseMoreSubscriptionsThanAllowed() {
        int most = RpcSettings.Live.DEFAULTS.maxSubscriptions();
        for (int i = 0; i < most; i++) {
            socket.subscribe("[\"logs\",{}]");
        }
        assertThat(socket.error("eth_subscribe", "[\"newHeads\"]")).isEqualTo("-32005 too many subscriptions");
        assertThat(new FakeSocket(node, Caller.ANONYMOUS).subscribe("[\"newHeads\"]"))
                .startsWith("0x");
        socket.leave();
    }

    @Test
    void shouldRefuseMoreTopicsThanTheNodeCompares() {
        StringBuilder topics = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            topics.append(i == 0 ? "\"0x" : ",\"0x")
                    .append("%064x".formatted(i))
                    .append('"');
        }
        String params = "[\"logs\",{\"topics\":[[" + topics + "],[" + topics + "],[" + topics + "],[" + topics + "]]}]";
        List<FakeSocket> sockets = new ArrayList<>();
        int taken = 0;
        for (FakeSocket each = socket; each.ask("eth_subscribe", params).has("result"); taken++) {
            sockets.add(each);
            each = new FakeSocket(node, Caller.ANONYMOUS);
        }
        assertThat(taken).isEqualTo(LiveLimits.WATCHED_MAX / 4_001);
        sockets.getFirst().leave();
        assertThat(new FakeSocket(node, ALICE).ask("eth_subscribe", params).has("result"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            eth_subscribe   | []                                   | -32602 expected subscription name as first argument
            eth_subscribe   | [1]                                  | -32602 expected subscription name as first argument
            eth_subscribe   | ["newSheep"]                         | -32601 no "newSheep" subscription in eth namespace
            eth_subscribe   | ["logs"]                             | -32602 missing value for required argument 1
            eth_subscribe   | ["logs", null]                       | -32602 missing value for required argument 1
            eth_subscribe   | ["logs", 1]                          | -32602 invalid argument 1: json: cannot unmarshal into Go value of type filters.input
            eth_subscribe   | ["logs", {"address": "0x12"}]        | -32602 invalid argument 1: hex string has length 2, want 40 for common.Address
            eth_subscribe   | ["logs", {"fromBlock": "0x2", "toBlock": "0x1"}] | -32602 invalid block range params
            eth_subscribe   | ["logs", {"fromBlock": "pending"}]   | -32602 pending logs are not supported
            eth_subscribe   | ["newHeads", {}, 1]                  | -32602 too many arguments, want at most 2
            eth_subscribe   | ["newPendingTransactions", "yes"]    | -32602 invalid argument 1: json: cannot unmarshal string into Go value of type bool
            eth_unsubscribe | []                                   | -32602 missing value for required argument 0
            eth_unsubscribe | [1]                                  | -32602 invalid argument 0: json: cannot unmarshal non-string into Go value of type rpc.ID
            eth_unsubscribe | ["0x1"]                              | -32000 subscription not found
            """)
    void shouldRefuseWrongParametersInGethsWords(String method, String params, String expected) {
        assertThat(socket.error(method, params)).isEqualTo(expected);
    }

    @Test
    void shouldSayOverHttpThatThereAreNoNotifications() {
        assertThat(rpc.error("eth_subscribe", "newHeads")).isEqualTo("-32601 notifications not supported");
        assertThat(rpc.error("eth_unsubscribe", "0x1")).isEqualTo("-32601 notifications not supported");
    }

    @Test
    void shouldRefuseCallsBeyondTheQuotaOneByOne() {
        int[] left = {3};
        socket.quota(calls -> {
            boolean enough = calls <= left[0];
            left[0] -= enough ? calls : 0;
            return enough;
        });
        String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}";
        socket.send("[" + call + "," + call + "]")
                .send("[" + call + "," + call + "]")
                .send(call);

        assertThat(socket.answers().get(0).get(1).has("result")).isTrue();
        assertThat(socket.answers().get(1).size()).isEqualTo(2);
        assertThat(socket.answers().get(1).get(1).get("error").toString())
                .isEqualTo("{\"code\":-32005,\"message\":\"limit exceeded\"}");
        assertThat(socket.answers().get(2).has("result")).isTrue();
        assertThat(socket.error("eth_chainId", "[]")).isEqualTo("-32005 limit exceeded");
    }

    @Test
    void shouldAcceptSyncingAndSayNothingWhileNothingChanges() {
        String syncing = socket.subscribe("[\"syncing\"]");
        transfer(0);
        assertThat(socket.results(syncing)).isEmpty();
    }
}
