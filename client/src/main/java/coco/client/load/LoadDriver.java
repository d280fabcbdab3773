package coco.client.load;

import coco.client.ClientException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Sends a workload to a network and measures. One run per object. */
public final class LoadDriver {
    private static final long TICK_NANOS = 250_000_000;
    /** A node that restarts is tried again this often. */
    private static final long RECONNECT_NANOS = 100_000_000;

    private static final int COMPLAINTS_MAX = 8;
    private static final int COMPLAINT_LENGTH_MAX = 300;
    private static final long NOT_YET = Long.MAX_VALUE;

    private final LoadSettings settings;
    private final Workload workload;
    private final CpuMeter cpuMeter;
    private final @Nullable ApplyProbe probe;
    private final LongSupplier nanoClock;

    private final LongAdder committed = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder uncounted = new LongAdder();
    private final Set<String> complaints = ConcurrentHashMap.newKeySet();
    private final AtomicLong stoppedAt = new AtomicLong(NOT_YET);
    private volatile long warmAt;

    /**
     * Prepares a run.
     *
     * @param probe follows transactions to all nodes; null to leave that out
     * @param nanoClock as {@link System#nanoTime}
     */
    public LoadDriver(
            LoadSettings settings,
            Workload workload,
            CpuMeter cpuMeter,
            @Nullable ApplyProbe probe,
            LongSupplier nanoClock) {
        this.settings = settings;
        this.workload = workload;
        this.cpuMeter = cpuMeter;
        this.probe = probe;
        this.nanoClock = nanoClock;
    }

    /** Runs to the end. The listener is called by the calling thread. */
    public LoadResult run(LoadListener listener) {
        long start = nanoClock.getAsLong();
        warmAt = start + settings.warmUp().toNanos();
        List<Worker> workers = new ArrayList<>();
        for (int connection = 0; connection < settings.connections(); connection++) {
            workers.add(new Worker(connection, start));
        }
        LatencyHistogram allNodes = new LatencyHistogram();
        List<Thread> threads = new ArrayList<>();
        workers.forEach(worker -> threads.add(
                Thread.ofPlatform().name("load-" + worker.connection).start(worker)));
        if (probe != null) {
            ApplyProbe following = probe;
            threads.add(Thread.ofPlatform().name("load-probe").start(() -> follow(following, allNodes)));
        }
        SequencedMap<String, Duration> used = watch(start, listener);
        threads.forEach(LoadDriver::join);
        LatencyHistogram latency = new LatencyHistogram();
        long measuredCommits = 0;
        for (Worker worker : workers) {
            latency.add(worker.latency);
            measuredCommits += worker.measuredCommits;
        }
        Duration measured = Duration.ofNanos(Math.max(0, stoppedAt.get() - warmAt));
        return new LoadResult(
                measured,
                measured.isZero() ? 0 : measuredCommits,
                refused.sum(),
                uncounted.sum(),
                latency,
                allNodes,
                used,
                List.copyOf(complaints));
    }

    /**
     * Reports progress and reads the meters at the two ends of the measured time; ends the run when its time is over.
     */
    private SequencedMap<String, Duration> watch(long start, LoadListener listener) {
        SequencedMap<String, Duration> before = null;
        long end = warmAt + settings.measured().toNanos();
        while (!stopped()) {
            long now = nanoClock.getAsLong();
            if (before == null && now - warmAt >= 0) {
                before = cpuMeter.read();
            }
            if (now - end >= 0) {
                stop(now);
                break;
            }
            listener.progress(Duration.ofNanos(now - start), before == null, committed.sum());
            long next = before == null ? Math.min(warmAt, now + TICK_NANOS) : Math.min(end, now + TICK_NANOS);
            LockSupport.parkNanos(next - now);
        }
        SequencedMap<String, Duration> after = cpuMeter.read();
        SequencedMap<String, Duration> used = new LinkedHashMap<>();
        if (before != null) {
            SequencedMap<String, Duration> earlier = before;
            after.forEach((name, time) -> used.put(name, time.minus(earlier.getOrDefault(name, Duration.ZERO))));
        }
        return used;
    }

