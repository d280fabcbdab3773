package coco.cli.bench;

import coco.client.ClientException;
import java.time.Duration;
import java.util.function.IntToLongFunction;
import java.util.function.LongSupplier;

/**
 * Waits until every node has reached a height. It asks again after a pause: asking without one would burn the processor
 * time of driver and nodes that a benchmark measures. So what it times is good to a millisecond.
 */
final class AppliedEverywhere {
    /** Longer than a failover; a node that needs longer has stopped, and the sample is lost. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final int nodes;
    private final IntToLongFunction height;
    private final LongSupplier nanoClock;
    private final Runnable pause;

    /**
     * @param height asks a node, from 0, how far it is
     * @param pause about a millisecond
     */
    AppliedEverywhere(int nodes, IntToLongFunction height, LongSupplier nanoClock, Runnable pause) {
        this.nodes = nodes;
        this.height = height;
        this.nanoClock = nanoClock;
        this.pause = pause;
    }

    /**
     * Waits for all nodes but the one that has answered already.
     *
     * @throws ClientException a node did not get there in time
     */
    void await(int answered, long wanted) {
        long start = nanoClock.getAsLong();
        for (int i = 1; i < nodes; i++) {
            int node = (answered + i) % nodes;
            while (height.applyAsLong(node) < wanted) {
                if (nanoClock.getAsLong() - start > LIMIT.toNanos()) {
                    throw new ClientException("node " + (node + 1) + " has not applied height " + wanted + " within "
                            + LIMIT.toSeconds() + " s");
                }
                pause.run();
            }
        }
    }
}
