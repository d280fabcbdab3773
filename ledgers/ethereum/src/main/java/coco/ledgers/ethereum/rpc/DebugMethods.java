package coco.ledgers.ethereum.rpc;

import coco.crypto.Secp256k1;
import coco.evm.Cancellation;
import coco.evm.Halt;
import coco.evm.transition.Outcome;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import coco.evm.types.Block;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.MalformedException;
import coco.evm.types.Transaction;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.simulation.BlockOverrides;
import coco.ledgers.ethereum.simulation.StateOverrides;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** debug_trace*: what transactions did, by geth's tracers. */
final class DebugMethods {
    private final Genesis genesis;
    private final Simulator simulator;
    private final LedgerContext context;
    private final Secp256k1 curve = Secp256k1.fastest();

    DebugMethods(Genesis genesis, Simulator simulator, LedgerContext context) {
        this.genesis = genesis;
        this.simulator = simulator;
        this.context = context;
    }

    void register(Map<String, Method> methods) {
        methods.put("debug_traceTransaction", Method.onProcessors(this::traceTransaction));
        methods.put("debug_traceCall", Method.onProcessors(this::traceCall));
        methods.put("debug_traceBlockByNumber", Method.onProcessors(this::traceBlockByNumber));
        methods.put("debug_traceBlockByHash", Method.onProcessors(this::traceBlockByHash));
        // Its transactions may be signed by anybody.
        Method.forWholeSight(methods, "debug_traceBlock", Method.onProcessors(this::traceBlock));
    }

    private TraceRequest request(Params params, int index) throws RpcException {
        return TraceRequest.parse(
                params.optional(index), index, context.settings().callTimeoutMillis());
    }

    private Cancellation cancellation(Exchange exchange, TraceRequest request) {
        return simulator.cancellation(exchange, request.timeoutMillis());
    }

    private TraceRequest.Watch start(TraceRequest request, JsonGenerator out, int logsBefore) {
        return request.start(out, context.settings().maxReplyBytes(), logsBefore);
    }

    private Answer traceTransaction(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        byte[] hash = params.hash(0);
        TraceRequest request = request(params, 1);
        ChainReader.Place place = exchange.chain().find(hash);
        if (place == null) {
            throw RpcException.server("transaction not found");
        }
        Replay replay = Replay.of(exchange, genesis, simulator, place.block());
        return out -> {
            replay.skip(place.block(), place.ordinal());
            trace(exchange, replay, place.block().transaction(place.ordinal()), request, out);
        };
    }

    private void trace(
            Exchange exchange, Replay replay, ExecutedTransaction executed, TraceRequest request, JsonGenerator out)
            throws RpcException {
        TraceRequest.Watch watch = start(request, out, replay.logs());
        replay.next(executed.transaction(), executed.sender(), watch.tracer(), cancellation(exchange, request));
        watch.end();
    }

    private Answer traceBlockByNumber(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        BlockTag tag = params.block(0);
        TraceRequest request = request(params, 1);
        ChainReader.Block block = exchange.block(tag);
        if (block == null) {
            throw RpcException.server("block #" + RawMethods.name(tag) + " not found");
        }
        return traces(exchange, block, request);
    }

    private Answer traceBlockByHash(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        byte[] hash = params.hash(0);
        TraceRequest request = request(params, 1);
        ChainReader.Block block = exchange.chain().byHash(hash);
        if (block == null) {
            throw RpcException.server("block " + Hexes.data(hash) + " not found");
        }
        return traces(exchange, block, request);
    }

    private Answer traces(Exchange exchange, ChainReader.Block block, TraceRequest request) throws RpcException {
        Replay replay = Replay.of(exchange, genesis, simulator, block);
        return out -> {
            out.writeStartArray();
            for (int i = 0; i < block.size(); i++) {
                ExecutedTransaction executed = block.transaction(i);
                out.writeStartObject();
                Hexes.data(out, "txHash", executed.transaction().hash());
                out.writeName("result");
                trace(exchange, replay, executed, request, out);
                out.writeEndObject();
            }
            out.writeEndArray();
        };
    }

