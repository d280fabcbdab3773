package coco.systemtests.simulation;

import coco.consensus.PeerId;
import coco.consensus.ReplicatedLog;
import coco.core.Core;
import coco.core.Keyring;
import coco.core.NodeChannel;
import coco.core.ReplicaParts;
import coco.core.Scheduler;
import coco.journal.BlockSealer;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.SealerDirectory;
import coco.journal.SealerIdentity;
import coco.journal.testing.FaultyStorage;
import coco.kv.StoreLimits;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.LedgerFactory;
import coco.ledgers.api.Offer;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.View;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One node of a simulated cluster, through all its lives. Its disk survives; everything else ends with a crash. */
final class SimulatedNode {
    private static final long SERVICE_EPOCH_MILLIS = 1_800_000_000_000L;

    private final SimulatedCluster cluster;
    private final PeerId id;
    private final FaultyStorage disk;
    private final long clockOffsetMillis;
    private @Nullable Life life;

    SimulatedNode(SimulatedCluster cluster, PeerId id, JournalEntry genesis) {
        this.cluster = cluster;
        this.id = id;
        this.disk = new FaultyStorage(cluster.simulation().random());
        this.clockOffsetMillis = cluster.simulation().random().nextLong(-3_000, 3_000);
        try (Journal journal = open()) {
            journal.append(genesis);
            journal.force();
        }
    }

    private Journal open() {
        return switch (Journal.open(disk, cluster.serviceId(), SimulatedCluster.JOURNAL_LIMITS)) {
            case Journal.Opening.Ready ready -> ready.journal();
            default -> throw new IllegalStateException("the simulated journal does not open");
        };
    }

    PeerId id() {
        return id;
    }

    boolean running() {
        return life != null;
    }

    Core core() {
        Life current = life;
        if (current == null) {
            throw new IllegalStateException(id + " is down");
        }
        return current.core;
    }

    /** Begins a life: reads what the disk still holds, and takes part. */
    void start(UnaryOperator<ReplicatedLog> wrapper) {
        Life next = new Life(wrapper.apply(cluster.oracle().open(id)));
        life = next;
        next.core.replica().start(next.log);
        next.driveJournal();
    }

    /** Ends at once. */
    void crash(boolean losePageCache) {
        Life ended = life;
        if (ended != null) {
            life = null;
            ended.alive = false;
            cluster.oracle().crash(id);
            if (losePageCache) {
                disk.crash();
            } else {
                disk.kill();
            }
        }
    }

    /** How often each transaction of this ledger stands in this node's history. */
    Map<ByteBuffer, Integer> executed(String ledger) {
        Map<ByteBuffer, Integer> counts = new HashMap<>();
        Life current = Objects.requireNonNull(life);
        try (View view = Objects.requireNonNull(current.contexts.get(ledger)).view(Caller.ANONYMOUS)) {
            for (long height = 0; height <= view.height(); height++) {
                LedgerBlock block = view.history().block(height);
                if (block != null) {
                    block.transactions()
                            .forEach(executed -> counts.merge(ByteBuffer.wrap(executed.id()), 1, Integer::sum));
                }
            }
        }
        return counts;
    }

