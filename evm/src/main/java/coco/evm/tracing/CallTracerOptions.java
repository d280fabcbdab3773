package coco.evm.tracing;

/**
 * What {@link CallTracer} tells, as geth names it.
 *
 * @param onlyTopCall the outermost call without those in it
 * @param withLog the logs of each call that was not taken back, with their place in the block and among the calls
 */
public record CallTracerOptions(boolean onlyTopCall, boolean withLog) {
    /** All calls without logs. */
    public static final CallTracerOptions DEFAULT = new CallTracerOptions(false, false);
}
