package coco.ledgers.ethereum.rpc;

import coco.evm.Halt;
import coco.evm.transition.Outcome;
import coco.evm.types.Block;
import coco.evm.types.Header;
import coco.ledgers.ethereum.simulation.BlockRequest;
import coco.ledgers.ethereum.simulation.CallRequest;
import coco.ledgers.ethereum.simulation.PlacedLog;
import coco.ledgers.ethereum.simulation.SimulatedBlock;
import coco.ledgers.ethereum.simulation.SimulatedCall;
import coco.ledgers.ethereum.simulation.SimulationOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** eth_simulateV1: blocks of calls, with the codes that the specification has for what is wrong with them. */
final class SimulateMethods {
    private static final int NONCE_TOO_LOW = -38_010;
    private static final int NONCE_TOO_HIGH = -38_011;
    private static final int BASE_FEE_TOO_LOW = -38_012;
    private static final int INTRINSIC_GAS = -38_013;
    private static final int INSUFFICIENT_FUNDS = -38_014;
    private static final int BLOCK_GAS_LIMIT = -38_015;
    private static final int BLOCK_NUMBER = -38_020;
    private static final int BLOCK_TIME = -38_021;
    private static final int SENDER_NOT_EOA = -38_024;
    private static final int INIT_CODE_TOO_LONG = -38_025;
    private static final int EXECUTION_FAILED = -32_015;

    private final long chainId;
    private final Simulator simulator;

    SimulateMethods(long chainId, Simulator simulator) {
        this.chainId = chainId;
        this.simulator = simulator;
    }

    void register(Map<String, Method> methods) {
        methods.put("eth_simulateV1", Method.onProcessors(this::simulate));
    }

    private Answer simulate(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        JsonNode payload = params.required(0);
        if (!payload.isObject()) {
            throw Params.mistyped(payload, "ethapi.simOpts", 0);
        }
        List<BlockRequest> requests = requests(payload);
        boolean validated = flag(payload, "validation");
        boolean transfers = flag(payload, "traceTransfers");
        boolean full = flag(payload, "returnFullTransactions");
        StateAt at = exchange.at(params.blockOrLatest(1));
        SimulationOutcome outcome = simulator.blocks(exchange, at, requests, validated, transfers);
        return switch (outcome) {
            case SimulationOutcome.Refused refused -> throw error(exchange, refused);
            case SimulationOutcome.Rejected(Outcome.Reason reason, String message) ->
                throw new RpcException(code(reason), message);
            case SimulationOutcome.Simulated(List<SimulatedBlock> blocks) ->
                out -> {
                    out.writeStartArray();
                    for (SimulatedBlock block : blocks) {
                        exchange.checkTime();
                        write(out, block, full);
                    }
                    out.writeEndArray();
                };
        };
    }

    private List<BlockRequest> requests(JsonNode payload) throws RpcException {
        JsonNode blocks = Params.present(payload, "blockStateCalls");
        if (blocks != null && !blocks.isArray()) {
            throw Params.mistyped(blocks, "[]ethapi.simBlock", 0);
        }
        if (blocks == null || blocks.isEmpty()) {
            throw new RpcException(RpcException.INVALID_PARAMS, "empty input");
        }
        List<BlockRequest> requests = new ArrayList<>();
        for (JsonNode block : blocks) {
            if (!block.isObject()) {
                throw Params.mistyped(block, "ethapi.simBlock", 0);
            }
            requests.add(new BlockRequest(
                    Overrides.block(Params.present(block, "blockOverrides"), 0),
                    Overrides.state(Params.present(block, "stateOverrides"), 0),
                    calls(Params.present(block, "calls"))));
        }
        return requests;
    }

    private List<CallRequest> calls(@Nullable JsonNode node) throws RpcException {
        List<CallRequest> calls = new ArrayList<>();
        if (node != null) {
            if (!node.isArray()) {
                throw Params.mistyped(node, "[]ethapi.TransactionArgs", 0);
            }
            for (JsonNode call : node) {
                calls.add(Calls.request(call, chainId));
            }
        }
        return calls;
    }

    private static boolean flag(JsonNode payload, String name) throws RpcException {
        JsonNode value = Params.present(payload, name);
        if (value != null && !value.isBoolean()) {
            throw Params.mistyped(value, "bool", 0);
        }
        return value != null && value.booleanValue();
    }