    /** What clients can read on this node. */
    Map<String, String> state() {
        Endpoint list = core().endpoints().stream()
                .filter(endpoint ->
                        endpoint.method().equals("GET") && endpoint.path().equals("/kv"))
                .findFirst()
                .orElseThrow();
        try {
            Endpoint.Reply reply =
                    list.handler().handle(new Endpoint.Request(Caller.ANONYMOUS, "", Map.of(), new byte[0], false));
            return Map.of("kv", new String(reply.body(), StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** From start to crash. */
    private final class Life implements Scheduler, NodeChannel, ReplicaParts.Observer {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private final ReplicatedLog log;
        private final Core core;
        private final Map<String, LedgerContext> contexts = new HashMap<>();
        private boolean alive = true;

        Life(ReplicatedLog log) {
            this.log = log;
            Keyring keys = cluster.secrets().keyring();
            SealerIdentity identity = new SealerIdentity(
                    cluster.serviceId(),
                    0,
                    cluster.certificateDigest(id),
                    cluster.signingKey(id),
                    cluster.secrets().evidence());
            SealerDirectory sealers = cluster.sealers();
            Journal journal = open();
            this.core = Core.open(
                    new Core.Parts(
                            id,
                            cluster.serviceId(),
                            cluster.factories().stream().map(this::remember).toList(),
                            cluster.documents(),
                            RpcSettings.DEFAULTS,
                            sealers,
                            keys,
                            new BlockSealer(identity, cluster.simulation().random(), JournalLimits.DEFAULT),
                            journal,
                            new TestNetwork.MemoryLookup(),
                            this,
                            this,
                            new DirectExecutor(),
                            Runnable::run,
                            this,
                            () -> Instant.ofEpochMilli(serviceTimeMillis()),
                            cluster.coreLimits(),
                            SimulatedCluster.JOURNAL_LIMITS,
                            StoreLimits.DEFAULT),
                    height -> {});
        }

        /** The same ledger, whose context a test may look through as the ledger does. */
        private LedgerFactory remember(LedgerFactory factory) {
            return new LedgerFactory() {
                @Override
                public String id() {
                    return factory.id();
                }

                @Override
                public Ledger create(LedgerContext context) {
                    contexts.put(factory.id(), context);
                    return factory.create(context);
                }
            };
        }

        private void driveJournal() {
            long every = 1 + cluster.simulation().random().nextLong(TimeUnit.MILLISECONDS.toNanos(50));
            cluster.simulation().schedule(every, () -> {
                if (alive) {
                    core.writer().write(cluster.simulation().nowNanos());
                    driveJournal();
                }
            });
        }

        @Override
        public void execute(Runnable task) {
            if (!alive) {
                return;
            }
            tasks.addLast(task);
            cluster.simulation().schedule(cluster.simulation().random().nextLong(50_000), () -> {
                Runnable next = alive ? tasks.pollFirst() : null;
                if (next != null) {
                    next.run();
                }
            });
        }

        @Override
        public void schedule(long delayMillis, Runnable task) {
            cluster.simulation().schedule(TimeUnit.MILLISECONDS.toNanos(delayMillis), () -> execute(task));
        }

        @Override
        public long nanoTime() {
            return cluster.simulation().nowNanos();
        }

        @Override
        public long serviceTimeMillis() {
            return SERVICE_EPOCH_MILLIS
                    + clockOffsetMillis
                    + cluster.simulation().nowNanos() / 1_000_000;
        }

        @Override
        public CompletableFuture<Verdicts> forward(PeerId leader, List<Offer> offers, boolean again) {
            CompletableFuture<Verdicts> reply = new CompletableFuture<>();
            deliver(leader, () -> cluster.node(leader).core().replica().forwarded(offers, again), reply);
            return reply;
        }

        @Override
        public CompletableFuture<byte[]> ask(PeerId leader, String ledger, byte[] question) {
            CompletableFuture<byte[]> reply = new CompletableFuture<>();
            deliver(leader, () -> cluster.node(leader).core().replica().asked(ledger, question), reply);
            return reply;
        }

        /** A message that may be lost on the way, or whose answer may be lost on the way back. */
        private <T> void deliver(PeerId to, Supplier<CompletableFuture<T>> call, CompletableFuture<T> reply) {
            LedgerException lost = new LedgerException("lost");
            cluster.simulation().schedule(cluster.messageNanos(), () -> {
                if (cluster.loses() || !cluster.node(to).running() || cluster.separated(id, to)) {
                    reply.completeExceptionally(lost);
                    return;
                }
                CompletableFuture<T> answer = call.get();
                boolean answerLost = cluster.loses();
                if (answerLost) {
                    cluster.simulation().schedule(cluster.messageNanos(), () -> reply.completeExceptionally(lost));
                    return;
                }
                var _ = answer.whenComplete((value, failure) -> cluster.simulation()
                        .schedule(cluster.messageNanos(), () -> {
                            if (failure == null) {
                                reply.complete(value);
                            } else {
                                reply.completeExceptionally(failure);
                            }
                        }));
            });
        }

        @Override
        public void applied(long height, int transactions) {
            if (core != null) {
                cluster.applied(SimulatedNode.this, height);
            }
        }

        @Override
        public void built(int transactions, int sealedBytes, long executeNanos, long sealNanos) {
            cluster.built(id, transactions);
        }

        @Override
        public void failed(Throwable cause) {
            cluster.failed(id, cause);
        }
    }

    /** Runs everything at once, in the caller. */
    private static final class DirectExecutor extends AbstractExecutorService {
        @Override
        public void execute(Runnable command) {
            command.run();
        }

        @Override
        public void shutdown() {
            // Nothing runs beyond the call.
        }

        @Override
        public List<Runnable> shutdownNow() {
            return List.of();
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) {
            return true;
        }
    }
}
