package coco.client.load;

import java.time.Duration;
import java.util.List;
import java.util.SequencedMap;

/**
 * What a run showed. Everything concerns the time after the warm-up.
 *
 * @param measured how long that was; zero if the work ran out during the warm-up
 * @param committed transactions whose commit was answered within that time
 * @param refused transactions that a node refused, over the whole run
 * @param uncounted transactions answered as pending, or not answered at all, over the whole run
 * @param latency from the time meant for sending to the reply that says committed
 * @param allNodesLatency from sending to the time when the last node had applied it, for the transactions followed
 * @param cpu processor time used within that time, by process
 * @param complaints some of the errors seen, each once
 */
public record LoadResult(
        Duration measured,
        long committed,
        long refused,
        long uncounted,
        LatencyHistogram latency,
        LatencyHistogram allNodesLatency,
        SequencedMap<String, Duration> cpu,
        List<String> complaints) {
    /** Transactions a second; 0 if nothing was measured. */
    public double committedPerSecond() {
        return measured.isZero() ? 0 : committed / (measured.toNanos() / 1e9);
    }

    /** Microseconds of processor time per committed transaction of one process; 0 if nothing was measured. */
    public double cpuMicrosPerTransaction(String process) {
        Duration used = cpu.getOrDefault(process, Duration.ZERO);
        return committed == 0 ? 0 : used.toNanos() / 1e3 / committed;
    }
}