    private RpcException error(Exchange exchange, SimulationOutcome.Refused refused) {
        return switch (refused.fault()) {
            case BLOCK_NUMBER -> new RpcException(BLOCK_NUMBER, refused.message());
            case BLOCK_TIME -> new RpcException(BLOCK_TIME, refused.message());
            case LIMIT -> new RpcException(RpcException.CLIENT_LIMIT_EXCEEDED, refused.message());
            case BLOCK_GAS -> new RpcException(BLOCK_GAS_LIMIT, refused.message());
            case OVERRIDE, REQUESTS -> RpcException.server(refused.message());
            case CANCELLED -> simulator.cancelled(exchange);
            case TOO_LARGE -> RpcException.responseTooLarge();
        };
    }

    /** Geth's choice; but of what it calls internal errors only the one that a recorded case demands is one. */
    private static int code(Outcome.Reason reason) {
        return switch (reason) {
            case NONCE_TOO_LOW -> NONCE_TOO_LOW;
            case NONCE_TOO_HIGH -> NONCE_TOO_HIGH;
            case SENDER_NOT_EOA -> SENDER_NOT_EOA;
            case MAX_FEE_BELOW_BASE_FEE -> BASE_FEE_TOO_LOW;
            case INSUFFICIENT_FUNDS -> INSUFFICIENT_FUNDS;
            case INTRINSIC_GAS_TOO_LOW, FLOOR_GAS_TOO_LOW -> INTRINSIC_GAS;
            case BLOCK_GAS_EXCEEDED, GAS_LIMIT_TOO_HIGH, BLOCK_BLOB_GAS_EXCEEDED -> BLOCK_GAS_LIMIT;
            case INIT_CODE_TOO_LONG -> INIT_CODE_TOO_LONG;
            case NONCE_AT_MAXIMUM -> RpcException.INTERNAL_ERROR;
            case PRIORITY_FEE_ABOVE_MAX_FEE,
                    INVALID_SIGNATURE,
                    WRONG_CHAIN_ID,
                    TYPE_NOT_SUPPORTED,
                    BLOB_TRANSACTION_INVALID,
                    SET_CODE_TRANSACTION_INVALID -> RpcException.INVALID_PARAMS;
        };
    }

    private static void write(JsonGenerator out, SimulatedBlock simulated, boolean full) {
        Block block = simulated.block();
        Header header = block.header();
        out.writeStartObject();
        BlockJson.header(out, header, simulated.hash());
        Hexes.quantity(out, "size", block.encode().length);
        out.writeArrayPropertyStart("uncles").writeEndArray();
        if (block.withdrawals() != null) {
            BlockJson.withdrawals(out, block.withdrawals());
        }
        out.writeArrayPropertyStart("transactions");
        List<SimulatedCall> calls = simulated.calls();
        for (int i = 0; i < calls.size(); i++) {
            SimulatedCall call = calls.get(i);
            if (full) {
                BlockJson.transaction(
                        out, header, simulated.hash(), i, call.transaction().hash(), call.transaction(), call.sender());
            } else {
                out.writeString(Hexes.data(call.transaction().hash()));
            }
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("calls");
        for (int i = 0; i < calls.size(); i++) {
            write(out, simulated, i);
        }
        out.writeEndArray().writeEndObject();
    }

    private static void write(JsonGenerator out, SimulatedBlock block, int ordinal) {
        SimulatedCall call = block.calls().get(ordinal);
        boolean success = call.halt().isSuccess();
        out.writeStartObject();
        Hexes.data(out, "returnData", success ? call.output() : new byte[0]);
        out.writeArrayPropertyStart("logs");
        for (PlacedLog placed : call.logs()) {
            BlockJson.log(
                    out,
                    block.block().header(),
                    block.hash(),
                    call.transaction().hash(),
                    ordinal,
                    placed.log(),
                    placed.index());
        }
        out.writeEndArray();
        Hexes.quantity(out, "gasUsed", call.gasUsed());
        Hexes.quantity(out, "maxUsedGas", call.gasBeforeRefund());
        Hexes.quantity(out, "status", success ? 1 : 0);
        if (!success) {
            RpcException error = call.halt() == Halt.REVERT
                    ? Reverts.error(call.output())
                    : new RpcException(EXECUTION_FAILED, call.error());
            out.writeObjectPropertyStart("error");
            out.writeStringProperty("message", WellFormed.text(String.valueOf(error.getMessage())));
            out.writeNumberProperty("code", error.code());
            if (error.data() != null) {
                out.writeStringProperty("data", error.data());
            }
            out.writeEndObject();
        }
        out.writeEndObject();
    }
}
