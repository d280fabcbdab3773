package coco.journal;

import coco.journal.IndexLookup.Candidates;
import coco.journal.IndexLookup.Position;
import coco.journal.IndexLookup.Unavailable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds heights by key: transaction hash to its block, address or topic to the blocks that mention it. New entries are
 * held in memory. When a chunk of the journal is closed, or memory is full, they are set aside, and {@link #maintain}
 * writes them as one sorted run and merges runs of like size, so that a look-up asks few. Disk holds keyed fingerprints
 * only, in encrypted pages.
 *
 * <p>Threads: one thread adds and ends blocks, which never waits for a disk unless it is a whole memory ahead of {@link
 * #maintain}; one, which should be another, maintains; any thread looks up. At most two memories full of entries are
 * held.
 *
 * <p>The index is a cache of the journal. What was in memory is gone after a restart: {@link #nextHeight} says from
 * where the owner is to add again. If {@link #damage} says something, {@link #repair} makes it again from the journal,
 * while additions go on.
 */
public final class HistoryIndex implements AutoCloseable {
    private static final int ORDINAL_BITS = 24;
    /** The part of a packed position that is the ordinal. */
    static final long ORDINAL_MASK = (1L << ORDINAL_BITS) - 1;

    private static final long MOST_HEIGHTS = 1L << 39;
    private static final int MERGED_AT_ONCE = 4;

    /**
     * One key of one block.
     *
     * @param kind from 0
     * @param key any bytes
     * @param ordinal within the block
     */
    public record IndexedKey(int kind, byte[] key, int ordinal) {}

    /**
     * All keys of one block, for {@link #rebuild}.
     *
     * @param height of the block
     * @param keys in order of ordinal
     */
    public record BlockKeys(long height, List<IndexedKey> keys) {
        /** Copies the list. */
        public BlockKeys {
            keys = List.copyOf(keys);
        }
    }

    private final Storage storage;
    private final byte[] indexKey;
    private final RandomGenerator random;
    private final JournalLimits limits;
    private final ReadFiles files;
    private final PageCache cache;

    private final Object lock = new Object();
    private final Fingerprints fingerprints;
    /** In order of height, without gaps. Replaced as a whole under the lock. */
    private List<IndexRun> runs = List.of();

    /** Held while a run is written from memory; taken before the lock. */
    private final Object writing = new Object();

    private IndexMemory memory = new IndexMemory();
    /** Set aside to be written, and not changed any more; what it covers ends at {@link #frozenLast}. */
    private @Nullable IndexMemory frozen;

    private long frozenLast;
    private boolean chunkEnded;
    private long firstHeight = -1;
    private long nextHeight = -1;
    /** Counts the changes of {@link #runs}. */
    private long changes;

    private @Nullable String damage;

    private HistoryIndex(Storage storage, byte[] indexKey, RandomGenerator random, JournalLimits limits) {
        this.storage = storage;
        this.indexKey = indexKey.clone();
        this.random = random;
        this.limits = limits;
        this.files = new ReadFiles(storage, limits.openChunks());
        this.cache = new PageCache(limits.indexCachePages());
        this.fingerprints = new Fingerprints(indexKey);
    }

    /**
     * Opens the index in this folder. What is not whole, or not encrypted under this key, is deleted; the heights that
     * it covered are then not covered.
     *
     * @param storage a folder of its own
     * @param indexKey {@link EpochSecrets#indexKey}, 32 bytes
     * @param random a cryptographic source, for the ids of runs
     */
    public static HistoryIndex open(Storage storage, byte[] indexKey, RandomGenerator random, JournalLimits limits) {
        Bytes.requireLength(indexKey, 32, "index key");
        HistoryIndex index = new HistoryIndex(storage, indexKey, random, limits);
        index.load();
        return index;
    }

    private void load() {
        List<IndexRun> found = new ArrayList<>();
        for (String name : storage.list()) {
            IndexRun run = name.endsWith(IndexRun.SUFFIX) ? IndexRun.open(storage, name, indexKey, files, cache) : null;
            if (run != null) {
                found.add(run);
            } else if (name.endsWith(IndexRun.SUFFIX) || name.endsWith(IndexRunWriter.TEMPORARY_SUFFIX)) {
                storage.delete(name);
            }
        }
        found.sort(Comparator.comparingLong((IndexRun run) -> run.header().firstHeight())
                .thenComparingLong(run -> -run.header().lastHeight()));
        List<IndexRun> kept = new ArrayList<>();
        for (IndexRun run : found) {
            // What does not follow is the source of a merge that a crash kept from being deleted, or lies behind a gap.
            if (kept.isEmpty() || run.header().firstHeight() == lastHeight(kept) + 1) {
                kept.add(run);
            } else {
                storage.delete(run.fileName());
            }
        }
        storage.forceFolder();
        runs = List.copyOf(kept);
        if (!kept.isEmpty()) {
            firstHeight = kept.getFirst().header().firstHeight();
            nextHeight = lastHeight(kept) + 1;
        }
    }

    private static long lastHeight(List<IndexRun> runs) {
        return runs.getLast().header().lastHeight();
    }

    /**
     * Adds a key of a block that is not ended yet.
     *
     * @param kind of the key, any number; keys of different kinds never match
     * @param height of the block: {@link #nextHeight}, or any if the index is empty
     * @param ordinal within the block, below 2^24; not below the last one added with this key
     */
    public void add(int kind, byte[] key, long height, int ordinal) {
        Invariant.check(ordinal >= 0 && ordinal < 1 << ORDINAL_BITS, "ordinal " + ordinal);
        Invariant.check(height >= 0 && height < MOST_HEIGHTS, "height " + height);
        synchronized (lock) {
            Invariant.check(nextHeight < 0 || height == nextHeight, "added " + height + " instead of " + nextHeight);
            memory.add(fingerprints.of(kind, key), position(height, ordinal));
        }
    }

    /**
     * All keys of this block are in: it is covered.
     *
     * @return whether {@link #maintain} has something to write
     */
    public boolean endBlock(long height) {
        boolean isBehind;
        synchronized (lock) {
            Invariant.check(nextHeight < 0 || height == nextHeight, "ended " + height + " instead of " + nextHeight);
            if (firstHeight < 0) {
                firstHeight = height;
            }
            nextHeight = height + 1;
            isBehind = frozen != null && isMemoryFull();
        }
        if (isBehind) {
            writeFrozen();
        }
        synchronized (lock) {
            if (frozen == null && (chunkEnded || isMemoryFull())) {
                freeze();
            }
            return frozen != null;
        }
    }

    /** Whether {@link #maintain} has something to write. */
    public boolean isDue() {
        synchronized (lock) {
            return frozen != null;
        }
    }

    private boolean isMemoryFull() {
        return memory.size() >= limits.indexMemoryEntries();
    }

    private void freeze() {
        frozen = memory;
        frozenLast = nextHeight - 1;
        memory = new IndexMemory();
        chunkEnded = false;
    }

    /** A chunk of the journal is closed: with the next block, what is in memory is to be written. Any thread. */
    public void endChunk() {
        synchronized (lock) {
            chunkEnded = true;
        }
    }

    private static long position(long height, int ordinal) {
        return height << ORDINAL_BITS | ordinal;
    }

    private static Position position(long packed) {
        return new Position(packed >>> ORDINAL_BITS, (int) (packed & ORDINAL_MASK));
    }

    /** Whether every key of the block at this height can be found. */
    public boolean covers(long height) {
        synchronized (lock) {
            return damage == null && firstHeight >= 0 && height >= firstHeight && height < nextHeight;
        }
    }

    /**
     * The lowest height that is covered; -1 if the index is empty. If the journal begins lower, the index has lost its
     * beginning and is to be rebuilt.
     */
    public long firstHeight() {
        synchronized (lock) {
            return firstHeight;
        }
    }

    /** The height to be added next; -1 if the index is empty and may begin anywhere. */
    public long nextHeight() {
        synchronized (lock) {
            return nextHeight;
        }
    }

    /** What is wrong with the files, or null. */
    public @Nullable String damage() {
        synchronized (lock) {
            return damage;
        }
    }

    /** Number of runs on disk. */
    public int runs() {
        synchronized (lock) {
            return runs.size();
        }
    }

    /** Writes what is in memory as a run. The adding thread only. */
    void flush() {
        writeFrozen();
        synchronized (lock) {
            if (nextHeight > (runs.isEmpty() ? firstHeight : lastHeight(runs) + 1)) {
                freeze();
            }
        }
        writeFrozen();
    }

    /** Writes what was set aside; waits if another thread is at it. False if there is nothing. */
    private boolean writeFrozen() {
        synchronized (writing) {
            IndexMemory full;
            long first;
            long last;
            synchronized (lock) {
                if (frozen == null) {
                    return false;
                }
                full = frozen;
                first = runs.isEmpty() ? firstHeight : lastHeight(runs) + 1;
                last = frozenLast;
            }
            IndexRun made = write(full.sorted(), first, last);
            storage.forceFolder();
            synchronized (lock) {
                List<IndexRun> now = new ArrayList<>(runs);
                now.add(made);
                runs = List.copyOf(now);
                changes++;
                frozen = null;
            }
            return true;
        }
    }

    private IndexRun write(long[][] sorted, long first, long last) {
        IndexRun.Header header = header(first, last, sorted[0].length);
        IndexRunWriter writer = new IndexRunWriter(storage, header, indexKey);
        for (int i = 0; i < sorted[0].length; i++) {
            writer.add(sorted[0][i], sorted[1][i]);
        }
        writer.finish();
        return new IndexRun(header, indexKey, files, cache);
    }

    private IndexRun.Header header(long first, long last, long count) {
        byte[] runId = new byte[IndexRun.RUN_ID_LENGTH];
        synchronized (random) {
            random.nextBytes(runId);
        }
        return new IndexRun.Header(runId, first, last, count);
    }

    /**
     * Writes what was set aside; then merges the newest runs if enough of them are of like size. To be called from a
     * background thread until it returns false; look-ups and additions go on meanwhile.
     *
     * @return whether anything was written or merged
     */
    public boolean maintain() {
        if (writeFrozen()) {
            return true;
        }
        List<IndexRun> now;
        synchronized (lock) {
            now = runs;
        }
        int from = mergeFrom(now);
        return now.size() - from >= MERGED_AT_ONCE && merge(now.subList(from, now.size()));
    }

    /** The newest runs, as long as the next older one is no larger than all newer ones together. */
    private static int mergeFrom(List<IndexRun> runs) {
        int from = runs.size();
        long sum = 0;
        while (from > 0 && (sum == 0 || runs.get(from - 1).header().count() <= sum)) {
            from--;
            sum += Math.max(1, runs.get(from).header().count());
        }
        return from;
    }

    private boolean merge(List<IndexRun> sources) {
        long count = 0;
        for (IndexRun source : sources) {
            count += source.header().count();
        }
        IndexRun.Header header = header(
                sources.getFirst().header().firstHeight(),
                sources.getLast().header().lastHeight(),
                count);
        IndexRunWriter writer = new IndexRunWriter(storage, header, indexKey);
        try {
            new IndexMerge(sources).into(writer);
        } catch (IndexRun.DamagedPage e) {
            writer.abandon();
            markDamaged(e);
            return false;
        }
        storage.forceFolder();
        IndexRun merged = new IndexRun(header, indexKey, files, cache);
        synchronized (lock) {
            List<IndexRun> now = new ArrayList<>(runs);
            int at = now.indexOf(sources.getFirst());
            now.subList(at, at + sources.size()).clear();
            now.add(at, merged);
            runs = List.copyOf(now);
            changes++;
        }
        for (IndexRun source : sources) {
            files.retire(source.fileName());
            storage.delete(source.fileName());
        }
        return true;
    }

    /**
     * Looks for a key. Costs time in proportion to what is found, not to how often the key occurs elsewhere.
     *
     * @param fromHeight lowest height of interest
     * @param toHeight highest height of interest
     * @param limit most candidates, at least 1; a height is given whole, so that there are more if the last one has
     *     more
     */
    public IndexLookup find(int kind, byte[] key, long fromHeight, long toHeight, int limit) {
        while (true) {
            long seen;
            synchronized (lock) {
                seen = changes;
            }
            try {
                return findOnce(kind, key, fromHeight, toHeight, limit);
            } catch (IndexRun.DamagedPage e) {
                // A merge may have deleted a file between the lock and the read, or a repair put another in its place.
                synchronized (lock) {
                    if (changes == seen) {
                        return markDamaged(e);
                    }
                }
            }
        }
    }

    private Candidates findOnce(int kind, byte[] key, long fromHeight, long toHeight, int limit)
            throws IndexRun.DamagedPage {
        List<IndexRun> now;
        long fingerprint;
        Gathering found = new Gathering(limit);
        List<long[]> fresh = new ArrayList<>();
        long from = position(Math.clamp(fromHeight, 0, MOST_HEIGHTS - 1), 0);
        long to = position(Math.clamp(toHeight, -1, MOST_HEIGHTS - 1), (int) ORDINAL_MASK);
        synchronized (lock) {
            if (damage != null) {
                throw new IndexRun.DamagedPage(damage);
            }
            fingerprint = fingerprints.of(kind, key);
            now = runs;
            for (IndexMemory each : frozen == null ? List.of(memory) : List.of(frozen, memory)) {
                fresh.add(each.find(fingerprint, from, to, limit));
            }
        }
        for (IndexRun run : now) {
            if (!found.isCut
                    && run.header().lastHeight() >= fromHeight
                    && run.header().firstHeight() <= toHeight) {
                run.find(fingerprint, from, position -> position <= to && found.take(position));
            }
        }
        for (long[] positions : fresh) {
            for (int i = 0; i < positions.length && !found.isCut; i++) {
                found.take(positions[i]);
            }
        }
        return new Candidates(found.positions, !found.isCut);
    }

    /** Positions in order, no more than asked for, but for those of the last height. */
    private static final class Gathering {
        private final List<Position> positions = new ArrayList<>();
        private final int limit;
        private boolean isCut;

        Gathering(int limit) {
            Invariant.check(limit > 0, "limit " + limit);
            this.limit = limit;
        }

        /** Whether it was taken. */
        boolean take(long packed) {
            Position next = position(packed);
            isCut = positions.size() >= limit && positions.getLast().height() != next.height();
            if (!isCut) {
                positions.add(next);
            }
            return !isCut;
        }
    }

    private Unavailable markDamaged(IndexRun.DamagedPage cause) {
        String words = String.valueOf(cause.getMessage());
        synchronized (lock) {
            damage = words;
        }
        return new Unavailable(words);
    }

    /**
     * Makes again what cannot be read any more, and what is missing between this height and the first one that is
     * covered, from the blocks of the journal. Costs a pass over all files, and the blocks of those that are damaged;
     * memory stays flat. Additions go on meanwhile, look-ups of a damaged index fail until it is done. Only the
     * maintaining thread.
     *
     * @param fromHeight the first height that is to be covered
     * @param keysAt the keys of the block at a height, in order of ordinal
     */
    public void repair(long fromHeight, LongFunction<List<IndexedKey>> keysAt) {
        IndexRun bad;
        do {
            fillBeginning(fromHeight, keysAt);
            List<IndexRun> now;
            long seen;
            synchronized (lock) {
                now = runs;
                seen = changes;
            }
            bad = now.stream().filter(run -> !run.isWhole()).findFirst().orElse(null);
            if (bad != null) {
                List<IndexRun> made =
                        make(bad.header().firstHeight(), bad.header().lastHeight(), keysAt);
                replace(bad, made);
            } else {
                synchronized (lock) {
                    damage = changes == seen ? null : damage;
                }
            }
        } while (bad != null || damage() != null);
    }

    private void fillBeginning(long fromHeight, LongFunction<List<IndexedKey>> keysAt) {
        long first = firstHeight();
        if (first <= fromHeight) {
            return;
        }
        List<IndexRun> made = make(fromHeight, first - 1, keysAt);
        synchronized (writing) {
            synchronized (lock) {
                List<IndexRun> now = new ArrayList<>(made);
                now.addAll(runs);
                runs = List.copyOf(now);
                firstHeight = fromHeight;
                changes++;
            }
        }
    }

    /** Runs over these heights, as many as memory makes of them. */
    private List<IndexRun> make(long first, long last, LongFunction<List<IndexedKey>> keysAt) {
        List<IndexRun> made = new ArrayList<>();
        IndexMemory keys = new IndexMemory();
        long from = first;
        for (long height = first; height <= last; height++) {
            for (IndexedKey key : keysAt.apply(height)) {
                long fingerprint;
                synchronized (lock) {
                    fingerprint = fingerprints.of(key.kind(), key.key());
                }
                keys.add(fingerprint, position(height, key.ordinal()));
            }
            if (height == last || keys.size() >= limits.indexMemoryEntries()) {
                made.add(write(keys.sorted(), from, height));
                keys = new IndexMemory();
                from = height + 1;
            }
        }
        storage.forceFolder();
        return made;
    }

    private void replace(IndexRun bad, List<IndexRun> made) {
        // One of them may have taken the file's name: whoever still has the old file open is to open it again.
        files.retire(bad.fileName());
        synchronized (lock) {
            List<IndexRun> now = new ArrayList<>(runs);
            int at = now.indexOf(bad);
            now.remove(at);
            now.addAll(at, made);
            runs = List.copyOf(now);
            changes++;
        }
        if (made.stream().noneMatch(run -> run.fileName().equals(bad.fileName()))) {
            storage.delete(bad.fileName());
        }
    }

    /**
     * Throws everything away and takes the keys of these blocks instead, in order of height. Memory stays flat, as runs
     * are written whenever it is full. The adding thread only, and not while {@link #maintain} runs.
     */
    public void rebuild(Iterator<BlockKeys> blocks) {
        synchronized (lock) {
            runs.forEach(run -> files.retire(run.fileName()));
            runs = List.of();
            changes++;
            memory = new IndexMemory();
            frozen = null;
            firstHeight = -1;
            nextHeight = -1;
            damage = null;
            cache.clear();
        }
        storage.list().stream().filter(name -> name.endsWith(IndexRun.SUFFIX)).forEach(storage::delete);
        storage.forceFolder();
        while (blocks.hasNext()) {
            BlockKeys block = blocks.next();
            for (IndexedKey key : block.keys()) {
                add(key.kind(), key.key(), block.height(), key.ordinal());
            }
            if (endBlock(block.height())) {
                writeFrozen();
            }
        }
        flush();
    }

    /** Closes the files. What is in memory is added again after the next start. */
    @Override
    public void close() {
        files.close();
    }
}
