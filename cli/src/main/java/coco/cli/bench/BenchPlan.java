package coco.cli.bench;

import coco.cli.console.CliException;
import java.time.Duration;

/**
 * What to measure.
 *
 * @param kind what is sent
 * @param transactions how many are prepared, those of the warm-up included
 * @param accounts how many send and receive; for the key-value ledger, how many keys there are
 * @param ratePerSecond of an open loop; 0 for a closed loop
 * @param connections each with one request outstanding
 * @param batch transactions of one request
 * @param warmUp cut off
 * @param measured longest time measured after the warm-up
 * @param seed decides accounts and recipients
 */
public record BenchPlan(
        WorkloadKind kind,
        int transactions,
        int accounts,
        double ratePerSecond,
        int connections,
        int batch,
        Duration warmUp,
        Duration measured,
        long seed) {
    /** Transactions a second on an idle network: a commit takes milliseconds, so each of them is alone. */
    public static final double IDLE_RATE = 10;

    /** All signed transactions lie in the driver's memory, some 250 bytes each with what holds them. */
    private static final int TRANSACTIONS_MAX = 4_000_000;

    private static final int ACCOUNTS_MAX = 2_000_000;
    /** Two for each node of the largest network: one half warms up, the other is measured. */
    private static final int IDLE_ACCOUNTS_LEAST = 20;

    private static final int CONNECTIONS_MAX = 1_000;
    /** What a node takes in one JSON-RPC batch. */
    private static final int BATCH_MAX = 1_000;
    /** A longer run belongs to a soak test. */
    private static final Duration TIME_MAX = Duration.ofDays(1);

    /** Checks the ranges. */
    public BenchPlan {
        require(transactions >= 1 && transactions <= TRANSACTIONS_MAX, "--transactions", 1, TRANSACTIONS_MAX);
        require(connections >= 1 && connections <= CONNECTIONS_MAX, "--connections", 1, CONNECTIONS_MAX);
        require(accounts >= connections && accounts <= ACCOUNTS_MAX, "--accounts", connections, ACCOUNTS_MAX);
        require(
                kind != WorkloadKind.IDLE || accounts >= IDLE_ACCOUNTS_LEAST,
                "--accounts",
                IDLE_ACCOUNTS_LEAST,
                ACCOUNTS_MAX);
        require(batch >= 1 && batch <= BATCH_MAX, "--rpc-batch", 1, BATCH_MAX);
        require(kind != WorkloadKind.IDLE || ratePerSecond > 0, "--rate", 1, 1_000_000);
        require(ratePerSecond >= 0 && ratePerSecond <= 1e6, "--rate", 0, 1_000_000);
        require(!warmUp.isNegative() && warmUp.compareTo(TIME_MAX) <= 0, "--warmup", 0, (int) TIME_MAX.toSeconds());
        require(
                measured.compareTo(Duration.ofSeconds(1)) >= 0 && measured.compareTo(TIME_MAX) <= 0,
                "--seconds",
                1,
                (int) TIME_MAX.toSeconds());
    }

    /** Transactions that may be under way at a time in a closed loop. */
    public int outstanding() {
        return connections * batch;
    }

    /** This plan with other batches. */
    public BenchPlan withBatch(int transactionsPerRequest) {
        return new BenchPlan(
                kind,
                transactions,
                accounts,
                ratePerSecond,
                connections,
                transactionsPerRequest,
                warmUp,
                measured,
                seed);
    }

    private static void require(boolean holds, String option, int least, int most) {
        if (!holds) {
            throw CliException.usage(
                    "this value of " + option + " cannot be used", "Choose " + least + " to " + most + ".");
        }
    }
}
