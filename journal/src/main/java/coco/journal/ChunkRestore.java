package coco.journal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a range again that a journal lacks, from entries that come from somewhere else, and puts it in place only as a
 * whole: until then its files have a name that is no chunk's. Each entry must follow the one before, the first one what
 * the journal has before the range, and what the journal has behind it must follow the last one. Chunks are cut where
 * the writer of a journal cuts them, so the files are again what they are on every node.
 *
 * <p>One thread, beside the one that appends. What keys are needed for (signatures, evidence) is the caller's to check
 * before it hands an entry over.
 */
public final class ChunkRestore implements AutoCloseable {
    /** A file that is not whole yet; what a crash leaves of it is deleted at the next start. */
    static final String SUFFIX = ".restoring";

    /** What came of putting a range in place. */
    public sealed interface Outcome {
        /** It is there, in these files. */
        record Restored(List<String> files) implements Outcome {
            public Restored {
                files = List.copyOf(files);
            }
        }

        /** What came does not belong there. The journal is as it was. */
        record Refused(String words) implements Outcome {}
    }

    private final Journal journal;
    private final Storage storage;
    private final byte[] serviceId;
    private final JournalLimits limits;
    private final ReadResult.Missing gap;
    private final EntryLinks links;
    private final List<ClosedChunk> closed = new ArrayList<>();
    private @Nullable OpenChunk open;

    ChunkRestore(
            Journal journal,
            Storage storage,
            byte[] serviceId,
            JournalLimits limits,
            ReadResult.Missing gap,
            Recoveries recoveries,
            @Nullable JournalEntry before) {
        this.journal = journal;
        this.storage = storage;
        this.serviceId = serviceId;
        this.limits = limits;
        this.gap = gap;
        this.links = new EntryLinks(serviceId, recoveries, before);
    }

    /** The height that is wanted next; past the range when all of it is here. */
    public long next() {
        return links.next();
    }

    /** Whether all of the range is here. */
    public boolean isComplete() {
        return next() > gap.lastHeight();
    }

    /**
     * Takes the next entry.
     *
     * @return why it is not the next one, and then nothing of it was taken; null if it is
     */
    public @Nullable String append(JournalEntry entry) {
        Invariant.check(!isComplete(), "more entries than the range has");
        String refusal = links.take(entry);
        if (refusal != null) {
            return BlockOpener.prefix(entry.height()) + refusal;
        }
        byte[] frame = new byte[ChunkFormat.frameLength(entry)];
        ChunkFormat.putFrame(entry, frame);
        OpenChunk chunk = open;
        if (chunk != null && chunk.isFullFor(frame.length)) {
            closed.add(chunk.close(storage));
            chunk = null;
        }
        if (chunk == null) {
            String name = ChunkFormat.fileName(entry.height()) + SUFFIX;
            chunk = OpenChunk.create(storage, serviceId, entry.height(), limits, name);
        }
        open = chunk;
        chunk.append(frame, frame.length);
        return null;
    }

    /** Looks at what follows the range, and puts it in place, durably. */
    public Outcome finish() {
        Invariant.check(isComplete(), "a range is put in place as a whole");
        do {
            if (!(journal.read(next()) instanceof ReadResult.Found(JournalEntry after))) {
                return new Outcome.Refused("block " + next() + ", which follows the range, cannot be read");
            }
            String refusal = links.take(after);
            if (refusal != null) {
                return new Outcome.Refused("block " + after.height() + " of this journal does not follow: " + refusal);
            }
        } while (links.isOpen());
        OpenChunk last = open;
        if (last != null) {
            closed.add(last.close(storage));
            open = null;
        }
        List<ClosedChunk> chunks = new ArrayList<>();
        for (ClosedChunk chunk : closed) {
            String name = chunk.name().substring(0, chunk.name().length() - SUFFIX.length());
            storage.rename(chunk.name(), name);
            chunks.add(chunk.named(name));
        }
        storage.forceFolder();
        closed.clear();
        journal.insert(chunks);
        return new Outcome.Restored(chunks.stream().map(ClosedChunk::name).toList());
    }

    /** Deletes what was not put in place. */
    @Override
    public void close() {
        OpenChunk unfinished = open;
        if (unfinished != null) {
            unfinished.abandon();
            storage.delete(unfinished.name());
            open = null;
        }
        closed.forEach(chunk -> storage.delete(chunk.name()));
        closed.clear();
    }
}
