package coco.journal;

import coco.journal.StartReport.EmptyFileRemoved;
import coco.journal.StartReport.FooterCut;
import coco.journal.StartReport.Gap;
import coco.journal.StartReport.Note;
import coco.journal.StartReport.Quarantined;
import coco.journal.StartReport.TornTailCut;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the files before a journal is used: every byte is read; the last chunk may end in a torn write, which
 * is cut; a chunk with anything else wrong is put aside. Nothing is changed before all headers are known to be ours.
 */
final class StartCheck {
    private final Storage storage;
    private final byte[] serviceId;
    private final JournalLimits limits;
    private final List<Note> notes = new ArrayList<>();
    private final List<ClosedChunk> closed = new ArrayList<>();
    private @Nullable OpenChunk open;
    private DurablePosition last = DurablePosition.NONE;
    private @Nullable String refusal;

    StartCheck(Storage storage, byte[] serviceId, JournalLimits limits) {
        this.storage = storage;
        this.serviceId = serviceId;
        this.limits = limits;
    }

    /** Why the journal cannot be used, or null. After a refusal nothing was changed. */
    @Nullable
    String run() {
        List<String> names = storage.list().stream()
                .filter(name -> ChunkFormat.firstHeight(name) >= 0)
                .toList();
        for (String name : names) {
            if (readHeader(name) instanceof ChunkFormat.Header.Foreign(String words)) {
                return name + ": " + words;
            }
        }
        for (int i = 0; i < names.size() && refusal == null; i++) {
            long next = i + 1 < names.size() ? ChunkFormat.firstHeight(names.get(i + 1)) : -1;
            check(names.get(i), next);
        }
        return refusal;
    }

    List<ClosedChunk> closed() {
        return closed;
    }

    @Nullable
    OpenChunk open() {
        return open;
    }

    /** The newest entry; everything found at start was forced once more. */
    DurablePosition last() {
        return last;
    }

    /** The lowest height of which there is, or was, a file; -1 if there is none. */
    long firstHeight() {
        long first = -1;
        for (String name : storage.list()) {
            String original = name.endsWith(ChunkFormat.QUARANTINED_SUFFIX)
                    ? name.substring(0, name.length() - ChunkFormat.QUARANTINED_SUFFIX.length())
                    : name;
            long height = ChunkFormat.firstHeight(original);
            if (height >= 0 && (first < 0 || height < first)) {
                first = height;
            }
        }
        return first;
    }

    StartReport report() {
        return new StartReport(closed.size() + (open == null ? 0 : 1), firstKept(), last.height(), notes);
    }

    private long firstKept() {
        if (!closed.isEmpty()) {
            return closed.getFirst().firstHeight();
        }
        return open == null || open.count() == 0 ? -1 : open.firstHeight();
    }

    private ChunkFormat.Header readHeader(String name) {
        try (Storage.File file = storage.openForReading(name)) {
            byte[] bytes = new byte[ChunkFormat.HEADER_LENGTH];
            ByteBuffer target = ByteBuffer.wrap(bytes);
            file.read(target, 0);
            return ChunkFormat.readHeader(bytes, target.position(), serviceId);
        }
    }

    private void check(String name, long nextChunk) {
        long firstHeight = ChunkFormat.firstHeight(name);
        ChunkFormat.Header header = readHeader(name);
        if (header instanceof ChunkFormat.Header.Bad(String words)) {
            if (nextChunk < 0 && isEmpty(storage, name)) {
                storage.delete(name);
                storage.forceFolder();
                notes.add(new EmptyFileRemoved(name));
            } else {
                quarantine(name, nextChunk, words);
            }
            return;
        }
        if (header instanceof ChunkFormat.Header.Good(long height) && height != firstHeight) {
            quarantine(name, nextChunk, "its header says that it begins at height " + height);
            return;
        }
        if (firstHeight <= last.height()) {
            quarantine(name, nextChunk, "it begins inside the chunk before it");
            return;
        }
        if (size(name) > largest(limits)) {
            quarantine(name, nextChunk, "it is larger than a chunk can be");
            return;
        }
        Storage.File file = storage.open(name);
        boolean kept = false;
        try {
            kept = scan(name, file, firstHeight, nextChunk);
        } finally {
            if (!kept) {
                file.close();
            }
        }
    }

