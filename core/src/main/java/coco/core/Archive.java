package coco.core;

import coco.consensus.LogPosition;
import coco.journal.BlockContent;
import coco.journal.BlockHeader;
import coco.journal.BlockOpener;
import coco.journal.HeaderLink;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.OpenResult;
import coco.journal.ReadResult;
import coco.journal.RereadResult;
import coco.journal.SealedBlock;
import coco.ledgers.api.History;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Committed blocks, to be read again: the newest from memory, which also covers what is still on its way to the
 * journal; the rest from the journal. The core thread records, any thread reads.
 */
public final class Archive {
    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);

    /** Index kinds per ledger; see {@link IndexKey#kind}. */
    static final int KINDS = IndexKey.KINDS;

    private record Remembered(byte[] hash, Map<String, LedgerBlock> blocks, long bytes) {}

    private final Journal journal;
    private final JournalWriter writer;
    private final BlockOpener opener;
    private final LedgerBlocks contents;
    private final Lookup index;
    private final List<Ledger> ledgers;
    private final Executor background;
    private final Consumer<Throwable> failed;
    private final AtomicBoolean maintaining = new AtomicBoolean();
    private final ConcurrentMap<Long, Remembered> recent = new ConcurrentHashMap<>();
    private final ReadCache read = new ReadCache();
    private volatile long indexedHeight;
    private volatile long repairFromHeight;
    private long oldestRecent;
    private long recentBytes;

    /**
     * Opened by {@link Core#open}.
     *
     * @param ledgers in the order in which they are indexed
     * @param background writes, merges and repairs the index
     * @param failed hears why the index could not be written, on the background thread; at most once
     */
    Archive(
            Journal journal,
            JournalWriter writer,
            BlockOpener opener,
            LedgerBlocks contents,
            Lookup index,
            List<Ledger> ledgers,
            Executor background,
            Consumer<Throwable> failed) {
        this.journal = journal;
        this.writer = writer;
        this.opener = opener;
        this.contents = contents;
        this.index = index;
        this.ledgers = List.copyOf(ledgers);
        this.background = background;
        this.failed = failed;
    }

    void append(SealedBlock block, byte @Nullable [] evidenceNonce, LogPosition position) {
        byte[] nonce = Invariant.present(evidenceNonce, "a node has its generation's evidence key");
        writer.append(new JournalEntry(position.term(), position.index(), nonce, block));
    }

    void remember(long height, byte[] hash, Map<String, LedgerBlock> blocks) {
        if (recent.isEmpty()) {
            oldestRecent = height;
        }
        long bytes = size(blocks);
        recent.put(height, new Remembered(hash, blocks, bytes));
        recentBytes += bytes;
        while (oldestRecent < height
                && oldestRecent <= writer.durableHeight()
                && (recent.size() > CoreLimits.RECENT_BLOCKS || recentBytes > CoreLimits.RECENT_BYTES)) {
            Remembered dropped = recent.remove(oldestRecent++);
            recentBytes -= dropped == null ? 0 : dropped.bytes();
        }
    }

    private static long size(Map<String, LedgerBlock> blocks) {
        long bytes = 0;
        for (LedgerBlock block : blocks.values()) {
            bytes += block.payload().length + block.writes().length;
            for (LedgerBlock.Executed transaction : block.transactions()) {
                bytes += 64 + transaction.payload().length + transaction.writes().length;
            }
        }
        return bytes;
    }

    void index(int ledger, List<IndexKey> keys, long height) {
        for (IndexKey key : keys) {
            index.add(ledger * KINDS + key.kind(), key.key(), height, key.ordinal());
        }
    }

    /** Whether the block at this height was indexed, in an earlier life. */
    boolean indexed(long height) {
        return index.covers(height);
    }

    /**
     * Indexes what the index lacks of the journal up to a height, without applying it: the blocks before a snapshot,
     * where the index was lost, or ends before.
     *
     * @param ledgers in the order of their numbers in the index
     * @throws LedgerException if a block cannot be read
     */
    void indexUpTo(long height, Collection<Ledger> ledgers) {
        for (long at = Math.max(0, journal.firstHeight()); at <= height; at++) {
            if (index.covers(at)) {
                continue;
            }
            Map<String, LedgerBlock> blocks = readBack(at);
            int ordinal = 0;
            for (Ledger ledger : ledgers) {
                LedgerBlock block = blocks.get(ledger.id());
                if (block != null) {
                    index(ordinal, ledger.keys(block), at);
                }
                ordinal++;
            }
            endIndex(at);
        }
    }

    void endIndex(long height) {
        indexedHeight = height;
        if (index.endBlock(height) || isToBeRepaired()) {
            wakeMaintenance();
        }
    }

    private boolean isToBeRepaired() {
        return index.damaged() && indexedHeight >= repairFromHeight;
    }

    private void wakeMaintenance() {
        if (maintaining.compareAndSet(false, true)) {
            background.execute(this::maintain);
        }
    }

    private void maintain() {
        try {
            do {
                if (isToBeRepaired()) {
                    repair();
                }
                // Each call is one run written or one merge.
            } while (index.maintain());
            maintaining.set(false);
            // What fell due between the last look and that line woke nobody.
            if (index.isDue() || isToBeRepaired()) {
                wakeMaintenance();
            }
        } catch (RuntimeException | Error broken) {
            failed.accept(broken);
        }
    }

    /** What {@link #index} was told of a block, from the block itself. */
    private List<Lookup.Key> keysAt(long height) {
        Map<String, LedgerBlock> blocks = readBack(height);
        List<Lookup.Key> keys = new ArrayList<>();
        for (int i = 0; i < ledgers.size(); i++) {
            LedgerBlock block = blocks.get(ledgers.get(i).id());
            for (IndexKey key :
                    block == null ? List.<IndexKey>of() : ledgers.get(i).keys(block)) {
                keys.add(new Lookup.Key(i * KINDS + key.kind(), key.key(), key.ordinal()));
            }
        }
        return keys;
    }

    private void repair() {
        LOG.warn("the history index is damaged or incomplete; it is made again from the journal");
        try {
            index.repair(this::keysAt);
            LOG.info("the history index is whole again");
        } catch (LedgerException journalLacks) {
            repairFromHeight = indexedHeight + CoreLimits.REPAIR_AGAIN_BLOCKS;
            LOG.warn("the history index cannot be made again yet: {}", journalLacks.getMessage());
        }
    }

    List<History.Position> find(int ledger, int kind, byte[] key, long maxHeight) {
        return looked(() -> index.find(ledger * KINDS + kind, key, maxHeight));
    }

    List<History.Position> find(int ledger, int kind, byte[] key, long fromHeight, long toHeight, int limit) {
        return looked(() -> index.find(ledger * KINDS + kind, key, fromHeight, toHeight, limit));
    }

    /** A look-up that finds damage begins its repair. */
    private List<History.Position> looked(Supplier<List<History.Position>> lookup) {
        try {
            return lookup.get();
        } catch (LedgerException damaged) {
            if (isToBeRepaired()) {
                wakeMaintenance();
            }
            throw damaged;
        }
    }

    /** Hash of the header at this height; null if it is not applied yet, or missing or damaged here. */
    public byte @Nullable [] headerHash(long height) {
        Remembered remembered = recent.get(height);
        if (remembered != null) {
            return remembered.hash().clone();
        }
        SealedBlock block = onDisk(height);
        return block == null ? null : block.headerHash();
    }

    /** The header at this height, read back and verified; null if it is not on disk yet, or missing or damaged here. */
    public @Nullable BlockHeader header(long height) {
        SealedBlock block = onDisk(height);
        return block == null ? null : block.header();
    }

    private @Nullable SealedBlock onDisk(long height) {
        if (!(journal.read(height) instanceof ReadResult.Found(JournalEntry entry))) {
            return null;
        }
        return isWhole(entry) ? entry.block() : null;
    }

    /**
     * The whole entry at this height; null if it is not applied yet.
     *
     * @throws LedgerException if the journal lacks it
     */
    @Nullable
    JournalEntry entry(long height) {
        // In this order: an entry is in the journal before it leaves the queue.
        JournalEntry waiting = writer.waiting(height);
        if (waiting != null) {
            return waiting;
        }
        return switch (journal.read(height)) {
            case ReadResult.Found(JournalEntry entry) -> entry;
            case ReadResult.Missing missing ->
                throw new LedgerException("the journal of this node lacks blocks " + missing.firstHeight() + " to "
                        + missing.lastHeight());
            case ReadResult.OutOfRange outOfRange -> null;
        };
    }

    /** How a header is linked, read by itself and not checked; null if it is not applied yet, missing or unreadable. */
    @Nullable
    HeaderLink link(long height) {
        JournalEntry waiting = writer.waiting(height);
        if (waiting != null) {
            return new HeaderLink(
                    waiting.block().headerHash(), waiting.block().header().parent());
        }
        return journal.link(height);
    }

    /** Whether an entry that was read is what its sealer signed; if not, it counts as damaged and is fetched again. */
    boolean isWhole(JournalEntry entry) {
        OpenResult.Refusal refusal = opener.refuse(entry);
        if (refusal != null) {
            journal.distrust(entry.height(), refusal.words());
        }
        return refusal == null;
    }

    @Nullable
    LedgerBlock block(String ledger, long height) {
        Remembered remembered = recent.get(height);
        if (remembered != null) {
            return remembered.blocks().get(ledger);
        }
        Map<String, LedgerBlock> cached = read.find(height);
        if (cached != null) {
            return cached.get(ledger);
        }
        Map<String, LedgerBlock> blocks = readBack(height);
        if (!blocks.isEmpty()) {
            read.keep(height, blocks);
        }
        return blocks.get(ledger);
    }

    private Map<String, LedgerBlock> readBack(long height) {
        return switch (journal.read(height)) {
            case ReadResult.Found(JournalEntry entry) -> readBack(entry);
            case ReadResult.Missing missing ->
                throw new LedgerException("the journal of this node lacks blocks " + missing.firstHeight() + " to "
                        + missing.lastHeight());
            case ReadResult.OutOfRange outOfRange -> Map.of();
        };
    }

    private Map<String, LedgerBlock> readBack(JournalEntry entry) {
        // With the nonce: a block that was sealed and lost is as well signed as the one committed in its place.
        return switch (opener.reread(entry)) {
            case RereadResult.Content(BlockContent content) -> contents.of(entry.block(), content);
            case OpenResult.Refusal(OpenResult.Kind kind, String words) -> {
                journal.distrust(entry.height(), words);
                throw new LedgerException(
                        kind == OpenResult.Kind.WRONG_EVIDENCE
                                ? "block " + entry.height() + " of the journal is not proven to be committed"
                                : "block " + entry.height() + " of the journal is damaged: " + kind);
            }
        };
    }

    /**
     * Why this entry is not to be believed, wherever it comes from; null if its signature and its evidence are right
     * and its content can be read. Any thread.
     */
    public @Nullable String refusal(JournalEntry entry) {
        return opener.reread(entry) instanceof OpenResult.Refusal(OpenResult.Kind kind, String words)
                ? kind + ", " + words
                : null;
    }

    /** Blocks read back, least recently used first out. Any thread. */
    private static final class ReadCache {
        private record Sized(Map<String, LedgerBlock> blocks, long bytes) {}

        private final Map<Long, Sized> blocks = new LinkedHashMap<>(128, 0.75f, true);
        private long bytes;

        synchronized @Nullable Map<String, LedgerBlock> find(long height) {
            Sized found = blocks.get(height);
            return found == null ? null : found.blocks();
        }

        void keep(long height, Map<String, LedgerBlock> block) {
            keep(height, new Sized(block, size(block)));
        }

        private synchronized void keep(long height, Sized block) {
            if (blocks.putIfAbsent(height, block) != null) {
                return;
            }
            bytes += block.bytes();
            Iterator<Sized> oldest = blocks.values().iterator();
            while (bytes > CoreLimits.READ_BACK_BYTES || blocks.size() > CoreLimits.READ_BACK_BLOCKS) {
                bytes -= oldest.next().bytes();
                oldest.remove();
            }
        }
    }
}
