package coco.cli.bench;

import coco.cli.console.Console;
import coco.cli.console.Pause;
import coco.client.load.CpuMeter;
import coco.client.load.LoadDriver;
import coco.client.load.LoadResult;
import coco.client.load.LoadSettings;
import coco.client.load.Workload;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;

/**
 * The measurement of an idle network. First some traffic, one request of one transaction at a time on every node: a
 * network that has never worked runs interpreted code and says little. Then a rest, so that compilers and collectors
 * finish. Then nothing, while processor time is read; then single transactions, far enough apart that each finds the
 * network idle.
 */
final class IdleRun {
    private static final Duration REST = Duration.ofSeconds(5);
    private static final long TICK_MILLIS = 1_000;
    /** One connection sends no more than this a second when each request waits for its commit. */
    private static final int WARM_UP_PER_SECOND = 500;
    /** By then everything is compiled, however long the warm-up is meant to be. */
    private static final int WARM_UP_MAX = 200_000;

    private final BenchPlan plan;
    private final List<URI> endpoints;
    private final SSLContext tls;
    private final CpuMeter cpuMeter;
    private final LongSupplier nanoClock;
    private final Console console;

    IdleRun(
            BenchPlan plan,
            List<URI> endpoints,
            SSLContext tls,
            CpuMeter cpuMeter,
            LongSupplier nanoClock,
            Console console) {
        this.plan = plan;
        this.endpoints = endpoints;
        this.tls = tls;
        this.cpuMeter = cpuMeter;
        this.nanoClock = nanoClock;
        this.console = console;
    }

    /**
     * @param transfer signs for accounts 0 to those of the plan; their first half warms up, the other half is measured
     */
    IdleResult run(EthereumBatches.Transfer transfer) {
        int half = plan.accounts() / 2;
        EthereumBatches.Transfer others = (sender, nonce, recipient) -> transfer.sign(half + sender, nonce, recipient);
        warmUp(half, transfer);
        Workload singles = EthereumBatches.sign(half, others, plan.transactions(), endpoints.size(), 1, plan.seed());
        console.note("letting the network rest for " + REST.toSeconds() + " s, then watching it for "
                + plan.measured().toSeconds() + " s");
        Pause.millis(REST.toMillis());
        SequencedMap<String, Duration> before = cpuMeter.read();
        long start = nanoClock.getAsLong();
        long end = start + plan.measured().toNanos();
        for (long left = end - start; left > 0; left = end - nanoClock.getAsLong()) {
            console.progress("  " + Duration.ofNanos(left).toSeconds() + " s of doing nothing left");
            Pause.millis(Math.clamp(left / 1_000_000, 1, TICK_MILLIS));
        }
        Duration quiet = Duration.ofNanos(nanoClock.getAsLong() - start);
        SequencedMap<String, Duration> used = new LinkedHashMap<>();
        cpuMeter.read().forEach((name, time) -> used.put(name, time.minus(before.getOrDefault(name, Duration.ZERO))));
        return new IdleResult(sendSingles(singles), quiet, used);
    }

    private void warmUp(int accounts, EthereumBatches.Transfer transfer) {
        if (plan.warmUp().isZero()) {
            return;
        }
        int prepared = (int) Math.min(WARM_UP_MAX, plan.warmUp().toSeconds() * WARM_UP_PER_SECOND * endpoints.size());
        console.note("warming up for " + plan.warmUp().toSeconds() + " s");
        drive(EthereumBatches.sign(accounts, transfer, prepared, endpoints.size(), 1, plan.seed()), 0, plan.warmUp());
    }

    private LoadResult sendSingles(Workload singles) {
        double rate = plan.ratePerSecond();
        console.note("sending " + plan.transactions() + " transactions one at a time, " + rate + " a second");
        Duration enough =
                Duration.ofMillis((long) (1e3 * plan.transactions() / rate)).plus(REST);
        return drive(singles, rate, enough);
    }

    /** One connection to each node; without a probe, whose own transactions would not leave the network idle. */
    private LoadResult drive(Workload workload, double rate, Duration time) {
        LoadSettings settings =
                new LoadSettings(endpoints, tls, endpoints.size(), rate, 1, Duration.ZERO, time, Duration.ofSeconds(1));
        LoadDriver driver = new LoadDriver(settings, workload, cpuMeter, null, nanoClock);
        return driver.run((elapsed, warmingUp, committed) ->
                console.progress(String.format(Locale.ROOT, "  %d s, %,d committed", elapsed.toSeconds(), committed)));
    }
}
