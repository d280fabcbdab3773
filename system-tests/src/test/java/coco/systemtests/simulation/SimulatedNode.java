package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.PeerId;
import coco.consensus.ReplicatedLog;
import coco.core.Administration;
import coco.core.ComputePools;
import coco.core.Core;
import coco.core.HistoryLookup;
import coco.core.Keyring;
import coco.core.NodeChannel;
import coco.core.ReplicaParts;
import coco.core.Roster;
import coco.core.Scheduler;
import coco.core.Secrets;
import coco.core.ServiceMaps;
import coco.core.SnapshotExchange;
import coco.journal.BlockSealer;
import coco.journal.HistoryIndex;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.MalformedException;
import coco.journal.ReadResult;
import coco.journal.SealerIdentity;
import coco.journal.Storage;
import coco.journal.testing.FaultyStorage;
import coco.kv.Cursor;
import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.History;
import coco.ledgers.api.IndexKey;
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
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One node of a simulated cluster, through all its lives. Its disk survives; everything else ends with a crash. */
final class SimulatedNode {
    private static final long SERVICE_EPOCH_MILLIS = 1_800_000_000_000L;
    private static final long BACKGROUND_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(300);

    /** Newest heights whose states are compared: enough to reach below the last restart and what was lost since. */
    private static final int AUDITED_BLOCKS = 20;

    private final SimulatedCluster cluster;
    private final PeerId id;
    private final FaultyStorage disk;
    private final FaultyStorage indexDisk;
    private final FaultyStorage snapshotDisk;
    private final long clockOffsetMillis;
    private final Supplier<Secrets> secrets;
    private @Nullable Keyring keys;
    private @Nullable Life life;

    /**
     * @param beginning what its journal holds at first
     * @param secrets what each life begins with
     */
    SimulatedNode(SimulatedCluster cluster, PeerId id, List<JournalEntry> beginning, Supplier<Secrets> secrets) {
        this.secrets = secrets;
        this.cluster = cluster;
        this.id = id;
        this.disk = new FaultyStorage(cluster.simulation().random());
        this.indexDisk = new FaultyStorage(cluster.simulation().random());
        this.snapshotDisk = new FaultyStorage(cluster.simulation().random());
        this.clockOffsetMillis = cluster.simulation().random().nextLong(-3_000, 3_000);
        try (Journal journal = open()) {
            beginning.forEach(journal::append);
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

    /** What the last life of this node came to know. */
    Keyring keys() {
        return Objects.requireNonNull(keys, "the node never lived");
    }

    Storage disk() {
        return disk;
    }

    /** Everything that is on this node's disk for good. */
    List<JournalEntry> journal() {
        List<JournalEntry> entries = new ArrayList<>();
        Journal journal = life().journal;
        for (long height = 0; height <= core().writer().durableHeight(); height++) {
            if (journal.read(height) instanceof ReadResult.Found(JournalEntry entry)) {
                entries.add(entry);
            }
        }
        return entries;
    }

    /** Begins a life: reads what the disk still holds, and takes part. */
    void start(UnaryOperator<ReplicatedLog> wrapper) {
        Life next =
                new Life(wrapper.apply(cluster.watch().over(id, cluster.oracle().open(id))));
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
                indexDisk.crash();
                snapshotDisk.crash();
            } else {
                disk.kill();
                indexDisk.kill();
                snapshotDisk.kill();
            }
        }
    }

    /** The folder of this node's snapshots. */
    FaultyStorage snapshotDisk() {
        return snapshotDisk;
    }

    /** Everything that clients, auditors and the service itself can read of the state: maps, entries and digests. */
    List<String> dump() {
        List<String> lines = new ArrayList<>();
        List<MapSpec> maps = new ArrayList<>(ServiceMaps.ALL);
        life().ledgers.values().forEach(ledger -> maps.addAll(ledger.maps()));
        try (View view = view(life().ledgers.keySet().iterator().next())) {
            for (MapSpec map : maps) {
                Cursor cursor = view.state().scanPrefix(map, new byte[0]);
                while (cursor.next()) {
                    lines.add(map.name() + " "
                            + HexFormat.of().formatHex(cursor.key()) + " = "
                            + HexFormat.of().formatHex(cursor.value()));
                }
                if (map.digest() != null) {
                    lines.add(map.name() + " digest "
                            + HexFormat.of().formatHex(view.state().digest(map)));
                }
            }
        }
        return lines;
    }

