package coco.cli.demo.compare;

import coco.cli.console.CliException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is compared.
 *
 * @param folder of blocks; null for a synthetic mix
 * @param blocks of the folder that are looked at
 * @param topUp whether synthetic transactions make up for what the folder lacks
 * @param baseline JSON-RPC of somebody's network; empty for an anvil of our own
 * @param baselineSettings of that anvil
 * @param anvil the program; null for the one from npm
 * @param warmUp synthetic transactions that Coco executes before anything is measured
 */
record CompareSettings(
        @Nullable Path folder,
        BlockRange blocks,
        boolean topUp,
        List<URI> baseline,
        BaselineSettings baselineSettings,
        @Nullable Path anvil,
        int warmUp) {
    /** What the talk compared: 2,000 transactions in blocks of 100. */
    static final int COUNT = 2_000;

    static final int BATCH = 100;
    /** The genesis document with the state of more would be too large for a node. */
    static final int COUNT_MAX = 20_000;

    static final int BATCH_MAX = 10_000;
    static final int RATE_MAX = 100_000;

    CompareSettings {
        baseline = List.copyOf(baseline);
    }

    /**
     * One run.
     *
     * @param count transactions
     * @param batch most transactions of a block of Coco
     * @param rate transactions a second to both; 0 for as fast as two full blocks under way allow
     */
    record Run(int count, int batch, double rate) {
        /** What is wrong with the number of transactions; null if nothing is. */
        static @Nullable String countFault(long count) {
            return count >= 1 && count <= COUNT_MAX ? null : "must be 1 to " + COUNT_MAX;
        }

        static @Nullable String batchFault(long batch) {
            return batch >= 1 && batch <= BATCH_MAX ? null : "must be 1 to " + BATCH_MAX;
        }

        static @Nullable String rateFault(double rate) {
            return rate >= 0 && rate <= RATE_MAX ? null : "must be 0 (as fast as possible) to " + RATE_MAX;
        }

        /** @throws CliException names the option that cannot be used */
        static Run checked(int count, int batch, double rate) {
            require("--count", countFault(count));
            require("--batch", batchFault(batch));
            require("--rate", rateFault(rate));
            return new Run(count, batch, rate);
        }

        private static void require(String option, @Nullable String fault) {
            if (fault != null) {
                throw CliException.usage(option + " " + fault, "See: coco demo compare --help");
            }
        }
    }
}