    /** Traces a block that need not be in the chain, but whose parent is. */
    private Answer traceBlock(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        Block block;
        try {
            block = Block.decode(params.bytes(0));
        } catch (MalformedException e) {
            throw RpcException.server("could not decode block: " + e.getMessage());
        }
        TraceRequest request = request(params, 1);
        Header header = block.header();
        ChainReader.Block parent = exchange.chain().byHash(header.parentHash());
        if (header.number() == 0) {
            throw RpcException.server("genesis is not traceable");
        }
        if (parent == null || parent.header().number() + 1 != header.number()) {
            throw RpcException.server("parent " + Hexes.data(header.parentHash()) + " not found");
        }
        Replay replay = Replay.of(
                exchange, genesis, simulator, header, exchange.after(parent).state());
        boolean lowSOnly =
                genesis.config().fork(header.number(), header.timestamp()).has(Fork.HOMESTEAD);
        return out -> {
            out.writeStartArray();
            for (Transaction transaction : block.transactions()) {
                Address sender = transaction.sender(curve, lowSOnly);
                if (sender == null) {
                    throw RpcException.server("tracing failed: invalid transaction v, r, s values");
                }
                out.writeStartObject();
                Hexes.data(out, "txHash", transaction.hash());
                out.writeName("result");
                TraceRequest.Watch watch = start(request, out, replay.logs());
                replay.next(transaction, sender, watch.tracer(), cancellation(exchange, request));
                watch.end();
                out.writeEndObject();
            }
            out.writeEndArray();
        };
    }

    private Answer traceCall(Exchange exchange, Params params) throws RpcException {
        params.atMost(3);
        TransactionMessage message =
                Calls.parse(params.required(0), genesis.config().chainId(), simulator.gasCap());
        BlockTag tag = params.blockOrLatest(1);
        TraceRequest request = request(params, 2);
        CallSite site = site(exchange, tag, params.optional(2));
        return out -> {
            TraceRequest.Watch watch = start(request, out, 0);
            Outcome outcome = site.executor()
                    .simulate(
                            site.state(), site.environment(), message, cancellation(exchange, request), watch.tracer());
            switch (outcome) {
                case Outcome.Rejected rejected -> throw Replay.failed(rejected);
                case Outcome.Executed executed
                when executed.halt() == Halt.CANCELLED -> throw Replay.timedOut(exchange);
                case Outcome.Executed _ -> watch.end();
            }
        };
    }

    /** Where a traced call is executed: after a block, or with txIndex after the first transactions of it. */
    private CallSite site(Exchange exchange, BlockTag tag, @Nullable JsonNode config) throws RpcException {
        if (tag instanceof BlockTag.Named(boolean pending) && pending) {
            throw RpcException.server("tracing on top of pending is not supported");
        }
        StateOverrides state = Overrides.state(config == null ? null : Params.present(config, "stateOverrides"), 2);
        BlockOverrides blockOverrides =
                Overrides.blockOfCall(config == null ? null : Params.present(config, "blockOverrides"), 2);
        JsonNode txIndex = config == null ? null : Params.present(config, "txIndex");
        if (txIndex == null) {
            return simulator.site(exchange.at(tag), state, blockOverrides);
        }
        // What a block's first transactions left shows the whole state.
        exchange.demandWholeSight("debug_traceCall");
        long index = Params.quantity64(txIndex, "hexutil.Uint", 2);
        ChainReader.Block block = exchange.block(tag);
        if (block == null) {
            throw RpcException.headerNotFound();
        }
        if (index < 0 || index >= block.size()) {
            throw RpcException.server("transaction index " + Long.toUnsignedString(index) + " out of range for block "
                    + Hexes.data(block.hash()));
        }
        Replay replay = Replay.of(exchange, genesis, simulator, block);
        replay.skip(block, (int) index);
        return simulator.site(block.header(), replay.state(), state, blockOverrides);
    }
}
