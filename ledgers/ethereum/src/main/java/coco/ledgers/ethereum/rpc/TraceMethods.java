package coco.ledgers.ethereum.rpc;

import coco.crypto.Secp256k1;
import coco.evm.Halt;
import coco.evm.transition.Outcome;
import coco.evm.transition.Rewards;
import coco.evm.transition.TransactionMessage;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.MalformedException;
import coco.evm.types.Transaction;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.simulation.BlockOverrides;
import coco.ledgers.ethereum.simulation.OverriddenState;
import coco.ledgers.ethereum.simulation.StateOverrides;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** trace_*: OpenEthereum's trace module. What does not exist is answered with null. */
final class TraceMethods {
    /** Most blocks that one trace_filter executes again: Besu's limit. */
    private static final int MAX_FILTERED_BLOCKS = 1_000;

    private final Genesis genesis;
    private final Simulator simulator;
    private final LedgerContext context;
    private final Secp256k1 curve = Secp256k1.fastest();

    TraceMethods(Genesis genesis, Simulator simulator, LedgerContext context) {
        this.genesis = genesis;
        this.simulator = simulator;
        this.context = context;
    }

    void register(Map<String, Method> methods) {
        methods.put("trace_block", Method.onProcessors(this::block));
        methods.put("trace_transaction", Method.onProcessors(this::transaction));
        methods.put("trace_get", Method.onProcessors(this::get));
        methods.put("trace_filter", Method.onProcessors(this::filter));
        methods.put("trace_replayTransaction", Method.onProcessors(this::replayTransaction));
        methods.put("trace_replayBlockTransactions", Method.onProcessors(this::replayBlock));
        methods.put("trace_call", Method.onProcessors(this::call));
        methods.put("trace_callMany", Method.onProcessors(this::callMany));
        methods.put("trace_rawTransaction", Method.onProcessors(this::rawTransaction));
    }

    private TraceTypes.Watch watch(TraceTypes types) {
        return types.start(context.settings().maxReplyBytes());
    }

    private Replay replay(Exchange exchange, ChainReader.Block block) throws RpcException {
        return Replay.of(exchange, genesis, simulator, block);
    }

    private TraceTypes.Watch next(Exchange exchange, Replay replay, ExecutedTransaction executed, TraceTypes types)
            throws RpcException {
        TraceTypes.Watch watch = watch(types);
        replay.next(executed.transaction(), executed.sender(), watch.tracer(), simulator.cancellation(exchange));
        return watch;
    }

    // ---- traces that say where they are ----

    /** Takes one trace after the other. */
    @FunctionalInterface
    private interface Taker {
        void take(Map<String, Object> trace) throws RpcException;
    }

    private Answer block(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        ChainReader.Block block = exchange.block(params.block(0));
        if (block == null) {
            return Answer.NULL;
        }
        return out -> {
            out.writeStartArray();
            traces(exchange, block, trace -> TreeJson.write(out, trace));
            out.writeEndArray();
        };
    }

    private void traces(Exchange exchange, ChainReader.Block block, Taker taker) throws RpcException {
        if (block.size() > 0) {
            Replay replay = replay(exchange, block);
            for (int i = 0; i < block.size(); i++) {
                TraceTypes.Watch watch = next(exchange, replay, block.transaction(i), TraceTypes.CALLS);
                for (Map<String, Object> trace : watch.calls()) {
                    taker.take(placed(trace, block, i));
                }
            }
        }
        for (Map<String, Object> reward : rewards(block)) {
            taker.take(reward);
        }
    }

    private static Map<String, Object> placed(Map<String, Object> trace, ChainReader.Block block, int ordinal) {
        trace.put("blockHash", Hexes.data(block.hash()));
        trace.put("blockNumber", block.header().number());
        trace.put(
                "transactionHash",
                Hexes.data(block.entries().transactions().get(ordinal).id()));
        trace.put("transactionPosition", ordinal);
        return trace;
    }

    /** What the miners of an imported block got. */
    private List<Map<String, Object>> rewards(ChainReader.Block block) {
        Header header = block.header();
        if (header.number() == 0) {
            return List.of();
        }
        Fork fork = genesis.config().fork(header.number(), header.timestamp());
        List<Map<String, Object>> traces = new ArrayList<>();
        for (Rewards.Reward reward : Rewards.ofMiners(fork, header, block.ommers())) {
            Map<String, Object> action = new LinkedHashMap<>();
            action.put("author", reward.author().hex());
            action.put("rewardType", reward.isForOmmer() ? "uncle" : "block");
            action.put("value", reward.amount().toQuantity());
            Map<String, Object> trace = new LinkedHashMap<>();
            trace.put("action", action);
            trace.put("blockHash", Hexes.data(block.hash()));
            trace.put("blockNumber", header.number());
            trace.put("result", null);
            trace.put("subtraces", 0);
            trace.put("traceAddress", List.of());
            trace.put("transactionHash", null);
            trace.put("transactionPosition", null);
            trace.put("type", "reward");
            traces.add(trace);
        }
        return traces;
    }

