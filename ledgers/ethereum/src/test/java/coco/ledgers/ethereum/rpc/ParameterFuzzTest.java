package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.chain.EthereumMaps;
import coco.ledgers.ethereum.testing.ApiDocument;
import coco.ledgers.ethereum.testing.Contracts;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import coco.ledgers.ethereum.testing.SchemaCheck;
import coco.ledgers.ethereum.testing.SchemaValues;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.POJONode;
import tools.jackson.databind.util.RawValue;

/**
 * Every method that our document describes, with parameters made by its schemas and then spoiled in one place or
 * several. Whatever is sent: an answer with the request's id; a result or an error as the document has them, never an
 * internal one; in bounded time and memory; nothing left open; and the chain as it was, but for what was sent to it.
 * {@code -Dcoco.fuzz.seconds}, {@code -Dcoco.fuzz.seed} and {@code -Dcoco.fuzz.round} as everywhere.
 */
class ParameterFuzzTest {
    private static final long SEED = Long.getLong("coco.fuzz.seed", 20_261_126L);
    private static final long FIRST_ROUND = Long.getLong("coco.fuzz.round", 0);
    private static final long SECONDS = Long.getLong("coco.fuzz.seconds", 0);
    private static final int ROUNDS = 6_000;

    /** Processor time of one request: many times what the limits below let it take. */
    private static final long MOST_NANOS = 5_000_000_000L;

    /** Bytes that one request may allocate beyond what its own size explains. */
    private static final long MOST_BYTES = 256L << 20;

    private static final long BYTES_PER_BYTE = 100;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** JSON texts, several of which no library would write. */
    private static final List<String> HOSTILE = List.of(
            "null",
            "true",
            "0",
            "-1",
            "-0",
            "0.5",
            "1e400",
            "-1e-400",
            "9007199254740993",
            "1e99",
            "9".repeat(99),
            "9".repeat(400),
            "0.1000000000000000055511151231257827021181583404541015625",
            "NaN",
            "Infinity",
            "\"\"",
            "\"0x\"",
            "\"0X1\"",
            "\"0x0\"",
            "\"0x00\"",
            "\"0x1\"",
            "\"0x01\"",
            "\"0xg\"",
            "\"-0x1\"",
            "\"0x-1\"",
            "\"1\"",
            "\"latest \"",
            "\"LATEST\"",
            "\"NaN\"",
            "\"0x" + "f".repeat(16) + "\"",
            "\"0x1" + "0".repeat(16) + "\"",
            "\"0x7" + "f".repeat(15) + "\"",
            "\"0x8" + "0".repeat(15) + "\"",
            "\"0x" + "f".repeat(64) + "\"",
            "\"0x1" + "0".repeat(64) + "\"",
            "\"0x" + "0".repeat(39) + "\"",
            "\"0x" + "0".repeat(40) + "\"",
            "\"0x" + "0".repeat(41) + "\"",
            "\"0x" + "0".repeat(64) + "\"",
            "\"0x" + "ab".repeat(33) + "\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"0x\\ud83d\\ude00\"",
            "\"𝄞\"",
            "\"0x" + "٣".repeat(40) + "\"",
            "[]",
            "{}",
            "[[]]",
            "[null]",
            "[{}]",
            "{\"\":null}",
            "{\"a\":{\"a\":{\"a\":{}}}}",
            "{\"blockNumber\":\"0x1\",\"blockHash\":\"0x1\"}",
            "{\"blockNumber\":{\"blockNumber\":\"0x1\"}}",
            "{\"to\":\"0x\",\"to\":null}",
            "{\"data\":\"0x00\",\"input\":\"0x01\"}");

