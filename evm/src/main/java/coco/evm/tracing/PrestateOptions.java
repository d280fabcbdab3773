package coco.evm.tracing;

/**
 * What {@link PrestateTracer} tells, as geth names it.
 *
 * @param diffMode only what changed, before and after
 * @param disableCode no code
 * @param disableStorage no slots
 */
public record PrestateOptions(boolean diffMode, boolean disableCode, boolean disableStorage) {
    /** Everything as it was before. */
    public static final PrestateOptions DEFAULT = new PrestateOptions(false, false, false);
}