    /** The traces of one transaction; null if there is no such. */
    private @Nullable List<Map<String, Object>> tracesOf(Exchange exchange, byte[] hash) throws RpcException {
        ChainReader.Place place = exchange.chain().find(hash);
        if (place == null) {
            return null;
        }
        Replay replay = replay(exchange, place.block());
        replay.skip(place.block(), place.ordinal());
        ExecutedTransaction executed = place.block().transaction(place.ordinal());
        List<Map<String, Object>> traces =
                next(exchange, replay, executed, TraceTypes.CALLS).calls();
        traces.forEach(trace -> placed(trace, place.block(), place.ordinal()));
        return traces;
    }

    private Answer transaction(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        List<Map<String, Object>> traces = tracesOf(exchange, params.hash(0));
        return traces == null ? Answer.NULL : out -> TreeJson.write(out, traces);
    }

    private Answer get(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        byte[] hash = params.hash(0);
        JsonNode way = params.required(1);
        if (!way.isArray()) {
            throw RpcException.invalidArgument(
                    1, "json: cannot unmarshal non-array into Go value of type []hexutil.Uint64");
        }
        List<Integer> address = new ArrayList<>();
        for (JsonNode step : way) {
            long number = step.isIntegralNumber() && step.canConvertToInt() && step.intValue() >= 0
                    ? step.intValue()
                    : Params.quantity64(step, "hexutil.Uint64", 1);
            address.add(Math.clamp(number, -1, Integer.MAX_VALUE));
        }
        List<Map<String, Object>> traces = tracesOf(exchange, hash);
        for (Map<String, Object> trace : traces == null ? List.<Map<String, Object>>of() : traces) {
            if (address.equals(trace.get("traceAddress"))) {
                return out -> TreeJson.write(out, trace);
            }
        }
        return Answer.NULL;
    }

    private Answer filter(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        JsonNode node = params.required(0);
        if (!node.isObject()) {
            throw RpcException.invalidArgument(
                    0, "json: cannot unmarshal non-object into Go value of type TraceFilter");
        }
        TraceFilter filter = TraceFilter.parse(node);
        ChainReader chain = exchange.chain();
        long newest = chain.head().number();
        long from = number(exchange, Params.present(node, "fromBlock"), newest);
        long to = number(exchange, Params.present(node, "toBlock"), newest);
        if (to - from >= MAX_FILTERED_BLOCKS) {
            throw new RpcException(RpcException.INVALID_PARAMS, "query exceeds max block range " + MAX_FILTERED_BLOCKS);
        }
        return out -> {
            Selection selection = new Selection(filter, context.settings().maxResults(), out);
            out.writeStartArray();
            for (long number = from; number <= Math.min(to, newest) && !selection.isComplete(); number++) {
                exchange.checkTime();
                ChainReader.Block block = chain.byNumber(number);
                if (block != null && block.isTraceable()) {
                    traces(exchange, block, selection);
                }
            }
            out.writeEndArray();
        };
    }

    private static long number(Exchange exchange, @Nullable JsonNode tag, long absent) throws RpcException {
        if (tag == null) {
            return absent;
        }
        if (BlockTag.parse(tag, 0) instanceof BlockTag.Numbered(long number)) {
            return number;
        }
        ChainReader.Block block = exchange.block(BlockTag.parse(tag, 0));
        if (block == null) {
            throw RpcException.headerNotFound();
        }
        return block.header().number();
    }

    /** Writes the traces that a filter selects. */
    private static final class Selection implements Taker {
        private final TraceFilter filter;
        private final int maxResults;
        private final JsonGenerator out;
        private long matching;
        private long written;

        Selection(TraceFilter filter, int maxResults, JsonGenerator out) {
            this.filter = filter;
            this.maxResults = maxResults;
            this.out = out;
        }

        boolean isComplete() {
            return written >= filter.count();
        }

        @Override
        public void take(Map<String, Object> trace) throws RpcException {
            if (isComplete() || !filter.matches(trace) || matching++ < filter.after()) {
                return;
            }
            if (written++ == maxResults) {
                throw new RpcException(
                        RpcException.INVALID_PARAMS, "query returned more than " + maxResults + " results");
            }
            TreeJson.write(out, trace);
        }
    }

    // ---- traces of several types ----

