package coco.governance.script;

/**
 * What one call may use.
 *
 * @param heapMegabytes heap of the child
 * @param statements JavaScript statements of one call; the limit that is the same on every machine
 * @param cpuMillis processor time of one call, of the whole child; the child ends itself
 * @param wallMillis time from question to answer; the parent kills
 * @param startMillis time until a child that was started is ready; the parent kills
 * @param outputBytes largest answer
 * @param inputBytes largest source, and largest arguments
 */
public record ScriptLimits(
        int heapMegabytes,
        long statements,
        long cpuMillis,
        long wallMillis,
        long startMillis,
        int outputBytes,
        int inputBytes) {
    /**
     * What a node uses. The engine itself lives in 60 MB. A rule over a thousand members takes some ten thousand
     * statements, interpreted at a few million a second. The wall is for a machine that is busy with other things,
     * since the processor's time is limited by itself. A source of 256 Ki characters has at most 768 KiB. An answer is
     * recorded, escaped once more: 512 KiB leave room in a block for all else that a decision writes.
     */
    public static ScriptLimits standard() {
        return new ScriptLimits(160, 2_000_000, 2_000, 10_000, 60_000, 512 << 10, 4 << 20);
    }
}
