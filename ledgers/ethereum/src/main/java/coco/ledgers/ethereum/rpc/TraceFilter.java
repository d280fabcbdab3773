package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What trace_filter selects. As OpenEthereum has it a trace must come from one of the senders and go to one of the
 * receivers, where any are named; with {@code mode} {@code union} one of both is enough.
 *
 * @param senders in hexadecimal; empty for anybody
 * @param receivers in hexadecimal; empty for anybody
 * @param union whether one of both is enough
 * @param after how many traces to leave out first
 * @param count most traces, or the largest number
 */
record TraceFilter(Set<String> senders, Set<String> receivers, boolean union, long after, long count) {
    private static final int MAX_ADDRESSES = 1_000;

    static TraceFilter parse(JsonNode filter) throws RpcException {
        JsonNode mode = Params.present(filter, "mode");
        if (mode != null
                && !(mode.isString()
                        && (mode.stringValue().equals("union")
                                || mode.stringValue().equals("intersection")))) {
            throw RpcException.invalidArgument(0, "mode is neither union nor intersection");
        }
        return new TraceFilter(
                addresses(Params.present(filter, "fromAddress")),
                addresses(Params.present(filter, "toAddress")),
                mode != null && mode.stringValue().equals("union"),
                number(Params.present(filter, "after"), 0),
                number(Params.present(filter, "count"), Long.MAX_VALUE));
    }

    private static Set<String> addresses(@Nullable JsonNode node) throws RpcException {
        Set<String> addresses = new HashSet<>();
        if (node == null) {
            return addresses;
        }
        if (!node.isArray() || node.size() > MAX_ADDRESSES) {
            throw RpcException.invalidArgument(0, "addresses are an array of at most " + MAX_ADDRESSES);
        }
        for (JsonNode address : node) {
            addresses.add(Address.of(Params.fixed(address, Address.SIZE, "common.Address", 0))
                    .hex());
        }
        return addresses;
    }

    private static long number(@Nullable JsonNode node, long absent) throws RpcException {
        if (node == null) {
            return absent;
        }
        if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0) {
            return node.longValue();
        }
        long value = Params.quantity64(node, "hexutil.Uint64", 0);
        return value < 0 ? Long.MAX_VALUE : value;
    }

    /** Whether a trace, as the tracer made it, is one of those asked for; after and count aside. */
    boolean matches(Map<String, Object> trace) {
        if (!(trace.get("action") instanceof Map<?, ?> action)) {
            return false;
        }
        Object created = trace.get("result") instanceof Map<?, ?> result ? result.get("address") : null;
        Object from = either(action.get("from"), action.get("address"));
        Object to =
                either(either(action.get("to"), created), either(action.get("refundAddress"), action.get("author")));
        boolean comes = from != null && senders.contains(from);
        boolean goes = to != null && receivers.contains(to);
        if (union && !senders.isEmpty() && !receivers.isEmpty()) {
            return comes || goes;
        }
        return (senders.isEmpty() || comes) && (receivers.isEmpty() || goes);
    }

    private static @Nullable Object either(@Nullable Object first, @Nullable Object second) {
        return first == null ? second : first;
    }
}
