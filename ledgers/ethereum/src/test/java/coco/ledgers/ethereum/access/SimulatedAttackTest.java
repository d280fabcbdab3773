package coco.ledgers.ethereum.access;

import static coco.ledgers.ethereum.access.AccessNetwork.OWNER;
import static coco.ledgers.ethereum.access.AccessNetwork.STRANGER;
import static coco.ledgers.ethereum.access.AccessNetwork.user;
import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.types.Address;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.ethereum.testing.Rpc;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A contract whose rule reads an open one, and somebody who simulates that the open one were otherwise. */
class SimulatedAttackTest {
    private static final String UNUSED = "0x7e57ab1e7e57ab1e7e57ab1e7e57ab1e7e57ab1e";
    private static final String RICH = "0x" + "00".repeat(24) + "00000000ffffffff";
    /** PUSH4 0xffffffff PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN: much, whoever asks whatever. */
    private static final String RICH_CODE = "0x63ffffffff60005260206000f3";

    private final AccessNetwork network = new AccessNetwork();
    private final Address token = network.deploy(OWNER, "GateToken");
    private final Address gated = network.deploy(OWNER, "Gated", token);

    private JsonNode ask(String method, Object... params) {
        var request = Rpc.MAPPER.createObjectNode();
        request.put("jsonrpc", "2.0").put("id", 1).put("method", method);
        request.set("params", Rpc.MAPPER.valueToTree(params));
        byte[] body = Rpc.MAPPER.writeValueAsBytes(request);
        Caller caller = new Caller.User("ethereum", user(STRANGER).bytes());
        try {
            Endpoint.Handler handler =
                    network.node.ledger().endpoints().getFirst().handler();
            return Rpc.MAPPER.readTree(handler.handle(new Endpoint.Request(caller, "", Map.of(), body, false))
                    .body());
        } catch (Exception e) {
            throw new AssertionError("a handler threw", e);
        }
    }

    private static Map<String, Object> call(String to, byte[] data) {
        return Map.of("from", user(STRANGER).hex(), "to", to, "data", Rpc.hex(data));
    }

    private static byte[] secret() {
        return Abi.call("secret()");
    }

    /** Every slot in which a balance of the stranger may be, and all of the code. */
    private List<Map<String, Object>> overrides() {
        Map<String, Object> slots = new LinkedHashMap<>();
        for (int slot = 0; slot < 8; slot++) {
            byte[] key = Keccak256.hash(Abi.arguments(user(STRANGER), slot));
            slots.put(Rpc.hex(key), RICH);
        }
        return List.of(Map.of(token.hex(), Map.of("stateDiff", slots)), Map.of(token.hex(), Map.of("code", RICH_CODE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"eth_call", "eth_estimateGas", "eth_createAccessList"})
    void shouldAskTheRegistryAsItIsWhateverIsOverridden(String method) {
        assertThat(network.mark(gated)).isEqualTo(Mark.State.OWN);
        for (Map<String, Object> override : overrides()) {
            JsonNode hidden = ask(method, call(gated.hex(), secret()), "latest", override);
            JsonNode absent = ask(method, call(UNUSED, secret()), "latest", override);
            assertThat(hidden.toString().replace(gated.hex(), UNUSED)).isEqualTo(absent.toString());
        }
        byte[] balance = Abi.call("balanceOf(address)", user(STRANGER));
        assertThat(ask(
                                "eth_call",
                                call(token.hex(), balance),
                                "latest",
                                overrides().getLast())
                        .get("result")
                        .asString())
                .as("what is overridden is so for the open contract itself")
                .isEqualTo(RICH);
    }

    @Test
    void shouldNotLetASequenceBuyItsWayIn() {
        byte[] mint = Abi.call("mint(address,uint256)", user(STRANGER), 1_000);
        Object first = Map.of("calls", List.of(call(token.hex(), mint), call(gated.hex(), secret())));
        Object second = Map.of("calls", List.of(call(gated.hex(), secret())));
        Object sequence = Map.of("blockStateCalls", List.of(first, second));
        JsonNode blocks = ask("eth_simulateV1", sequence).get("result");
        assertThat(blocks.get(0).get("calls").get(0).get("status").asString()).isEqualTo("0x1");
        for (JsonNode seen : List.of(
                blocks.get(0).get("calls").get(1), blocks.get(1).get("calls").get(0))) {
            assertThat(seen.get("returnData").asString()).isEqualTo("0x");
        }
        network.send(OWNER, token, "mint(address,uint256)", user(STRANGER), 1_000);
        blocks = ask("eth_simulateV1", sequence).get("result");
        assertThat(blocks.get(1).get("calls").get(0).get("returnData").asString())
                .as("bought for real, and committed")
                .hasSize(66);
    }

    @Test
    void shouldNotLetASimulatedFlashLoanIn() {
        Address prober = network.deploy(STRANGER, "Prober");
        byte[] borrow = Abi.call("flashInto(uint256,address,address,bytes)", 100, prober, gated, secret());
        byte[] absent =
                Abi.call("flashInto(uint256,address,address,bytes)", 100, prober, Address.fromHex(UNUSED), secret());
        for (String method : List.of("eth_call", "eth_estimateGas")) {
            assertThat(ask(method, call(token.hex(), borrow), "latest"))
                    .isEqualTo(ask(method, call(token.hex(), absent), "latest"));
        }
    }
}