    private Answer replayTransaction(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        byte[] hash = params.hash(0);
        TraceTypes types = TraceTypes.parse(params.required(1), 1);
        ChainReader.Place place = exchange.chain().find(hash);
        if (place == null) {
            return Answer.NULL;
        }
        Replay replay = replay(exchange, place.block());
        replay.skip(place.block(), place.ordinal());
        TraceTypes.Watch watch = next(exchange, replay, place.block().transaction(place.ordinal()), types);
        return out -> TreeJson.write(out, watch.whole());
    }

    private Answer replayBlock(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        BlockTag tag = params.block(0);
        TraceTypes types = TraceTypes.parse(params.required(1), 1);
        ChainReader.Block block = exchange.block(tag);
        if (block == null) {
            return Answer.NULL;
        }
        return out -> {
            out.writeStartArray();
            if (block.size() > 0) {
                Replay replay = replay(exchange, block);
                for (int i = 0; i < block.size(); i++) {
                    ExecutedTransaction executed = block.transaction(i);
                    Map<String, Object> result =
                            next(exchange, replay, executed, types).whole();
                    result.put(
                            "transactionHash", Hexes.data(executed.transaction().hash()));
                    TreeJson.write(out, result);
                }
            }
            out.writeEndArray();
        };
    }

    private Answer call(Exchange exchange, Params params) throws RpcException {
        params.atMost(3);
        TransactionMessage message =
                Calls.parse(params.required(0), genesis.config().chainId(), simulator.gasCap());
        TraceTypes types = TraceTypes.parse(params.required(1), 1);
        return simulated(exchange, exchange.at(params.blockOrLatest(2)), message, types);
    }

    private Answer simulated(Exchange exchange, StateAt at, TransactionMessage message, TraceTypes types)
            throws RpcException {
        CallSite site = simulator.site(at, StateOverrides.NONE, BlockOverrides.NONE);
        TraceTypes.Watch watch = watch(types);
        settled(
                exchange,
                site.executor()
                        .simulate(
                                site.state(),
                                site.environment(),
                                message,
                                simulator.cancellation(exchange),
                                watch.tracer()));
        return out -> TreeJson.write(out, watch.whole());
    }

    private static void settled(Exchange exchange, Outcome outcome) throws RpcException {
        switch (outcome) {
            case Outcome.Rejected rejected -> throw Replay.failed(rejected);
            case Outcome.Executed executed when executed.halt() == Halt.CANCELLED -> throw Replay.timedOut(exchange);
            case Outcome.Executed _ -> {}
        }
    }

    /** Calls one after the other, each on what those before it have left. */
    private Answer callMany(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        JsonNode calls = params.required(0);
        int most = context.settings().maxBatch();
        if (!calls.isArray() || calls.size() > most) {
            throw RpcException.invalidArgument(0, "calls are an array of at most " + most);
        }
        StateAt at = exchange.at(params.blockOrLatest(1));
        OverriddenState state = OverriddenState.above(at.state());
        CallSite site = simulator.site(at.header(), state, StateOverrides.NONE, BlockOverrides.NONE);
        return out -> {
            out.writeStartArray();
            for (JsonNode call : calls) {
                if (!call.isArray() || call.size() != 2) {
                    throw RpcException.invalidArgument(
                            0, "a call is an array of an object and an array of trace types");
                }
                exchange.checkTime();
                TransactionMessage message =
                        Calls.parse(call.get(0), genesis.config().chainId(), simulator.gasCap());
                TraceTypes.Watch watch = watch(TraceTypes.parse(call.get(1), 0));
                settled(
                        exchange,
                        site.executor()
                                .executeCall(
                                        site.state(),
                                        site.environment(),
                                        message,
                                        message.gasLimit(),
                                        false,
                                        simulator.cancellation(exchange),
                                        watch.tracer()));
                site.executor().commit(site.state(), state);
                TreeJson.write(out, watch.whole());
            }
            out.writeEndArray();
        };
    }

    /** A signed transaction that is sent to nobody, on the newest state, whatever its nonce. */
    private Answer rawTransaction(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        Transaction transaction;
        try {
            transaction = Transaction.decode(params.bytes(0));
        } catch (MalformedException e) {
            throw RpcException.server("could not decode transaction: " + e.getMessage());
        }
        TraceTypes types = TraceTypes.parse(params.required(1), 1);
        long chainId = genesis.config().chainId();
        Address sender = transaction.sender(curve);
        if (sender == null || (transaction.replayProtected() && transaction.chainId() != chainId)) {
            throw RpcException.server("invalid sender");
        }
        if (!exchange.sight().showsPooled(sender)) {
            throw RpcException.server("invalid sender");
        }
        return simulated(exchange, exchange.at(BlockTag.LATEST), TransactionMessage.of(transaction, sender), types);
    }
}
