package coco.ledgers.ethereum.rpc;

import coco.evm.Tracer;
import coco.evm.tracing.FlatCallTracer;
import coco.evm.tracing.JointTracer;
import coco.evm.tracing.OutputTracer;
import coco.evm.tracing.StateDiffTracer;
import coco.evm.tracing.TraceLimits;
import coco.evm.tracing.VmTracer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which of OpenEthereum's traces are asked for.
 *
 * @param trace the list of calls
 * @param stateDiff what changed
 * @param vmTrace what each instruction did
 */
record TraceTypes(boolean trace, boolean stateDiff, boolean vmTrace) {
    /** The list of calls only. */
    static final TraceTypes CALLS = new TraceTypes(true, false, false);

    private static final List<String> NAMES = List.of("trace", "stateDiff", "vmTrace");

    /** Reads an array of names. */
    static TraceTypes parse(JsonNode node, int index) throws RpcException {
        if (!node.isArray()) {
            throw RpcException.invalidArgument(
                    index, "json: cannot unmarshal non-array into Go value of type []string");
        }
        boolean[] wanted = new boolean[NAMES.size()];
        for (JsonNode name : node) {
            int known = name.isString() ? NAMES.indexOf(name.stringValue()) : -1;
            if (known < 0) {
                throw RpcException.invalidArgument(
                        index, "unrecognized trace type: " + Params.abbreviated(name.toString()));
            }
            wanted[known] = true;
        }
        return new TraceTypes(wanted[0], wanted[1], wanted[2]);
    }

    /** Begins to watch one transaction or call. */
    Watch start(long maxBytes) {
        TraceLimits limits = TraceLimits.DEFAULT.withBytes(maxBytes);
        return new Watch(
                new OutputTracer(limits),
                trace ? new FlatCallTracer(limits) : null,
                stateDiff ? new StateDiffTracer(limits) : null,
                vmTrace ? new VmTracer(limits) : null);
    }

    /** The tracers of one transaction or call. */
    static final class Watch {
        private final OutputTracer output;
        private final @Nullable FlatCallTracer calls;
        private final @Nullable StateDiffTracer changes;
        private final @Nullable VmTracer steps;

        private Watch(
                OutputTracer output,
                @Nullable FlatCallTracer calls,
                @Nullable StateDiffTracer changes,
                @Nullable VmTracer steps) {
            this.output = output;
            this.calls = calls;
            this.changes = changes;
            this.steps = steps;
        }

        /** Who watches. */
        Tracer tracer() {
            List<Tracer> tracers = new ArrayList<>(List.of(output));
            if (calls != null) {
                tracers.add(calls);
            }
            if (changes != null) {
                tracers.add(changes);
            }
            if (steps != null) {
                tracers.add(steps);
            }
            return new JointTracer(tracers);
        }

        /** The list of calls, whose entries the caller may add to; empty if it was not asked for. */
        List<Map<String, Object>> calls() throws RpcException {
            if (calls == null) {
                return List.of();
            }
            TreeJson.complete(calls.result());
            return calls.entries();
        }

        /** Output and what was asked for; null, or no calls, for the rest. */
        Map<String, Object> whole() throws RpcException {
            Map<String, Object> result = new LinkedHashMap<>(TreeJson.complete(output.result()));
            result.put("trace", calls());
            result.put("stateDiff", null);
            result.put("vmTrace", null);
            if (changes != null) {
                result.putAll(TreeJson.complete(changes.result()));
            }
            if (steps != null) {
                result.putAll(TreeJson.complete(steps.result()));
            }
            return result;
        }
    }
}
