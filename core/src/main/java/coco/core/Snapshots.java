package coco.core;

import coco.journal.ChainHead;
import coco.journal.JournalException;
import coco.journal.SealedBlock;
import coco.journal.SnapshotFile;
import coco.journal.SnapshotLimits;
import coco.journal.SnapshotWriter;
import coco.journal.Storage;
import coco.kv.Cursor;
import coco.kv.Draft;
import coco.kv.MalformedWriteSetException;
import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.kv.Store;
import coco.kv.StoreStatistics;
import coco.kv.Transaction;
import coco.kv.Version;
import coco.kv.WriteSet;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When a snapshot is made, by whom, and when one is good. The leader announces one in a block; every node makes its own
 * copy of the state after that block, in the background; whoever leads when its copy is finished puts the root over all
 * chunks into a later block, and every node compares. Only then, and once that block is on disk, does a copy get its
 * {@link SnapshotManifest} and older ones go. Core thread only, but for what is handed to the background.
 */
final class Snapshots {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    private static final byte[] ANNOUNCED = {};

    private final @Nullable SnapshotParts settings;
    private final Resources with;
    private boolean live;
    private @Nullable SnapshotJob job;
    /** Roots of this node's own copies that no block commits to yet, by height. */
    private final NavigableMap<Long, byte[]> finished = new TreeMap<>();
    /** What blocks committed to while this node's own copy was still being made, by height. */
    private final Map<Long, SnapshotManifest> awaited = new HashMap<>();

    private final List<SnapshotManifest> proven = new ArrayList<>();
    private long bytesSinceLast;

    /**
     * What is needed to make them.
     *
     * @param manifestKey this node's own
     * @param maps in the order of the chunks
     * @param flushIndex has the history index written, so that a start from here need not index blocks before
     * @param background runs one task at a time
     * @param failed hears of what must not be
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Resources(
            byte[] serviceId,
            byte[] manifestKey,
            Store store,
            List<MapSpec> maps,
            JournalWriter journal,
            Runnable flushIndex,
            Scheduler scheduler,
            Executor background,
            SecureRandom random,
            Consumer<Throwable> failed) {}

    Snapshots(@Nullable SnapshotParts settings, Resources with) {
        this.settings = settings;
        this.with = with;
    }

    static byte[] key(long height) {
        return ByteBuffer.allocate(Long.BYTES).putLong(height).array();
    }

    /** The replay is over: from now on blocks are new. What an earlier life left unfinished goes. */
    void start() {
        live = true;
        SnapshotParts parts = settings;
        if (parts == null) {
            return;
        }
        parts.removeUnfinished();
    }

    // ---------------------------------------------------------------- leading