    private static long largest(JournalLimits limits) {
        return 2L * (limits.chunkBytes() + limits.blockBytes()) + ChunkFormat.HEADER_LENGTH;
    }

    /** Whether the file is kept open, as the open chunk. */
    private boolean scan(String name, Storage.File file, long firstHeight, long nextChunk) {
        long size = file.size();
        ChunkScan scan = new ChunkScan(file, size, firstHeight, limits);
        boolean isLast = nextChunk < 0;
        ChunkScan.End end = scan.run((buffer, offset, length) -> null);
        return switch (end) {
            case CLOSED -> {
                noteGap(firstHeight);
                closed.add(new ClosedChunk(name, firstHeight, scan.count(), scan.position(), scan.wholeDigest()));
                last = scan.last();
                yield false;
            }
            case OPEN ->
                isLast
                        ? keepOpen(name, file, scan, firstHeight)
                        : quarantine(name, nextChunk, "it was never closed, but another chunk follows it");
            case BAD_FOOTER, BAD_ENTRY -> {
                Note crash = isLast ? crash(name, file, size, end, scan, serviceId, limits) : null;
                if (crash == null) {
                    yield quarantine(name, nextChunk, scan.words());
                }
                notes.add(crash);
                yield keepOpen(name, file, scan, firstHeight);
            }
        };
    }

    /**
     * What a crash left at the end of the last chunk, which a cut takes away: nothing that was forced.
     *
     * @param end how the scan ended: at a bad place
     * @return null if no crash can have done it
     */
    static @Nullable Note crash(
            String name,
            Storage.File file,
            long size,
            ChunkScan.End end,
            ChunkScan scan,
            byte[] serviceId,
            JournalLimits limits) {
        if (size > largest(limits)) {
            return null;
        }
        TornTail.Finding finding = TornTail.judge(file, size, scan.position(), serviceId, limits);
        if (end == ChunkScan.End.BAD_FOOTER) {
            return finding.entriesFollow() ? null : new FooterCut(name, scan.position());
        }
        return finding.isTorn() ? new TornTailCut(name, scan.position(), finding.bytes()) : null;
    }

    private boolean keepOpen(String name, Storage.File file, ChunkScan scan, long firstHeight) {
        file.truncate(scan.position());
        // What was read may never have been forced: from here on it counts as durable, so it must be.
        file.force();
        noteGap(firstHeight);
        open = new OpenChunk(name, file, scan, firstHeight, limits);
        if (scan.count() > 0) {
            last = scan.last();
        }
        return true;
    }

    private long size(String name) {
        try (Storage.File file = storage.openForReading(name)) {
            return file.size();
        }
    }

    /** Whether nothing but zeros follows the place of the header: the crash came while the file was made. */
    static boolean isEmpty(Storage storage, String name) {
        try (Storage.File file = storage.openForReading(name)) {
            long size = file.size();
            byte[] rest = new byte[Math.clamp(size - ChunkFormat.HEADER_LENGTH, 0, 1 << 30)];
            file.read(ByteBuffer.wrap(rest), ChunkFormat.HEADER_LENGTH);
            return Bytes.isZero(rest, 0, rest.length);
        }
    }

    private void noteGap(long firstHeight) {
        long expected = last.height() + 1;
        boolean first = closed.isEmpty();
        boolean explained = notes.stream()
                .anyMatch(note -> note instanceof Quarantined quarantined && quarantined.firstHeight() == expected);
        if (!first && firstHeight > expected && !explained) {
            notes.add(new Gap(expected, firstHeight - 1));
        }
    }

    /** Puts the file aside; false, as it is not kept open. */
    private boolean quarantine(String name, long nextChunk, String why) {
        storage.rename(name, name + ChunkFormat.QUARANTINED_SUFFIX);
        storage.forceFolder();
        long lastHeight = nextChunk < 0 ? -1 : nextChunk - 1;
        notes.add(new Quarantined(name, ChunkFormat.firstHeight(name), lastHeight, why));
        return false;
    }
}