    /** Number of the index's files on disk. */
    long indexRuns() {
        return indexDisk.list().stream().filter(name -> name.endsWith(".run")).count();
    }

    /** Flips a bit of every page of the index that is on disk, but for the first ones, which a start reads. */
    void damageIndex() {
        for (String name : indexDisk.list()) {
            for (long offset = 100 + 4_096; offset < indexDisk.bytes(name).length; offset += 4_096) {
                indexDisk.flip(name, offset, 3);
            }
        }
    }

    /** Committed state and history as this ledger sees them; to be closed. */
    View view(String ledger) {
        return Objects.requireNonNull(life().contexts.get(ledger)).view(Caller.ANONYMOUS);
    }

    private Life life() {
        return Objects.requireNonNull(life, "the node is down");
    }

    /** All blocks of this ledger by journal height, genesis included. */
    NavigableMap<Long, LedgerBlock> blocks(String ledger) {
        return Objects.requireNonNull(life().history().get(ledger));
    }

    /** What somebody with access to this node's disk may do while it is down. */
    void rewriteJournal(UnaryOperator<JournalEntry> change) {
        List<JournalEntry> entries = new ArrayList<>();
        try (Journal journal = open()) {
            for (long height = 0; height <= journal.lastHeight(); height++) {
                if (journal.read(height) instanceof ReadResult.Found(JournalEntry entry)) {
                    entries.add(change.apply(entry));
                }
            }
        }
        disk.list().forEach(disk::delete);
        try (Journal journal = open()) {
            entries.forEach(journal::append);
        }
    }

    /** This node's snapshots as other nodes get them. */
    SnapshotExchange exchange() {
        return new SnapshotExchange(snapshotDisk, cluster.serviceId(), cluster.signingKey(id));
    }

    /** Fetches a snapshot while the node is down; gives its height. */
    long receive(SnapshotExchange.Giver giver) throws InterruptedException, MalformedException {
        try (Journal journal = open()) {
            return exchange().receive(giver, journal, secrets.get().keyring());
        }
    }

    /** How often each transaction of this ledger stands in this node's history; the index must know of every one. */
    Map<ByteBuffer, Integer> executed(String ledger) {
        Map<ByteBuffer, Integer> counts = new HashMap<>();
        try (View view = view(ledger)) {
            blocks(ledger).forEach((height, block) -> {
                int ordinal = 0;
                for (LedgerBlock.Executed executed : block.transactions()) {
                    counts.merge(ByteBuffer.wrap(executed.id()), 1, Integer::sum);
                    assertThat(view.history().find(IndexKey.TRANSACTION, executed.id()))
                            .as("index of %s", id)
                            .contains(new History.Position(height, ordinal++));
                }
            });
        }
        return counts;
    }

    /** What clients can read on this node of the key-value ledger, and every ledger's newest block. */
    Map<String, String> state() {
        Map<String, String> state = new TreeMap<>();
        life().ledgers
                .forEach((name, ledger) -> state.put(
                        name,
                        HexFormat.of()
                                .formatHex(blocks(name).lastEntry().getValue().payload())));
        state.put("data", kvData());
        return state;
    }

