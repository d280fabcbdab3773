package coco.benchmarks.evm;

/**
 * An EVM under Paris rules with the contracts of {@link Program} in it, one of those that run side by side. Every run
 * begins with the same state, with cold accounts and slots, in memory. One thread.
 */
interface Machine extends AutoCloseable {
    /** For people, with its version. */
    String name();

    /** Runs the program so often, each time as if it were the first. */
    Run run(Program program, int repetitions);

    @Override
    void close();

    /**
     * What came of it.
     *
     * @param gasUsed of one repetition, without the fixed price of a transaction and without refunds
     * @param output of the last repetition
     * @param cpuNanos processor time of all repetitions
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared by its content where it matters.
    record Run(long gasUsed, byte[] output, long cpuNanos) {}
}
