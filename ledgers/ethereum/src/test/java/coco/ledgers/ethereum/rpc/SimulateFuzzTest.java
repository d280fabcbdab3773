package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Payloads that are nearly right, so that most get as far as the machine, with some fields of the wrong kind. */
class SimulateFuzzTest {
    private static final long SEED = Long.getLong("coco.fuzz.seed", 0x51);
    private static final int ROUNDS = Integer.getInteger("coco.fuzz.rounds", 800);
    private static final Set<Integer> CODES = Set.of(
            3, -32_000, -32_602, -38_010, -38_011, -38_012, -38_013, -38_014, -38_015, -38_020, -38_021, -38_025,
            -38_026);

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(3));
    private final Rpc rpc = new Rpc(node);
    private Random random = new Random(SEED);
    private int simulated;

    @Test
    void shouldAnswerWithBlocksThatFollowEachOtherOrACodeOfTheSpecification() {
        JsonNode newest = rpc.result("eth_getBlockByNumber", "latest", false);
        for (int round = 0; round < ROUNDS; round++) {
            random = new Random(SEED * 1_000_003 + round);
            List<Object> params = new ArrayList<>(List.of(payload(), "latest"));
            String method = "eth_simulateV1";
            if (random.nextInt(3) == 0) {
                method = random.nextBoolean() ? "eth_call" : "eth_estimateGas";
                params = new ArrayList<>(List.of(call(), "latest", stateOverrides(), blockOverrides()));
            } else if (random.nextInt(4) == 0) {
                method = "eth_createAccessList";
                params = new ArrayList<>(List.of(call(), "latest", stateOverrides()));
            }
            check(rpc.send(method, params.toArray()), method, newest, "seed %d, round %d".formatted(SEED, round));
        }
        assertThat(simulated).as("simulations that succeeded").isGreaterThan(ROUNDS / 20);
        assertThat(rpc.result("eth_getBlockByNumber", "latest", false)).isEqualTo(newest);
        assertThat(node.openViews()).isZero();
    }

    private void check(JsonNode answer, String method, JsonNode newest, String note) {
        if (answer.has("error")) {
            String text = answer.get("error").get("message").asString();
            boolean nonceAtItsEnd = text.contains("nonce has max value");
            int code = answer.get("error").get("code").asInt();
            assertThat(nonceAtItsEnd || CODES.contains(code))
                    .as("%s: %s", note, answer)
                    .isTrue();
            return;
        }
        if (!method.equals("eth_simulateV1")) {
            return;
        }
        simulated++;
        JsonNode parent = newest;
        for (JsonNode block : answer.get("result")) {
            assertThat(block.get("parentHash")).as(note).isEqualTo(parent.get("hash"));
            long used = 0;
            for (JsonNode call : block.get("calls")) {
                used += Long.decode(call.get("gasUsed").asString());
                boolean failed = call.get("status").asString().equals("0x0");
                assertThat(call.has("error")).as(note).isEqualTo(failed);
            }
            assertThat(Long.decode(block.get("gasUsed").asString())).as(note).isEqualTo(used);
            assertThat(block.get("calls")).as(note).hasSameSizeAs(block.get("transactions"));
            parent = block;
        }
    }

    private Map<String, Object> payload() {
        Map<String, Object> payload = new HashMap<>();
        List<Object> blocks = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            Map<String, Object> block = new HashMap<>();
            some(2, block, "blockOverrides", this::blockOverrides);
            some(2, block, "stateOverrides", this::stateOverrides);
            some(4, block, "calls", () -> {
                List<Object> calls = new ArrayList<>();
                for (int n = random.nextInt(4); n > 0; n--) {
                    calls.add(call());
                }
                return calls;
            });
            blocks.add(block);
        }
        payload.put("blockStateCalls", blocks);
        some(2, payload, "validation", random::nextBoolean);
        some(2, payload, "traceTransfers", random::nextBoolean);
        some(2, payload, "returnFullTransactions", random::nextBoolean);
        return payload;
    }

    private Map<String, Object> call() {
        Map<String, Object> call = new HashMap<>();
        some(3, call, "from", this::address);
        some(4, call, "to", this::address);
        some(1, call, "gas", () -> "0x" + Long.toHexString(20_000 + random.nextInt(200_000)));
        some(1, call, "value", this::small);
        some(1, call, "nonce", this::number);
        some(3, call, "data", this::code);
        some(1, call, random.nextBoolean() ? "gasPrice" : "maxFeePerGas", this::small);
        some(0, call, "maxPriorityFeePerGas", this::small);
        some(0, call, "blobVersionedHashes", () -> List.of(word()));
        some(0, call, "accessList", () -> List.of(Map.of("address", address(), "storageKeys", List.of(word()))));
        some(
                0,
                call,
                "authorizationList",
                () -> List.of(Map.of(
                        "chainId", "0x0", "address", address(), "nonce", "0x0", "yParity", "0x1", "r", "0x5", "s",
                        "0x7")));
        return call;
    }

    private Map<String, Object> stateOverrides() {
        Map<String, Object> overrides = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            Map<String, Object> account = new HashMap<>();
            some(2, account, "balance", this::number);
            some(1, account, "nonce", this::number);
            some(2, account, "code", this::code);
            some(1, account, random.nextBoolean() ? "state" : "stateDiff", () -> Map.of(word(), word()));
            some(0, account, "movePrecompileToAddress", this::address);
            overrides.put(address(), account);
        }
        return overrides;
    }

    private Map<String, Object> blockOverrides() {
        Map<String, Object> overrides = new HashMap<>();
        some(1, overrides, "number", () -> "0x" + Integer.toHexString(1 + random.nextInt(20)));
        some(1, overrides, "time", () -> "0x" + Long.toHexString(1_700_000_000L + random.nextInt(1_000)));
        some(1, overrides, "gasLimit", () -> "0x" + Integer.toHexString(random.nextInt(5_000_000)));
        some(1, overrides, "feeRecipient", this::address);
        some(1, overrides, "prevRandao", this::word);
        some(1, overrides, "baseFeePerGas", this::small);
        some(1, overrides, "blobBaseFee", this::small);
        return overrides;
    }

    /** Puts a field there in so many of five cases or one of twenty, in one of 150 with a value of another kind. */
    private void some(int ofFive, Map<String, Object> into, String name, Supplier<Object> value) {
        if (random.nextInt(5) < ofFive || random.nextInt(20) == 0) {
            boolean wrong = random.nextInt(150) == 0;
            into.put(
                    name,
                    wrong ? List.of("0x", 5, List.of(), Map.of(), true, "0xg").get(random.nextInt(6)) : value.get());
        }
    }

    /** A few accounts, so that calls meet overrides: precompiled contracts, senders with ether, others. */
    private String address() {
        return switch (random.nextInt(3)) {
            case 0 -> Address.of(1 + random.nextInt(5)).hex();
            case 1 -> Keys.address(random.nextInt(3)).hex();
            default -> Address.of(0x1000 + random.nextInt(3)).hex();
        };
    }

    private String small() {
        return "0x" + Integer.toHexString(random.nextInt(4));
    }

    private String number() {
        return "0x" + Long.toHexString(random.nextLong() >>> random.nextInt(64));
    }

    private String word() {
        return "0x%064x".formatted(random.nextInt(4));
    }

    /** Pushes and instructions at random: some calls, creations, stores, logs and ends among them. */
    private String code() {
        StringBuilder code = new StringBuilder("0x");
        for (int i = random.nextInt(30); i > 0; i--) {
            code.append(List.of(
                            "5f", "6001", "6020", "30", "33", "34", "47", "54", "55", "a0", "f1", "f0", "f4", "3b",
                            "3f", "31", "50", "80", "52", "51", "40", "43", "48", "4a", "ff", "f3", "fd", "fa", "5a",
                            "5d")
                    .get(random.nextInt(30)));
        }
        return code.toString();
    }
}