    /** Whether this node has a root that this state lacks: worth a block of its own. */
    boolean owes(Reader state) {
        for (Long height : finished.keySet()) {
            if (isOpen(state.get(ServiceMaps.SNAPSHOTS, key(height)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOpen(byte @Nullable [] value) {
        return value != null && value.length == 0;
    }

    /** What the block being built says of snapshots; it is written to the draft as well. */
    WriteSet decide(Draft draft, long height) {
        SnapshotParts parts = settings;
        if (parts == null) {
            return WriteSet.empty();
        }
        Transaction writes = new Transaction(draft);
        List<Long> known = new ArrayList<>();
        Cursor cursor = draft.scanPrefix(ServiceMaps.SNAPSHOTS, new byte[0]);
        while (cursor.next()) {
            long at = ByteBuffer.wrap(cursor.key()).getLong();
            byte[] root = finished.get(at);
            known.add(at);
            if (root != null && cursor.value().length == 0) {
                writes.put(ServiceMaps.SNAPSHOTS, key(at), root);
            }
        }
        if (job == null && isDue(parts, height - (known.isEmpty() ? 0 : known.getLast()))) {
            writes.put(ServiceMaps.SNAPSHOTS, key(height), ANNOUNCED);
            known.add(height);
            int old = known.size() - CoreLimits.SNAPSHOT_RECORDS;
            known.stream().limit(Math.max(0, old)).forEach(at -> writes.remove(ServiceMaps.SNAPSHOTS, key(at)));
        }
        WriteSet own = writes.writes();
        draft.apply(own);
        return own;
    }

    private boolean isDue(SnapshotParts parts, long blocks) {
        return (parts.intervalBlocks() > 0 && blocks >= parts.intervalBlocks())
                || (parts.intervalBytes() > 0
                        && bytesSinceLast >= parts.intervalBytes()
                        && blocks >= CoreLimits.SNAPSHOT_BLOCKS_MIN);
    }

    // ---------------------------------------------------------------- following

    /** What a snapshot of the state after a block begins with; null if this node cannot make one. */
    interface ContextSource {
        @Nullable
        SnapshotContext context();
    }

    /**
     * Takes notice of a committed block.
     *
     * @param state after it
     * @param after what is in force after it
     */
    void applied(SealedBlock block, ChainHead head, Version state, InForce after, ContextSource source) {
        bytesSinceLast += block.bytes().length;
        if (!live || settings == null) {
            return;
        }
        if (block.publicWritesLength() > PublicWrites.NONE.length) {
            try {
                WriteSet.parsePart(block.publicWrites(), List.of(ServiceMaps.SNAPSHOTS))
                        .forEach((map, key, value) -> take(key, value, head, state, after, source));
            } catch (MalformedWriteSetException e) {
                throw new BrokenInvariantException("the public writes of a committed block do not parse", e);
            }
        }
        keepProven();
    }

    private void take(
            byte[] key, byte @Nullable [] value, ChainHead head, Version state, InForce after, ContextSource source) {
        if (value == null) {
            return;
        }
        long height = ByteBuffer.wrap(key).getLong();
        if (value.length == 0) {
            bytesSinceLast = 0;
            with.flushIndex().run();
            begin(state, after, source);
            return;
        }
        SnapshotManifest committed = new SnapshotManifest(height, value, head.height(), head.hash());
        byte[] own = finished.remove(height);
        SnapshotJob current = job;
        if (own != null) {
            compare(committed, own);
        } else if (current != null && current.height() == height) {
            awaited.put(height, committed);
        }
    }

    private void compare(SnapshotManifest committed, byte[] own) {
        Invariant.check(
                Arrays.equals(committed.root(), own),
                "the network committed to another state than this node had at height",
                committed.height());
        proven.add(committed);
    }

    private void begin(Version state, InForce after, ContextSource source) {
        if (job != null) {
            LOG.warn("one snapshot is left out here: that of height {} is not finished", job.height());
            return;
        }
        SnapshotContext context = source.context();
        SnapshotParts parts = settings;
        if (context == null || parts == null || isTooFull()) {
            return;
        }
        long height = context.head().height();
        long needed = with.store().statistics().liveBytes();
        if (parts.roomBytes().getAsLong() < needed) {
            LOG.warn("no snapshot is made of height {}: the disk has no room for up to {} bytes", height, needed);
            return;
        }
        try {
            SnapshotWriter writer =
                    new SnapshotWriter(parts.files(), with.serviceId(), height, after.epoch(), with.random());
            SnapshotJob next = new SnapshotJob(state.lease(), context, with.maps(), writer);
            job = next;
            later(next, 1);
        } catch (JournalException e) {
            LOG.warn("no snapshot is made of height {}: {}", height, e.getMessage());
        }
    }

    // ---------------------------------------------------------------- in the background

    private void later(SnapshotJob current, long delayMillis) {
        ifRunning(() -> with.scheduler().schedule(delayMillis, () -> inBackground(() -> slice(current))));
    }

    private void inBackground(Runnable task) {
        ifRunning(() -> with.background().execute(task));
    }

    /** While a node stops, what it would do later is refused, and not missed. */
    private static void ifRunning(Runnable handingOver) {
        try {
            handingOver.run();
        } catch (RejectedExecutionException stopped) {
            LOG.debug("the node is stopping", stopped);
        }
    }

    /** One chunk; then others have their turn for three times as long. */
    private void slice(SnapshotJob current) {
        long started = with.scheduler().nanoTime();
        byte[] root;
        try {
            if (isTooFull()) {
                give(current, "memory for states is short");
                return;
            }
            if (isDiskShort()) {
                give(current, "the disk has no room above the reserve");
                return;
            }
            root = current.writeNext();
        } catch (JournalException e) {
            give(current, String.valueOf(e.getMessage()));
            return;
        } catch (RuntimeException | Error broken) {
            with.failed().accept(broken);
            return;
        }
        if (root == null) {
            long tookMillis = TimeUnit.NANOSECONDS.toMillis(with.scheduler().nanoTime() - started);
            later(current, 1 + CoreLimits.SNAPSHOT_PAUSE * tookMillis);
        } else {
            LOG.info("snapshot of height {}: {} bytes", current.height(), current.sizeBytes());
            with.scheduler().execute(() -> done(current.height(), root));
        }
    }

    private void give(SnapshotJob current, String why) {
        LOG.warn("the snapshot of height {} is given up: {}", current.height(), why);
        try {
            current.abandon();
        } catch (JournalException e) {
            LOG.warn("what there is of it stays: {}", e.getMessage());
        }
        with.scheduler().execute(() -> {
            job = null;
            awaited.clear();
        });
    }

    /**
     * Whether what a snapshot keeps in memory is wanted for something else: all that later blocks replace stays while
     * it is being written.
     */
    private boolean isTooFull() {
        StoreStatistics store = with.store().statistics();
        return store.maxBytes() - store.liveBytes() < store.maxBytes() / CoreLimits.SNAPSHOT_FREE_PART;
    }

    /** Whether the next chunk would take what writes need: all nodes make a snapshot at once, and all would end. */
    private boolean isDiskShort() {
        SnapshotParts parts = settings;
        return parts != null && parts.roomBytes().getAsLong() < SnapshotLimits.CHUNK_BYTES_MAX;
    }

    private void done(long height, byte[] root) {
        job = null;
        SnapshotManifest committed = awaited.remove(height);
        awaited.clear();
        if (committed == null) {
            finished.put(height, root);
            if (finished.size() > CoreLimits.SNAPSHOT_RECORDS) {
                finished.pollFirstEntry();
            }
        } else {
            try {
                compare(committed, root);
            } catch (BrokenInvariantException broken) {
                with.failed().accept(broken);
                return;
            }
            keepProven();
        }
    }

    /** Once the block that vouches for a snapshot is on disk, so is the snapshot for good, and an older one may go. */
    void keepProven() {
        SnapshotParts parts = settings;
        for (Iterator<SnapshotManifest> all = proven.iterator(); parts != null && all.hasNext(); ) {
            SnapshotManifest next = all.next();
            if (next.evidenceHeight() <= with.journal().durableHeight()) {
                all.remove();
                inBackground(() -> keep(parts, next));
            }
        }
    }

    private void keep(SnapshotParts parts, SnapshotManifest manifest) {
        Storage files = parts.files();
        try {
            manifest.write(files, SnapshotFile.name(manifest.height()), with.manifestKey());
            List<String> whole = files.list().stream()
                    .filter(name -> SnapshotFile.height(name) >= 0 && SnapshotFile.height(name) <= manifest.height())
                    .toList();
            for (String old : whole.subList(0, Math.max(0, whole.size() - parts.keep()))) {
                files.delete(SnapshotManifest.name(old));
                files.delete(old);
            }
        } catch (JournalException e) {
            LOG.warn("the snapshot of height {} cannot be kept: {}", manifest.height(), e.getMessage());
        }
    }
}
