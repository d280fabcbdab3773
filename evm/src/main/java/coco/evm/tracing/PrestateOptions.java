package coco.evm.tracing;

/**
 * What {@link PrestateTracer} tells, as geth names it.
 *
 * @param diffMode only what changed, before and after
 * @param disableCode no code, but its hash
 * @param disableStorage no slots
 * @param includeEmpty also accounts that were not there; not together with {@code diffMode}
 */
public record PrestateOptions(boolean diffMode, boolean disableCode, boolean disableStorage, boolean includeEmpty) {
    /** Everything as it was before. */
    public static final PrestateOptions DEFAULT = new PrestateOptions(false, false, false, false);
}
