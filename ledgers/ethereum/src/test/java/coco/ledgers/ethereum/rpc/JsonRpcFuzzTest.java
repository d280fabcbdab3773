package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Contracts;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Requests that are nearly right: known methods with values of every kind in every place. Whatever is sent, the answer
 * is a response with a documented code, and nothing in it tells of the inside. {@code -Dcoco.fuzz.seconds}, {@code
 * -Dcoco.fuzz.seed} and {@code -Dcoco.fuzz.round} as everywhere.
 */
class JsonRpcFuzzTest {
    private static final long SEED = Long.getLong("coco.fuzz.seed", 20_261_123L);
    private static final long FIRST_ROUND = Long.getLong("coco.fuzz.round", 0);
    private static final long SECONDS = Long.getLong("coco.fuzz.seconds", 0);
    private static final int ROUNDS = 4_000;

    private static final Set<Integer> CODES =
            Set.of(-32_700, -32_600, -32_601, -32_602, -32_000, -32_003, -32_005, -32_015, 3, 4, 5);

    /** Those of eth_simulateV1. */
    private static final int LAST_OF_SIMULATIONS = -38_026;

    private static final int FIRST_OF_SIMULATIONS = -38_010;

    private static final List<String> METHODS = List.of(
            "eth_blockNumber",
            "eth_call",
            "eth_call",
            "eth_chainId",
            "eth_createAccessList",
            "eth_createAccessList",
            "eth_estimateGas",
            "eth_estimateGas",
            "eth_feeHistory",
            "eth_fillTransaction",
            "eth_getBalance",
            "eth_getBlockByHash",
            "eth_getBlockByNumber",
            "eth_getBlockReceipts",
            "eth_getBlockTransactionCountByHash",
            "eth_getBlockTransactionCountByNumber",
            "eth_getCode",
            "eth_getLogs",
            "eth_getLogs",
            "eth_getStorageAt",
            "eth_getTransactionByBlockHashAndIndex",
            "eth_getTransactionByBlockNumberAndIndex",
            "eth_getTransactionByHash",
            "eth_getTransactionCount",
            "eth_getTransactionReceipt",
            "eth_sendRawTransaction",
            "eth_sendRawTransactionSync",
            "eth_signTransaction",
            "eth_simulateV1",
            "eth_simulateV1",
            "eth_simulateV1",
            "net_version",
            "web3_clientVersion",
            "eth_nothing",
            "",
            "\\ud800",
            "eth_\\udc00call");

