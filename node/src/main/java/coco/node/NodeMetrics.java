package coco.node;

import coco.core.ReplicaParts;
import coco.ledgers.api.Faults;
import coco.node.http.HttpObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and sizes of what the node does, for Prometheus. Labels are fixed words, never what a client sent. */
final class NodeMetrics implements HttpObserver, ReplicaParts.Observer, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeMetrics.class);

    /** From an idle commit, which should take less than 5 ms, to a failover. */
    private static final Duration[] COMMIT_BUCKETS = {
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(200),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5)
    };

    private record RequestKey(String listener, String route, int status) {}

    private record ClosedKey(String listener, String why) {}

    private record SocketKey(String listener, String route) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ConcurrentMap<RequestKey, Timer> requests = new ConcurrentHashMap<>();
    private final ConcurrentMap<ClosedKey, Counter> closings = new ConcurrentHashMap<>();
    private final ConcurrentMap<SocketKey, Counter> opened = new ConcurrentHashMap<>();
    private final ConcurrentMap<SocketKey, Counter> streams = new ConcurrentHashMap<>();
    private final ConcurrentMap<SocketKey, Timer> messages = new ConcurrentHashMap<>();
    private final Counter requestBytes = registry.counter("coco.http.request.bytes");
    private final Counter replyBytes = registry.counter("coco.http.reply.bytes");
    private final Counter failures = registry.counter("coco.http.failures");
    private final Counter transactions = registry.counter("coco.transactions.applied");
    private final Counter blocks = registry.counter("coco.blocks.applied");
    private final DistributionSummary blockTransactions = registry.summary("coco.block.transactions");
    private final DistributionSummary blockBytes = registry.summary("coco.block.bytes");
    private final Timer execution = registry.timer("coco.block.execution");
    private final Timer sealing = registry.timer("coco.block.sealing");
    private final Timer forcing = registry.timer("coco.journal.force");
    private final Timer committing = Timer.builder("coco.block.commit")
            .description("From proposing a block of this node to its being applied here")
            .serviceLevelObjectives(COMMIT_BUCKETS)
            .register(registry);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Consumer<Throwable> onFailed;

    /** @param onFailed told once when the replica has found itself wrong */
    NodeMetrics(Consumer<Throwable> onFailed) {
        this.onFailed = onFailed;
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /** Shows a number that is asked for at each scrape. */
    void gauge(String name, String meaning, Supplier<Number> value) {
        Gauge.builder(name, value).description(meaning).register(registry);
    }

    /** The same, with one label. */
    void gauge(String name, String meaning, String label, String labelValue, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(meaning)
                .tags(Tags.of(label, labelValue))
                .register(registry);
    }

    /** Prometheus' text form. */
    String scrape() {
        return registry.scrape();
    }

    @Override
    public void answered(String listener, String route, int status, long nanos, int requestSize, int replySize) {
        requests.computeIfAbsent(
                        new RequestKey(listener, route, status),
                        key -> Timer.builder("coco.http.requests")
                                .description("Requests by listener, route and status")
                                .tags(
                                        "listener",
                                        key.listener(),
                                        "route",
                                        key.route(),
                                        "status",
                                        Integer.toString(key.status()))
                                .register(registry))
                .record(nanos, TimeUnit.NANOSECONDS);
        requestBytes.increment(requestSize);
        replyBytes.increment(replySize);
    }

    @Override
    public void closed(String listener, String why) {
        closings.computeIfAbsent(
                        new ClosedKey(listener, why),
                        key -> Counter.builder("coco.http.closed")
                                .description("Connections closed because a limit was reached")
                                .tags("listener", key.listener(), "why", key.why())
                                .register(registry))
                .increment();
    }

    @Override
    public void socketOpened(String listener, String route) {
        opened.computeIfAbsent(
                        new SocketKey(listener, route),
                        key -> Counter.builder("coco.websocket.opened")
                                .description("WebSocket connections that were opened")
                                .tags("listener", key.listener(), "route", key.route())
                                .register(registry))
                .increment();
    }

    @Override
    public void streamOpened(String listener, String route) {
        streams.computeIfAbsent(
                        new SocketKey(listener, route),
                        key -> Counter.builder("coco.events.opened")
                                .description("Streams of server-sent events that were opened")
                                .tags("listener", key.listener(), "route", key.route())
                                .register(registry))
                .increment();
    }

    @Override
    public void socketMessage(String listener, String route, long nanos, int bytes) {
        messages.computeIfAbsent(
                        new SocketKey(listener, route),
                        key -> Timer.builder("coco.websocket.messages")
                                .description("Messages of WebSocket clients, until they were answered")
                                .tags("listener", key.listener(), "route", key.route())
                                .register(registry))
                .record(nanos, TimeUnit.NANOSECONDS);
        requestBytes.increment(bytes);
    }

    @Override
    public void failed(String listener, String route, Throwable failure) {
        failures.increment();
        LOG.warn("a request to {} {} failed: {}", listener, route, Faults.withoutText(failure));
    }

    /** A node was refused for this reason, one of a few fixed words. */
    void refused(String check) {
        registry.counter("coco.node.refusals", "check", check).increment();
    }

    @Override
    public void applied(long height, int count) {
        blocks.increment();
        transactions.increment(count);
    }

    @Override
    public void built(int count, int sealedBytes, long executeNanos, long sealNanos) {
        blockTransactions.record(count);
        blockBytes.record(sealedBytes);
        execution.record(executeNanos, TimeUnit.NANOSECONDS);
        sealing.record(sealNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void committed(long nanos) {
        committing.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** The journal was forced to disk. */
    void forced(long nanos) {
        forcing.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void failed(Throwable cause) {
        onFailed.accept(cause);
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
