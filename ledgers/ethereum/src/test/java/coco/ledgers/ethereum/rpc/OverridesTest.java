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
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class OverridesTest {
    private static final String PROBE = Address.of(0xB0).hex();
    private static final String SUBJECT = Address.of(0xC0).hex();
    private static final String IDENTITY = Address.of(4).hex();

    /**
     * Returns what it can learn: balance, code size and code hash of the account in the first word of its input, its
     * own balance, the slot in the second word, then number, time, coinbase, randomness, gas limit, base fee, blob base
     * fee.
     */
    private static final String PROBE_CODE = "0x5f35315f525f353b6020525f353f6040524760605260203554608052"
            + "4360a0524260c0524160e052446101005245610120524861014052"
            + "4a6101605261018"
            + "05ff3";

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), genesis(Map.of()));
    private final Rpc rpc = new Rpc(node);

    /** An account as a genesis document and an override have it. */
    private record Subject(long balance, long nonce, String code, Map<String, String> storage) {
        Map<String, Object> alloc() {
            Map<String, Object> alloc = new HashMap<>();
            alloc.put("balance", "0x" + Long.toHexString(balance));
            alloc.put("nonce", "0x" + Long.toHexString(nonce));
            alloc.put("code", code);
            alloc.put("storage", storage);
            return alloc;
        }

        Map<String, Object> override(String storageField, Map<String, String> slots) {
            Map<String, Object> override = alloc();
            override.remove("storage");
            override.put(storageField, slots);
            return override;
        }
    }

    @Test
    void shouldAnswerAsAChainThatReallyIsSoWhenStateIsOverridden() {
        long seed = 0x5eed;
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            Map<String, Map<String, Object>> before = new TreeMap<>();
            Map<String, Map<String, Object>> after = new TreeMap<>();
            Map<String, Map<String, Object>> overrides = new TreeMap<>();
            for (int i = 0; i < 1 + random.nextInt(12); i++) {
                String address = Address.of(0x1000 + i).hex();
                Subject old = subject(random);
                Subject wanted = subject(random);
                boolean was = random.nextBoolean();
                if (was) {
                    before.put(address, old.alloc());
                }
                if (random.nextInt(3) == 0) {
                    if (was) {
                        after.put(address, old.alloc());
                    }
                    continue;
                }
                after.put(address, wanted.alloc());
                boolean whole = random.nextBoolean();
                Map<String, String> slots = new TreeMap<>(wanted.storage());
                if (!whole && was) {
                    old.storage().keySet().forEach(key -> slots.putIfAbsent(key, word(0)));
                }
                overrides.put(address, wanted.override(whole ? "state" : "stateDiff", slots));
            }
            String note = "seed %d, round %d".formatted(seed, round);
            Rpc base = new Rpc(new SingleNode(new EthereumLedgerFactory(), genesis(before)));
            Rpc real = new Rpc(new SingleNode(new EthereumLedgerFactory(), genesis(after)));
            JsonNode simulated = base.result(
                            "eth_simulateV1", Map.of("blockStateCalls", List.of(Map.of("stateOverrides", overrides))))
                    .get(0);
            JsonNode expected = real.result("eth_simulateV1", Map.of("blockStateCalls", List.of(Map.of())))
                    .get(0);
            assertThat(simulated.get("stateRoot")).as(note).isEqualTo(expected.get("stateRoot"));
            for (String address : overrides.keySet()) {
                Map<String, Object> call = Map.of("to", PROBE, "data", probing(address, random.nextInt(6)));
                assertThat(base.result("eth_call", call, "latest", overrides))
                        .as(note)
                        .isEqualTo(real.result("eth_call", call));
            }
        }
    }

    private static Subject subject(Random random) {
        Map<String, String> storage = new TreeMap<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            storage.put(word(random.nextInt(6)), word(1 + (random.nextLong() >>> (1 + random.nextInt(60)))));
        }
        String code = random.nextInt(3) == 0 ? "0x" : "0x" + "5b".repeat(1 + random.nextInt(40));
        return new Subject(1 + random.nextInt(1_000), random.nextInt(5), code, storage);
    }

    @Test
    void shouldChangeTheStateRootAsBlocksOfTheChainDoWhenTheSameIsSimulated() {
        Rpc chain = new Rpc(node);
        List<Map<String, Object>> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            calls.add(Map.of(
                    "from",
                    Keys.address(i).hex(),
                    "to",
                    Address.of(0xdead_beefL).hex(),
                    "value",
                    "0x1",
                    "gas",
                    "0x5208"));
        }
        JsonNode simulated = chain.result(
                        "eth_simulateV1",
                        Map.of("blockStateCalls", List.of(Map.of("calls", calls)), "validation", true))
                .get(0);
        node.mining(false);
        for (int i = 0; i < 3; i++) {
            chain.send("eth_sendRawTransaction", Rpc.raw(Keys.transfer(0).sign(Keys.CURVE, Keys.secret(i))));
        }
        node.mine();
        JsonNode block = chain.result("eth_getBlockByNumber", "latest", false);
        for (String field : List.of("stateRoot", "receiptsRoot", "gasUsed", "logsBloom", "number", "parentHash")) {
            assertThat(simulated.get(field)).as(field).isEqualTo(block.get(field));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"SUBJECT": {"state": {}, "stateDiff": {}}}             | -32000 account 0x00000000000000000000000000000000000000C0 has both 'state' and 'stateDiff'
            {"SUBJECT": {"movePrecompileToAddress": "PROBE"}}       | -32000 account 0x00000000000000000000000000000000000000C0 is not a precompile
            {"IDENTITY": {"movePrecompileToAddress": "SUBJECT"}, "SUBJECT": {"nonce": "0x1"}} | -32000 account 0x00000000000000000000000000000000000000C0 is already overridden
            {"IDENTITY": {"movePrecompileToAddress": "IDENTITY"}}   | -32000 account 0x0000000000000000000000000000000000000004 is already overridden
            {"0x12": {}}                                            | -32602 invalid argument 2: hex string has length 2, want 40 for common.Address
            {"SUBJECT": 5}                                          | -32602 invalid argument 2: json: cannot unmarshal number into Go value of type override.OverrideAccount
            {"SUBJECT": {"balance": 5}}                             | -32602 invalid argument 2: json: cannot unmarshal non-string into Go value of type hexutil.Big
            {"SUBJECT": {"nonce": "0x10000000000000000"}}           | -32602 invalid argument 2: json: cannot unmarshal hex number > 64 bits into Go value of type hexutil.Uint64
            {"SUBJECT": {"code": "0x1"}}                            | -32602 invalid argument 2: json: cannot unmarshal hex string of odd length into Go value of type hexutil.Bytes
            {"SUBJECT": {"state": {"0x1": "0x2"}}}                  | -32602 invalid argument 2: json: cannot unmarshal hex string of odd length into Go value of type common.Hash
            {"SUBJECT": {"state": {"0x01": "0x02"}}}                | -32602 invalid argument 2: hex string has length 2, want 64 for common.Hash
            []                                                      | -32602 invalid argument 2: json: cannot unmarshal array into Go value of type override.StateOverride
            """)
    void shouldRefuseStateOverridesInGethsWords(String overrides, String expected) {
        String json =
                overrides.replace("SUBJECT", SUBJECT).replace("PROBE", PROBE).replace("IDENTITY", IDENTITY);
        Object value = Rpc.MAPPER.readValue(json, Object.class);
        for (String method : List.of("eth_call", "eth_estimateGas", "eth_createAccessList")) {
            assertThat(rpc.error(method, Map.of("to", SUBJECT), "latest", value))
                    .as(method)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"withdrawals": []}                       | -32000 block override "withdrawals" is not supported for this RPC method
            {"beaconRoot": "0x0000000000000000000000000000000000000000000000000000000000000000"} | -32000 block override "beaconRoot" is not supported for this RPC method
            {"number": "0x10000000000000000"}         | -32602 invalid argument 3: hex number > 64 bits
            {"time": "0x01"}                          | -32602 invalid argument 3: json: cannot unmarshal hex number with leading zero digits into Go value of type hexutil.Uint64
            {"feeRecipient": "0x01"}                  | -32602 invalid argument 3: hex string has length 2, want 40 for common.Address
            "latest"                                  | -32602 invalid argument 3: json: cannot unmarshal string into Go value of type override.BlockOverrides
            """)
    void shouldRefuseBlockOverridesInGethsWords(String overrides, String expected) {
        Object value = Rpc.MAPPER.readValue(overrides, Object.class);
        for (String method : List.of("eth_call", "eth_estimateGas")) {
            assertThat(rpc.error(method, Map.of("to", SUBJECT), "latest", null, value))
                    .as(method)
                    .isEqualTo(expected);
        }
    }

    @Test
    void shouldShowEachBlockOverrideToTheCall() {
        Map<String, Object> block = new HashMap<>();
        block.put("number", "0x1234");
        block.put("time", "0x7fffffff");
        block.put("gasLimit", "0x4321");
        block.put("feeRecipient", SUBJECT);
        block.put("prevRandao", word(77));
        block.put("baseFeePerGas", "0x9");
        block.put("blobBaseFee", "0x8");
        String answer = rpc.result(
                        "eth_call",
                        Map.of("to", PROBE, "data", probing(SUBJECT, 0), "gasPrice", "0x9", "gas", "0x186a0"),
                        "latest",
                        Map.of(Address.ZERO.hex(), Map.of("balance", "0xffffffff")),
                        block)
                .asString();
        assertThat(List.of(slot(answer, 5), slot(answer, 6), slot(answer, 7), slot(answer, 8)))
                .containsExactly(word(0x1234), word(0x7fff_ffff), word(0xC0), word(77));
        assertThat(List.of(slot(answer, 9), slot(answer, 10), slot(answer, 11)))
                .containsExactly(word(0x4321), word(9), word(8));
        Map<String, Object> former = Map.of("coinbase", SUBJECT, "random", word(5));
        String older = rpc.result("eth_call", Map.of("to", PROBE), "latest", null, former)
                .asString();
        assertThat(slot(older, 7)).isEqualTo(word(0xC0));
        assertThat(slot(older, 8)).isEqualTo(word(5));
    }

    @Test
    void shouldRunAPrecompiledContractWhereItWasMovedTo() {
        Map<String, Object> moved = Map.of(IDENTITY, Map.of("movePrecompileToAddress", SUBJECT));
        assertThat(rpc.result("eth_call", Map.of("to", SUBJECT, "data", "0x1234"), "latest", moved)
                        .asString())
                .isEqualTo("0x1234");
        assertThat(rpc.result("eth_call", Map.of("to", IDENTITY, "data", "0x1234"), "latest", moved)
                        .asString())
                .isEqualTo("0x");
        Map<String, Object> replaced = Map.of(IDENTITY, Map.of("code", "0x60aa5f5260205ff3"));
        assertThat(rpc.result("eth_call", Map.of("to", IDENTITY, "data", "0x1234"), "latest", replaced)
                        .asString())
                .isEqualTo(word(0xaa));
        assertThat(rpc.result("eth_call", Map.of("to", IDENTITY, "data", "0x1234"))
                        .asString())
                .isEqualTo("0x1234");
    }

    @Test
    void shouldEstimateForTheOverriddenState() {
        // With a value in slot 0 it writes to slot 1.
        Map<String, Object> code = Map.of("code", "0x5f54600657005b600160015500");
        Map<String, Object> writes = new HashMap<>(code);
        writes.put("state", Map.of(word(0), word(1)));
        long idle = gas(rpc.result("eth_estimateGas", Map.of("to", SUBJECT), "latest", Map.of(SUBJECT, code)));
        long busy = gas(rpc.result("eth_estimateGas", Map.of("to", SUBJECT), "latest", Map.of(SUBJECT, writes)));
        assertThat(idle).isBetween(23_000L, 25_000L);
        assertThat(rpc.error(
                        "eth_estimateGas",
                        Map.of("to", SUBJECT),
                        "latest",
                        Map.of(SUBJECT, code),
                        Map.of("gasLimit", "0x5300")))
                .isEqualTo("-32000 gas required exceeds allowance (21248)");
        assertThat(busy - idle).isBetween(20_000L, 24_000L);
    }

    @Test
    void shouldLeaveTheChainAsItIsWhateverIsSimulated() {
        JsonNode before = rpc.result("eth_getBlockByNumber", "latest", false);
        rpc.result("eth_call", Map.of("to", SUBJECT), "latest", Map.of(SUBJECT, Map.of("balance", "0x5")));
        rpc.result(
                "eth_simulateV1",
                Map.of(
                        "blockStateCalls",
                        List.of(Map.of(
                                "stateOverrides",
                                Map.of(SUBJECT, Map.of("balance", "0x5", "state", Map.of(word(1), word(2)))),
                                "calls",
                                List.of(Map.of("to", SUBJECT))))));
        assertThat(rpc.result("eth_getBalance", SUBJECT, "latest").asString()).isEqualTo("0x0");
        assertThat(rpc.result("eth_getStorageAt", SUBJECT, "0x1", "latest").asString())
                .isEqualTo(word(0));
        assertThat(rpc.result("eth_getBlockByNumber", "latest", false)).isEqualTo(before);
        assertThat(node.openViews()).isZero();
    }

    private static long gas(JsonNode quantity) {
        return Long.decode(quantity.asString());
    }

    private static String probing(String address, int slot) {
        return "0x" + "0".repeat(24) + address.substring(2) + word(slot).substring(2);
    }

    private static String slot(String answer, int index) {
        return "0x" + answer.substring(2 + 64 * index, 2 + 64 * (index + 1));
    }

    private static String word(long value) {
        return "0x%064x".formatted(value);
    }

    private static String genesis(Map<String, Map<String, Object>> accounts) {
        Map<String, Object> alloc = new TreeMap<>(accounts);
        alloc.put(PROBE, Map.of("balance", "0x7", "code", PROBE_CODE));
        for (int n = 0; n < 3; n++) {
            alloc.put(Keys.address(n).hex(), Map.of("balance", "0x3635c9adc5dea00000"));
        }
        return Rpc.MAPPER.writeValueAsString(Map.of(
                "config", Map.of("chainId", Keys.CHAIN_ID),
                "gasLimit", "0x5f5e100",
                "baseFeePerGas", "0x0",
                "timestamp", "0x6553f100",
                "alloc", alloc));
    }
}
