package coco.ledgers.ethereum;

import coco.evm.types.Address;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.Offer;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.access.ReaderLists;
import coco.ledgers.ethereum.testing.FakeSocket;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** Somebody who asks a network for everything, and writes down what is said, to the byte, and what is told unasked. */
final class Questioner {
    /**
     * A question and its answer.
     *
     * @param subject the method, or how it was told
     */
    record Line(String subject, String question, String answer) {}

    private final SingleNode node;
    private final Map<String, Offer> offers;
    private final Caller caller;
    private final FakeSocket socket;
    private final List<Line> lines = new ArrayList<>();
    private final List<String> filters = new ArrayList<>();

    /** Comes, subscribes to whatever there is, and makes filters. */
    Questioner(TwinNetwork network, Caller caller) {
        this.node = network.node;
        this.offers = network.offers;
        this.caller = caller;
        this.socket = new FakeSocket(node, caller);
        String vault = "{\"address\":\"" + TwinNetwork.vaultAddress().hex() + "\"}";
        for (String subscription : List.of(
                "[\"newHeads\"]",
                "[\"logs\",{}]",
                "[\"logs\"," + vault + "]",
                "[\"newPendingTransactions\"]",
                "[\"newPendingTransactions\",true]",
                "[\"syncing\"]")) {
            lines.add(new Line(
                    "eth_subscribe",
                    subscription,
                    socket.ask("eth_subscribe", subscription).toString()));
        }
        Map<String, Object> byAddress =
                Map.of("fromBlock", "0x0", "address", TwinNetwork.vaultAddress().hex());
        for (Object filter : List.of(Map.of("fromBlock", "0x0"), byAddress)) {
            filters.add(made("eth_newFilter", filter));
        }
        filters.add(made("eth_newBlockFilter"));
        filters.add(made("eth_newPendingTransactionFilter"));
    }

    private String made(String method, Object... params) {
        return said(method, params).path("result").asString("none");
    }

    static JsonNode ask(SingleNode node, Caller caller, String method, Object... params) {
        return Rpc.MAPPER.readTree(reply(node, caller, body(method, params)).body());
    }

    static byte[] body(String method, Object... params) {
        var request = Rpc.MAPPER.createObjectNode();
        request.put("jsonrpc", "2.0").put("id", 1).put("method", method);
        request.set("params", Rpc.MAPPER.valueToTree(params));
        return Rpc.MAPPER.writeValueAsString(request).getBytes(StandardCharsets.UTF_8);
    }

    private static Endpoint.Reply reply(SingleNode node, Caller caller, byte[] bytes) {
        try {
            return node.ledger()
                    .endpoints()
                    .getFirst()
                    .handler()
                    .handle(new Endpoint.Request(caller, "", Map.of(), bytes, false));
        } catch (Exception e) {
            throw new AssertionError("a handler threw", e);
        }
    }

    /** Asks, and writes down all of the answer: status, headers, length, bytes. */
    JsonNode said(String method, Object... params) {
        return sent(method, body(method, params));
    }

    /** The same with a body as it is sent. */
    JsonNode sent(String method, byte[] body) {
        Endpoint.Reply reply = reply(node, caller, body);
        String text = new String(reply.body(), StandardCharsets.UTF_8);
        lines.add(new Line(
                method,
                new String(body, StandardCharsets.UTF_8),
                reply.status() + " " + reply.headers() + " " + reply.body().length + " " + text));
        return Rpc.MAPPER.readTree(text);
    }

    /** What one looks at again and again. */
    void look() {
        for (String filter : filters) {
            said("eth_getFilterChanges", filter);
        }
        said("eth_blockNumber");
        said("eth_gasPrice");
        said("eth_feeHistory", "0x4", "latest", List.of(10, 90));
        said("eth_getBlockByNumber", "pending", true);
        said("eth_getTransactionCount", Keys.address(TwinNetwork.OTHER).hex(), "pending");
        said("txpool_status");
        said("txpool_content");
        said("txpool_inspect");
    }