    private boolean stopped() {
        return stoppedAt.get() != NOT_YET;
    }

    private void stop(long now) {
        stoppedAt.compareAndSet(NOT_YET, now);
    }

    private void follow(ApplyProbe following, LatencyHistogram allNodes) {
        while (!stopped()) {
            long sent = nanoClock.getAsLong();
            try {
                if (!following.sendAndAwaitAllNodes()) {
                    return;
                }
                if (sent - warmAt >= 0) {
                    allNodes.record((nanoClock.getAsLong() - sent) / 1_000, 1);
                }
            } catch (ClientException e) {
                complain("probe: " + e.getMessage());
            }
            waitUntil(sent + settings.probeInterval().toNanos());
        }
    }

    private void waitUntil(long time) {
        for (long left = time - nanoClock.getAsLong(); left > 0 && !stopped(); left = time - nanoClock.getAsLong()) {
            LockSupport.parkNanos(Math.min(left, TICK_NANOS));
        }
    }

    private void complain(String text) {
        if (complaints.size() < COMPLAINTS_MAX) {
            complaints.add(text.substring(0, Math.min(text.length(), COMPLAINT_LENGTH_MAX)));
        }
    }

    /** Without a limit of its own: every request has one, and no thread begins another once the run has stopped. */
    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException("interrupted while measuring", e);
        }
    }

    /** One connection. */
    private final class Worker implements Runnable {
        private final int connection;
        private final long start;
        private final RequestBuffer request = new RequestBuffer();
        private final LatencyHistogram latency = new LatencyHistogram();
        private long measuredCommits;
        private @Nullable HttpConnection open;

        Worker(int connection, long start) {
            this.connection = connection;
            this.start = start;
        }

        @Override
        public void run() {
            int batches = workload.batches(connection);
            for (int batch = 0; batch < batches && !stopped(); batch++) {
                long meant = settings.closedLoop() ? nanoClock.getAsLong() : meantTime(batch);
                waitUntil(meant);
                if (!stopped()) {
                    send(batch, meant);
                }
            }
            stop(nanoClock.getAsLong());
            disconnect();
        }

        /** Each connection has its turn once in a round, evenly spread over the round. */
        private long meantTime(int batch) {
            double roundNanos = 1e9 * settings.batch() * settings.connections() / settings.transactionsPerSecond();
            return start + (long) (roundNanos * (batch + (double) connection / settings.connections()));
        }

        private void send(int batch, long meant) {
            int transactions = workload.transactions(connection, batch);
            request.clear();
            workload.write(connection, batch, request);
            try {
                HttpReplies.Reply reply = connect().exchange(request);
                long now = nanoClock.getAsLong();
                judge(reply, transactions, meant, now);
            } catch (IOException e) {
                uncounted.add(transactions);
                complain("connection " + connection + ": " + e.getMessage());
                disconnect();
                waitUntil(nanoClock.getAsLong() + RECONNECT_NANOS);
            }
        }

        private void judge(HttpReplies.Reply reply, int transactions, long meant, long now) {
            int accepted = reply.status() == 200 ? workload.accepted(reply.body(), reply.length(), transactions) : 0;
            refused.add(transactions - accepted);
            if (accepted < transactions) {
                complain("status " + reply.status() + ": " + reply.text());
            }
            if (!reply.transactionStatus().equals("committed")) {
                uncounted.add(accepted);
                return;
            }
            committed.add(accepted);
            if (meant - warmAt >= 0) {
                latency.record((now - meant) / 1_000, accepted);
            }
            if (now - warmAt >= 0 && !stopped()) {
                measuredCommits += accepted;
            }
        }

        private HttpConnection connect() throws IOException {
            HttpConnection connected = open;
            if (connected == null) {
                connected = new HttpConnection(
                        settings.endpoints()
                                .get(connection % settings.endpoints().size()),
                        workload.path(),
                        settings.tls());
                open = connected;
            }
            return connected;
        }

        private void disconnect() {
            HttpConnection connected = open;
            open = null;
            if (connected != null) {
                try {
                    connected.close();
                } catch (IOException e) {
                    complain("closing connection " + connection + ": " + e.getMessage());
                }
            }
        }
    }
}
