package coco.governance.script;

/**
 * What one call may use.
 *
 * @param heapMegabytes heap of the child
 * @param statements JavaScript statements of one call; the limit that is the same on every machine
 * @param cpuMillis processor time of one call; the child ends itself
 * @param wallMillis time from sending to answer; the parent kills
 * @param startMillis the same for a call that has to start the child first
 * @param outputBytes largest answer
 * @param sourceBytes largest module
 * @param argumentBytes largest arguments
 */
public record ScriptLimits(
        int heapMegabytes,
        long statements,
        long cpuMillis,
        long wallMillis,
        long startMillis,
        int outputBytes,
        int sourceBytes,
        int argumentBytes) {
    /** What a node uses. */
    public static ScriptLimits standard() {
        return new ScriptLimits(128, 2_000_000, 5_000, 10_000, 60_000, 1 << 20, 1 << 18, 1 << 20);
    }
}