    private String kvData() {
        Endpoint list = core().endpoints().stream()
                .filter(endpoint ->
                        endpoint.method().equals("GET") && endpoint.path().equals("/kv"))
                .findFirst()
                .orElseThrow();
        try {
            Endpoint.Reply reply =
                    list.handler().handle(new Endpoint.Request(Caller.ANONYMOUS, "", Map.of(), new byte[0], false));
            return new String(reply.body(), StandardCharsets.UTF_8);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Compares the states of recent blocks with what each ledger's blocks say of them. */
    void audit() {
        life().ledgers.forEach((name, ledger) -> {
            try (View view = view(name)) {
                // A start from a snapshot has no states from before it.
                long oldest = view.height() + 1 - core().states().count();
                NavigableMap<Long, LedgerBlock> newest =
                        blocks(name).tailMap(Math.max(oldest, view.height() - AUDITED_BLOCKS), true);
                newest.forEach((height, block) -> assertThat(
                                ledger.audit(block, Objects.requireNonNull(view.state(height), "the state is kept")))
                        .as("audit of %s on %s at %d", name, id, height)
                        .isNull());
                assertThat(ledger.audit(blocks(name).lastEntry().getValue(), view.state()))
                        .as("audit of %s on %s", name, id)
                        .isNull();
                assertThat(view.state(view.height() + 1)).isNull();
            }
        });
    }

    /** From start to crash. */
    private final class Life implements Scheduler, NodeChannel, ReplicaParts.Observer {
        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
        private final ReplicatedLog log;
        private final Journal journal;
        private final Core core;
        private final Map<String, LedgerContext> contexts = new HashMap<>();
        private final Map<String, Ledger> ledgers = new TreeMap<>();
        private final Map<String, NavigableMap<Long, LedgerBlock>> history = new HashMap<>();
        private long readBelow;
        private boolean alive = true;

        Life(ReplicatedLog log) {
            this.log = log;
            Secrets begins = secrets.get();
            keys = begins.keyring();
            SealerIdentity identity =
                    new SealerIdentity(cluster.serviceId(), cluster.certificateDigest(id), cluster.signingKey(id));
            this.journal = open();
            this.core = Core.open(
                    new Core.Parts(
                            id,
                            cluster.serviceId(),
                            remember(cluster.administration()),
                            cluster.factories().stream().map(this::remember).toList(),
                            cluster.documents(),
                            RpcSettings.DEFAULTS,
                            keys,
                            new BlockSealer(identity, cluster.simulation().random(), JournalLimits.DEFAULT),
                            cluster.signingKey(id),
                            new SecureRandom(),
                            journal,
                            new HistoryLookup(index(begins)),
                            this,
                            this,
                            new ComputePools(new DirectExecutor(), new DirectExecutor(), Runnable::run),
                            this::later,
                            this,
                            () -> Instant.ofEpochMilli(serviceTimeMillis()),
                            cluster.coreLimits(),
                            SimulatedCluster.JOURNAL_LIMITS,
                            cluster.storeLimits(),
                            cluster.snapshotParts(snapshotDisk, this::later)),
                    height -> {});
            cluster.began(core.snapshotHeight());
        }

        /** Everything of every ledger, read once: blocks are opened from the journal, which takes time. */
        Map<String, NavigableMap<Long, LedgerBlock>> history() {
            for (; readBelow <= core.heads().height(); readBelow++) {
                for (Map.Entry<String, LedgerContext> context : contexts.entrySet()) {
                    NavigableMap<Long, LedgerBlock> blocks =
                            history.computeIfAbsent(context.getKey(), name -> new TreeMap<>());
                    try (View view = context.getValue().view(Caller.ANONYMOUS)) {
                        LedgerBlock block = view.history().block(readBelow);
                        if (block != null) {
                            blocks.put(readBelow, block);
                        }
                    }
                }
            }
            return history;
        }

        private HistoryIndex index(Secrets begins) {
            return HistoryIndex.open(
                    indexDisk,
                    begins.indexKey(id.value().getBytes(StandardCharsets.US_ASCII)),
                    cluster.simulation().random(),
                    SimulatedCluster.JOURNAL_LIMITS);
        }

        /** The background thread: some time, and never beside the core thread. */
        private void later(Runnable task) {
            cluster.simulation().schedule(cluster.simulation().random().nextLong(BACKGROUND_NANOS_MAX), () -> {
                if (alive) {
                    task.run();
                }
            });
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
                    Ledger ledger = factory.create(context);
                    ledgers.put(factory.id(), ledger);
                    return ledger;
                }
            };
        }

        private Administration remember(Administration administration) {
            LedgerFactory factory = administration.ledger();
            if (factory == null) {
                return administration;
            }
            return new Administration() {
                @Override
                public LedgerFactory ledger() {
                    return remember(factory);
                }

                @Override
                public Roster roster(Reader state) {
                    return administration.roster(state);
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
                boolean answerLost = cluster.loses() || cluster.separated(to, id);
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
        public void rosterChanged(long height, Roster roster) {
            cluster.rosterChanged(height, roster);
        }

        @Override
        public void removed(long height) {
            cluster.removed(id, height);
        }

        @Override
        public void committed(long nanos) {
            // Simulated time says nothing of speed.
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