    private static final List<String> FIELDS = List.of(
            "from",
            "to",
            "gas",
            "gasPrice",
            "maxFeePerGas",
            "maxPriorityFeePerGas",
            "value",
            "data",
            "input",
            "chainId",
            "accessList",
            "authorizationList",
            "address",
            "storageKeys",
            "nonce",
            "yParity",
            "r",
            "s",
            "fromBlock",
            "toBlock",
            "blockHash",
            "blockNumber",
            "topics",
            "blobVersionedHashes",
            "maxFeePerBlobGas",
            "blockStateCalls",
            "blockStateCalls",
            "blockOverrides",
            "stateOverrides",
            "calls",
            "validation",
            "number",
            "time",
            "gasLimit",
            "baseFeePerGas",
            "withdrawals",
            "0x0000000000000000000000000000000000000001",
            "0x00000000000000000000000000000000000000aa",
            "balance",
            "code",
            "state",
            "stateDiff",
            "movePrecompileToAddress",
            "unknown");

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(3));
    private final Rpc rpc = new Rpc(node);
    private final List<String> known = new ArrayList<>();
    private Random random = new Random(SEED);

    JsonRpcFuzzTest() {
        Transaction creation = Keys.transfer(0)
                .to(null)
                .value(Word.ZERO)
                .gasLimit(200_000)
                .data(Contracts.creation(Contracts.COUNTER))
                .sign(Keys.CURVE, Keys.secret(0));
        JsonNode receipt = rpc.result("eth_sendRawTransactionSync", Rpc.raw(creation));
        known.add(receipt.get("contractAddress").asString());
        known.add(receipt.get("transactionHash").asString());
        known.add(receipt.get("blockHash").asString());
        known.add(Keys.address(0).hex());
        known.add(Keys.address(9).hex());
        for (Transaction.Type type : List.of(Transaction.Type.LEGACY, Transaction.Type.SET_CODE)) {
            known.add(Rpc.raw(Transaction.builder(type)
                    .chainId(Keys.CHAIN_ID)
                    .nonce(1)
                    .gasLimit(21_000)
                    .to(Keys.address(1))
                    .sign(Keys.CURVE, Keys.secret(0))));
        }
    }

    @Test
    void shouldAnswerWithADocumentedCodeWhateverIsSent() throws Exception {
        long end = System.nanoTime() + SECONDS * 1_000_000_000L;
        long number = FIRST_ROUND;
        for (; SECONDS > 0 ? System.nanoTime() - end < 0 : number - FIRST_ROUND < ROUNDS; number++) {
            random = new Random(SEED * 1_000_003 + number);
            byte[] body = spoiled(random.nextInt(5) == 0 ? batch() : request()).getBytes(StandardCharsets.UTF_8);
            try {
                check(node.post(body));
            } catch (Throwable failure) {
                throw new AssertionError(
                        "round " + number + " (again: -Dcoco.fuzz.seed=" + SEED + " -Dcoco.fuzz.round=" + number + "): "
                                + new String(body, StandardCharsets.UTF_8),
                        failure);
            }
        }
        assertThat(rpc.result("eth_blockNumber").asString()).startsWith("0x");
        if (SECONDS > 0) {
            System.out.printf("fuzz: JSON-RPC, %,d rounds%n", number - FIRST_ROUND);
        }
    }

    private static void check(Endpoint.Reply reply) throws CharacterCodingException {
        assertThat(reply.status()).isEqualTo(200);
        String text = StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(reply.body()))
                .toString();
        assertThat(text).doesNotContain("crashed", "coco.", "Exception", "java.", "tools.jackson");
        if (text.isEmpty()) {
            return;
        }
        JsonNode answer = Rpc.MAPPER.readTree(reply.body());
        for (JsonNode one :
                answer.isArray() ? answer : Rpc.MAPPER.createArrayNode().add(answer)) {
            assertThat(one.path("jsonrpc").asString("")).isEqualTo("2.0");
            assertThat(one.has("id")).isTrue();
            assertThat(one.has("result")).isNotEqualTo(one.has("error"));
            if (one.has("error")) {
                int code = one.get("error").get("code").asInt();
                assertThat(CODES.contains(code) || (code >= LAST_OF_SIMULATIONS && code <= FIRST_OF_SIMULATIONS))
                        .as("code %d", code)
                        .isTrue();
                assertThat(one.get("error").get("message").asString()).isNotBlank();
            }
        }
    }

    private String batch() {
        List<String> requests = new ArrayList<>();
        for (int i = random.nextInt(6); i >= 0; i--) {
            requests.add(random.nextInt(8) == 0 ? value(0) : request());
        }
        return "[" + String.join(",", requests) + "]";
    }

    private String request() {
        List<String> members = new ArrayList<>();
        members.add(random.nextInt(20) == 0 ? "\"jsonrpc\":" + value(0) : "\"jsonrpc\":\"2.0\"");
        members.add("\"method\":" + (random.nextInt(20) == 0 ? value(0) : "\"" + pick(METHODS) + "\""));
        if (random.nextInt(10) > 0) {
            members.add("\"id\":" + (random.nextBoolean() ? "7" : value(0)));
        }
        if (random.nextInt(10) > 0) {
            List<String> params = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                params.add(value(0));
            }
            members.add("\"params\":" + (random.nextInt(15) == 0 ? value(0) : "[" + String.join(",", params) + "]"));
        }
        return "{" + String.join(",", members) + "}";
    }

    /** A JSON value, mostly of a kind that some method takes. */
    private String value(int depth) {
        return switch (random.nextInt(depth > 3 ? 9 : 12)) {
            case 0, 1, 2 -> "\"" + pick(known) + "\"";
            case 3 -> "\"" + pick(List.of("latest", "pending", "earliest", "0x0", "0x1", "0x2", "safe")) + "\"";
            case 4 -> "\"0x" + Long.toHexString(random.nextLong() >>> random.nextInt(64)) + "\"";
            case 5 -> "\"0x" + "ab".repeat(pick(List.of(0, 1, 19, 20, 21, 31, 32, 33, 100))) + "\"";
            case 6 -> pick(List.of("null", "true", "false", "0", "-1", "1e400", "-1e-400", "1.5", "9".repeat(90)));
            case 7 ->
                "\""
                        + pick(List.of(
                                "",
                                "0x",
                                "0X1",
                                "0x0" + "f".repeat(64),
                                "0xg",
                                "\\u0000",
                                "\\ud800",
                                "𝄞",
                                "x".repeat(95) + "𝄞yz"))
                        + "\"";
            case 8 -> pick(List.of("[]", "{}", "[null]", "[[]]", "[1,50.5,99]", "[\"0x0\"]"));
            case 9 -> {
                List<String> items = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    items.add(value(depth + 1));
                }
                yield "[" + String.join(",", items) + "]";
            }
            default -> {
                List<String> members = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    members.add("\"" + pick(FIELDS) + "\":" + value(depth + 1));
                }
                yield "{" + String.join(",", members) + "}";
            }
        };
    }

    /** One in four has letters changed. */
    private String spoiled(String text) {
        if (random.nextInt(4) != 0) {
            return text;
        }
        StringBuilder spoiled = new StringBuilder(text);
        for (int edits = random.nextInt(4); edits >= 0; edits--) {
            int at = random.nextInt(spoiled.length());
            if (random.nextBoolean()) {
                spoiled.setCharAt(at, "{}[]\",:\\u0e-9n \u0000é".charAt(random.nextInt(16)));
            } else {
                spoiled.setLength(Math.max(1, at));
            }
        }
        return spoiled.toString();
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