    /**
     * Every method, about everything.
     *
     * @param from whose address calls are made from
     * @param hashes of transactions that were heard of
     * @param contracts addresses that were heard of
     */
    void askForEverything(Caller from, List<String> hashes, List<String> contracts) {
        for (String method : SightQuestions.SAME_FOR_ALL) {
            said(method, method.equals("web3_sha3") ? new Object[] {"0x01"} : new Object[0]);
        }
        int heights = node.blocks().size();
        int rounds = Math.max(heights, Math.max(hashes.size(), contracts.size()));
        for (int i = 0; i < rounds; i++) {
            JsonNode block = ask(
                            node,
                            TwinNetwork.AUDITOR,
                            "eth_getBlockByNumber",
                            "0x" + Integer.toHexString(i % heights),
                            false)
                    .get("result");
            SightNetwork.Content of = new SightNetwork.Content(
                    hashes.get(i % hashes.size()),
                    Address.fromHex(contracts.get(i % contracts.size())),
                    block.get("number").asString(),
                    block.get("hash").asString(),
                    block.get("parentHash").asString(),
                    "");
            SightQuestions.ROWS.forEach((method, row) ->
                    said(method, params(row.params().apply(of, from), of)));
            said("txpool_contentFrom", of.address().hex());
            String list = "0x" + of.address().hex().substring(2);
            said("eth_getStorageAt", ReaderLists.ADDRESS.hex(), list + "00".repeat(12), "latest");
            said("eth_getStorageAt", ReaderLists.ADDRESS.hex(), list + "00".repeat(11) + "01", "latest");
            Map<String, Object> events =
                    Map.of("fromBlock", "0x0", "address", ReaderLists.ADDRESS.hex(), "topics", topics(of.address()));
            said("eth_getLogs", events);
            boolean isShown = node.ledger()
                    .shows(caller, HexFormat.of().parseHex(of.hash().substring(2)));
            lines.add(new Line("proofs of transactions", of.hash(), String.valueOf(isShown)));
            Offer offer = offers.get(of.hash());
            boolean isTold = offer != null && node.ledger().showsWaiting(caller, offer);
            lines.add(new Line("status of transactions in no block", of.hash(), String.valueOf(isTold)));
        }
        for (String filter : filters) {
            said("eth_getFilterLogs", filter);
            said("eth_uninstallFilter", filter);
        }
    }

    /** Of events about one contract. */
    private static List<List<String>> topics(Address contract) {
        return List.of(
                List.of(), List.of("0x" + "00".repeat(12) + contract.hex().substring(2)));
    }

    private Object[] params(Object[] asked, SightNetwork.Content of) {
        Object[] params = asked.clone();
        for (int i = 0; i < params.length; i++) {
            if (params[i].equals("filter")) {
                params[i] = filters.get(i % filters.size());
            } else if (params[i].equals("raw block")) {
                params[i] = "0xc0";
            } else if (params[i].equals("raw transaction")) {
                params[i] = Rpc.raw(Keys.transfer(1_000)
                        .gasLimit(1_000_000)
                        .to(of.address())
                        .data(new byte[] {1, 2, 3, 4})
                        .sign(Keys.CURVE, Keys.secret(TwinNetwork.OTHER)));
            }
        }
        return params;
    }

    /** All of it, with other words for some. */
    List<Line> transcript(Map<String, String> names) {
        List<Line> all = new ArrayList<>(lines);
        socket.notifications().forEach(each -> all.add(new Line("eth_subscription", "", each.toString())));
        return all.stream()
                .map(line -> {
                    Map<String, String> own = line.subject().equals("eth_simulateV1") ? simulated(line, names) : names;
                    return new Line(line.subject(), named(line.question(), own), named(line.answer(), own));
                })
                .toList();
    }

    /** The names of blocks, and of simulated ones: their hashes follow from their parents'. */
    private static Map<String, String> simulated(Line line, Map<String, String> names) {
        Map<String, String> more = new LinkedHashMap<>(names);
        for (JsonNode block : Rpc.MAPPER
                .readTree(line.answer().substring(line.answer().indexOf("{\"jsonrpc")))
                .path("result")) {
            more.put(block.get("hash").asString().substring(2), "hash of simulated " + block.get("number"));
        }
        return more;
    }

    private static String named(String text, Map<String, String> names) {
        String named = text;
        for (Map.Entry<String, String> name : names.entrySet()) {
            named = named.replace(name.getKey(), name.getValue());
        }
        return named;
    }

    /** Where two transcripts differ: subject → the first difference. */
    static Map<String, String> differences(List<Line> left, List<Line> right) {
        Map<String, String> differences = new LinkedHashMap<>();
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            Line one = i < left.size() ? left.get(i) : new Line("silence", "", "");
            Line two = i < right.size() ? right.get(i) : new Line("silence", "", "");
            if (!Objects.equals(one, two)) {
                differences.putIfAbsent(
                        one.subject(),
                        one.question() + "\n  " + one.answer() + "\n  " + two.question() + "\n  " + two.answer());
            }
        }
        return differences;
    }
}
