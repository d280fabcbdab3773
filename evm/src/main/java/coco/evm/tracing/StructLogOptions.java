package coco.evm.tracing;

/**
 * What {@link StructLogTracer} tells, as {@code debug_traceTransaction} names it.
 *
 * @param enableMemory the memory before each instruction
 * @param disableStack not the stack
 * @param disableStorage not the slots that a contract read or wrote so far
 * @param enableReturnData what the last call returned
 * @param limit how many instructions to tell, zero for all of them; the rest is executed in silence
 */
public record StructLogOptions(
        boolean enableMemory, boolean disableStack, boolean disableStorage, boolean enableReturnData, int limit) {
    /** Stack and storage of all instructions. */
    public static final StructLogOptions DEFAULT = new StructLogOptions(false, false, false, false, 0);
}
