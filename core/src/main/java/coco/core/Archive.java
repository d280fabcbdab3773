package coco.core;

import coco.consensus.LogPosition;
import coco.journal.BlockContent;
import coco.journal.BlockOpener;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.OpenResult;
import coco.journal.ReadResult;
import coco.journal.RereadResult;
import coco.journal.SealedBlock;
import coco.ledgers.api.History;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Committed blocks, to be read again: the newest from memory, which also covers what is still on its way to the
 * journal; the rest from the journal. The core thread records, any thread reads.
 */
public final class Archive {
    /** Index kinds per ledger; see {@link IndexKey#kind}. */
    static final int KINDS = IndexKey.KINDS;

    private record Remembered(byte[] hash, Map<String, LedgerBlock> blocks, long bytes) {}

    private final Journal journal;
    private final JournalWriter writer;
    private final BlockOpener opener;
    private final LedgerBlocks contents;
    private final Lookup index;
    private final Executor background;
    private final Consumer<Throwable> failed;
    private final AtomicBoolean maintaining = new AtomicBoolean();
    private final ConcurrentMap<Long, Remembered> recent = new ConcurrentHashMap<>();
    private final ReadCache read = new ReadCache();
    private long oldestRecent;
    private long recentBytes;

    /**
     * Opened by {@link Core#open}.
     *
     * @param background writes and merges the index
     * @param failed hears why the index could not be written, on the background thread; at most once
     */
    Archive(
            Journal journal,
            JournalWriter writer,
            BlockOpener opener,
            LedgerBlocks contents,
            Lookup index,
            Executor background,
            Consumer<Throwable> failed) {
        this.journal = journal;
        this.writer = writer;
        this.opener = opener;
        this.contents = contents;
        this.index = index;
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

    void endIndex(long height) {
        if (index.endBlock(height) && maintaining.compareAndSet(false, true)) {
            background.execute(this::maintain);
        }
    }

    private void maintain() {
        try {
            while (index.maintain()) {
                // Each call is one run written or one merge.
            }
            maintaining.set(false);
        } catch (RuntimeException | Error broken) {
            failed.accept(broken);
        }
    }

    List<History.Position> find(int ledger, int kind, byte[] key, long maxHeight) {
        return index.find(ledger * KINDS + kind, key, maxHeight);
    }

    List<History.Position> find(int ledger, int kind, byte[] key, long fromHeight, long toHeight, int limit) {
        return index.find(ledger * KINDS + kind, key, fromHeight, toHeight, limit);
    }

    /** Hash of the header at this height; null if it is not applied yet. */
    public byte @Nullable [] headerHash(long height) {
        Remembered remembered = recent.get(height);
        if (remembered != null) {
            return remembered.hash().clone();
        }
        return switch (journal.read(height)) {
            case ReadResult.Found(JournalEntry entry) -> entry.block().headerHash();
            default -> null;
        };
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
            case OpenResult.Refusal(OpenResult.Kind kind, String words)
            when kind == OpenResult.Kind.WRONG_EVIDENCE ->
                throw new LedgerException("block " + entry.height() + " of the journal is not proven to be committed");
            case OpenResult.Refusal(OpenResult.Kind kind, String words) ->
                throw new LedgerException("block " + entry.height() + " of the journal is damaged: " + kind);
        };
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
