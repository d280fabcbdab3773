package coco.evm.tracing;

import java.util.Map;

/** What became of a trace. */
public sealed interface TraceResult {
    /**
     * All of it.
     *
     * @param json maps, lists, strings, numbers and truth values; the order of keys is that of the output
     */
    record Complete(Map<String, Object> json) implements TraceResult {}

    /**
     * The limits did not suffice.
     *
     * @param message which, for people
     */
    record TooLarge(String message) implements TraceResult {}
}
