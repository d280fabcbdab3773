package coco.cli.bench;

import coco.client.load.LoadResult;
import java.time.Duration;
import java.util.SequencedMap;

/**
 * What an idle network does and how fast it answers.
 *
 * @param singles the transactions sent one at a time
 * @param quiet how long nothing was sent
 * @param cpu processor time used meanwhile, by process
 */
public record IdleResult(LoadResult singles, Duration quiet, SequencedMap<String, Duration> cpu) {
    /** The share of one core that a process used while nothing was sent, in percent. */
    public double cpuPercent(String process) {
        Duration used = cpu.getOrDefault(process, Duration.ZERO);
        return quiet.isZero() ? 0 : 100.0 * used.toNanos() / quiet.toNanos();
    }
}
