package coco.ledgers.ethereum.simulation;

/**
 * What one simulation of blocks may cost.
 *
 * @param blocks most blocks, those that fill gaps included: as many as BLOCKHASH reaches, geth's figure
 * @param callsPerBlock most calls of one block: geth's figure
 * @param gas most gas of all calls together, and of all system calls together
 * @param resultBytes most bytes of output and logs: what an answer has room for
 */
public record SimulationLimits(int blocks, int callsPerBlock, long gas, long resultBytes) {
    private static final int BLOCKS = 256;
    private static final int CALLS_PER_BLOCK = 5_000;

    /** Limits by what the operator allows to one call and one answer. */
    public static SimulationLimits of(long gas, long resultBytes) {
        return new SimulationLimits(BLOCKS, CALLS_PER_BLOCK, gas, resultBytes);
    }
}