    private final ApiDocument document = ApiDocument.ours();
    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(3));
    private final Rpc rpc = new Rpc(node);
    private final List<String> names = new ArrayList<>();
    private final Map<String, List<String>> known = new TreeMap<>();
    private final Map<String, Integer> answered = new TreeMap<>();
    private Random random = new Random(SEED);

    ParameterFuzzTest() {
        for (JsonNode method : rpc.result("rpc.discover").get("methods")) {
            // What takes more is to be tried in more ways.
            int ways =
                    method.has("x-transport") ? 0 : 1 + 4 * method.get("params").size();
            names.addAll(Collections.nCopies(ways, method.get("name").asString()));
        }
        JsonNode creation = rpc.result(
                "eth_sendRawTransactionSync",
                Rpc.raw(Keys.transfer(0)
                        .to(null)
                        .value(Word.ZERO)
                        .gasLimit(300_000)
                        .data(Contracts.creation(Contracts.COUNTER))
                        .sign(Keys.CURVE, Keys.secret(0))));
        String contract = creation.get("contractAddress").asString();
        JsonNode call = rpc.result(
                "eth_sendRawTransactionSync",
                Rpc.raw(Keys.transfer(1)
                        .to(coco.evm.types.Address.fromHex(contract))
                        .value(Word.ZERO)
                        .gasLimit(100_000)
                        .sign(Keys.CURVE, Keys.secret(0))));
        known.put(
                "address",
                List.of(contract, Keys.address(0).hex(), Keys.address(1).hex()));
        known.put(
                "hash32",
                List.of(
                        creation.get("transactionHash").asString(),
                        creation.get("blockHash").asString(),
                        call.get("transactionHash").asString(),
                        call.get("blockHash").asString()));
        known.put("bytes32", List.of(call.at("/logs/0/topics/0").asString()));
        known.put("uint64", List.of("0x0", "0x1", "0x2", "0x3"));
        known.put("uint", List.of("0x0", "0x1", "0x539", "0x5208"));
        known.put("BlockTag", List.of("latest", "pending", "earliest"));
        known.put(
                "bytes",
                List.of("0x", Rpc.raw(signed(Transaction.Type.LEGACY)), Rpc.raw(signed(Transaction.Type.DYNAMIC_FEE))));
        RpcSettings defaults = RpcSettings.DEFAULTS;
        node.settings(defaults.toBuilder()
                .sendReply(RpcSettings.SendReply.ACCEPTED)
                .replyTimeoutMillis(1)
                .callGasLimit(2_000_000)
                .callTimeoutMillis(1_000)
                .exchangeTimeoutMillis(1_000)
                .maxReplyBytes(4_000_000)
                .build());
    }

    private static Transaction signed(Transaction.Type type) {
        return Transaction.builder(type)
                .chainId(Keys.CHAIN_ID)
                .gasLimit(21_000)
                .to(Keys.address(1))
                .sign(Keys.CURVE, Keys.secret(1));
    }

    @Test
    void shouldAnswerAsDescribedWhateverTheParameters() {
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        long number = FIRST_ROUND;
        for (; SECONDS > 0 ? System.nanoTime() - end < 0 : number - FIRST_ROUND < ROUNDS; number++) {
            random = new Random(SEED * 1_000_003 + number);
            String method = names.get((int) (number % names.size()));
            String body = request(method);
            try {
                post(method, body);
            } catch (Throwable failure) {
                throw new AssertionError(
                        "round " + number + " (again: -Dcoco.fuzz.seed=" + SEED + " -Dcoco.fuzz.round=" + number + "): "
                                + shortened(body),
                        failure);
            }
        }
        if (FIRST_ROUND == 0) {
            assertThat(answered.values().stream().mapToInt(Integer::intValue).sum())
                    .as("answered with a result, by method: %s", answered)
                    .isGreaterThan((int) (number / 10));
            assertThat(answered.keySet())
                    .as("methods that answered with a result")
                    .hasSizeGreaterThan(40);
        }
        if (SECONDS > 0) {
            System.out.printf("fuzz: parameters, %,d rounds, with a result %s%n", number - FIRST_ROUND, answered);
        }
    }

    @Test
    void shouldDetectAnswersThatAreNotAsDescribed() {
        JsonNode request = Rpc.MAPPER.readTree("{\"id\":7,\"params\":[\"0x12\"]}");
        for (String wrong : List.of(
                "{\"jsonrpc\":\"2.0\",\"id\":8,\"result\":\"0x0\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":7}",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":\"0x00\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32015,\"message\":\"m\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32000,\"message\":\"" + "m".repeat(500) + "\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32000,\"message\":\"java.lang.Exception\"}}",
                planted(out -> {
                    throw new IllegalStateException("planted");
                }))) {
            assertThatThrownBy(() -> judge("eth_blockNumber", request, wrong))
                    .as("%s", wrong)
                    .isInstanceOf(AssertionError.class);
        }
        JsonNode none = Rpc.MAPPER.readTree("{\"id\":7,\"params\":[]}");
        judge("eth_blockNumber", none, planted(Answer.quantity(5)));
    }

    /** What the node would say for a method that answers so. */
    private static String planted(Answer answer) {
        ReplyBuffer out = new ReplyBuffer(1 << 16, new ReplyMemory(1 << 20));
        new ReplyWriter(Rpc.MAPPER, out, false)
                .write(
                        new Call(
                                Rpc.MAPPER.getNodeFactory().numberNode(7),
                                "eth_blockNumber",
                                new Params(List.of()),
                                null),
                        answer);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    private void post(String method, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        byte[] state = node.state().digest(EthereumMaps.ACCOUNTS);
        long nanos = THREADS.getCurrentThreadCpuTime();
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        Endpoint.Reply reply = node.post(bytes);
        assertThat(THREADS.getCurrentThreadAllocatedBytes() - allocated)
                .as("bytes allocated")
                .isLessThan(MOST_BYTES + BYTES_PER_BYTE * bytes.length);
        assertThat(THREADS.getCurrentThreadCpuTime() - nanos)
                .as("processor time")
                .isLessThan(MOST_NANOS);
        assertThat(node.openViews()).as("open views").isZero();
        if (!method.startsWith("eth_sendRaw")) {
            assertThat(node.state().digest(EthereumMaps.ACCOUNTS))
                    .as("the state")
                    .isEqualTo(state);
        }
        JsonNode request;
        try {
            request = Rpc.MAPPER.readTree(body);
        } catch (RuntimeException noJson) {
            request = Rpc.MAPPER.createObjectNode();
        }
        judge(method, request, new String(reply.body(), StandardCharsets.UTF_8));
    }

    private void judge(String method, JsonNode request, String reply) {
        assertThat(reply).doesNotContain("coco.", "Exception", "java.", "tools.jackson");
        JsonNode response = Rpc.MAPPER.readTree(reply);
        int code = response.path("error").path("code").asInt(0);
        if (code != RpcException.PARSE_ERROR) {
            assertThat(response.path("id")).isEqualTo(request.path("id"));
        }
        assertThat(SchemaCheck.check(method, request.get("params"), response)).isEmpty();
        if (response.has("result")) {
            answered.merge(method, 1, Integer::sum);
        }
    }

    private String request(String method) {
        SchemaValues values = new SchemaValues(document, random, this::known);
        ArrayNode params = Rpc.MAPPER.createArrayNode();
        for (JsonNode parameter : document.method(method).get("params")) {
            if (!parameter.get("required").asBoolean() && random.nextInt(3) == 0) {
                break;
            }
            params.add(values.value(parameter.get("schema")));
        }
        for (int edits = random.nextInt(4); edits > 0; edits--) {
            spoil(params);
        }
        ObjectNode request = Rpc.MAPPER.createObjectNode();
        request.put("jsonrpc", "2.0").put("id", random.nextInt()).put("method", method);
        request.set("params", params);
        return request.toString();
    }

    private @Nullable JsonNode known(String schema) {
        List<String> values = known.get(schema);
        return values == null || random.nextInt(4) == 0
                ? null
                : Rpc.MAPPER.getNodeFactory().stringNode(values.get(random.nextInt(values.size())));
    }

    /** Changes one thing, somewhere at or below a value. */
    private void spoil(JsonNode container) {
        switch (container) {
            case ArrayNode array -> {
                int index = random.nextInt(array.size() + 1);
                if (index == array.size() || random.nextInt(12) == 0) {
                    array.insert(index, hostile());
                } else if (random.nextInt(8) == 0) {
                    array.remove(index);
                } else if (isContainer(array.get(index)) && random.nextInt(3) > 0) {
                    spoil(array.get(index));
                } else {
                    array.set(index, spoiled(array.get(index)));
                }
            }
            case ObjectNode object -> {
                List<String> fields = new ArrayList<>(object.propertyNames());
                if (fields.isEmpty() || random.nextInt(8) == 0) {
                    object.set(random.nextBoolean() ? "unknown" : "\ud834", hostile());
                    return;
                }
                String field = fields.get(random.nextInt(fields.size()));
                if (random.nextInt(8) == 0) {
                    object.remove(field);
                } else if (isContainer(object.get(field)) && random.nextInt(3) > 0) {
                    spoil(object.get(field));
                } else {
                    object.set(field, spoiled(object.get(field)));
                }
            }
            default -> throw new AssertionError("nothing in it to spoil: " + container);
        }
    }

    private static boolean isContainer(JsonNode value) {
        return value instanceof ArrayNode || value instanceof ObjectNode;
    }

    /** Something else, or nearly the same. */
    private JsonNode spoiled(JsonNode value) {
        if (!value.isString() || random.nextInt(3) == 0) {
            return hostile();
        }
        StringBuilder text = new StringBuilder(value.asString());
        int at = random.nextInt(text.length() + 1);
        switch (random.nextInt(5)) {
            case 0 -> text.setLength(at);
            case 1 -> text.insert(at, "0g-x \u0000é٣".charAt(random.nextInt(8)));
            case 2 -> text.append(HexFormat.of().toHexDigits(random.nextLong()));
            case 3 -> text.insert(Math.min(2, text.length()), "0".repeat(1 + random.nextInt(3)));
            default -> text.reverse();
        }
        return Rpc.MAPPER.getNodeFactory().stringNode(text.toString());
    }

    private JsonNode hostile() {
        int kind = random.nextInt(300);
        if (kind == 0) {
            return raw("\"0x" + "f".repeat(1 + random.nextInt(3_000_000)) + "\"");
        }
        if (kind == 1) {
            return raw("\"" + "𝄞".repeat(1 + random.nextInt(300_000)) + "\"");
        }
        if (kind < 8) {
            int depth = 1 + random.nextInt(kind < 3 ? 100_000 : 30);
            return raw("[".repeat(depth) + "]".repeat(depth));
        }
        if (kind < 12) {
            return raw("{\"a\":".repeat(20) + "1" + "}".repeat(20));
        }
        if (kind < 16) {
            return raw("[" + "\"0x1\",".repeat(random.nextInt(2_000)) + "null]");
        }
        return raw(HOSTILE.get(random.nextInt(HOSTILE.size())));
    }

    private static JsonNode raw(String json) {
        return new POJONode(new RawValue(json));
    }

    private static String shortened(String text) {
        return text.length() <= 2_000 ? text : text.substring(0, 2_000) + "… of " + text.length();
    }
}
