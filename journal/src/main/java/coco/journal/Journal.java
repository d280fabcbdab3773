package coco.journal;

import coco.journal.ReadResult.Found;
import coco.journal.ReadResult.Missing;
import coco.journal.ReadResult.OutOfRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The journal on disk: chunk files in one folder, only ever appended to. One thread appends and forces; any thread
 * reads and asks.
 *
 * <p>What is appended can be read at once, but counts as durable only after {@link #force}. When to force is the
 * owner's to decide ({@link JournalLimits#forceBytes}, {@link JournalLimits#forceMillis}), as it has the clock.
 *
 * <p>A {@link JournalException} from {@link #append}, {@link #force} or {@link #close} is final: what the device holds
 * is then unknown (a failed fsync drops the dirty pages), so the journal refuses all further writes.
 */
public final class Journal implements AutoCloseable {
    /** What came of opening a journal. */
    public sealed interface Opening {
        /** It is open, and the report says what was found. */
        record Ready(Journal journal, StartReport report) implements Opening {}

        /** It was made by a newer release, or for another service. Nothing was changed. */
        record Refused(String words) implements Opening {}
    }

    /**
     * What readers go by; replaced as a whole.
     *
     * @param closed in order of height
     * @param open the chunk being written, or null before the first append after closing one
     * @param firstHeight lowest height of which this journal has, or had, a file; -1 if there is none
     */
    private record View(List<ClosedChunk> closed, @Nullable OpenChunk open, long firstHeight) {
        long lastHeight() {
            if (open != null && open.count() > 0) {
                return open.lastHeight();
            }
            return closed.isEmpty() ? -1 : closed.getLast().lastHeight();
        }
    }

    private final Storage storage;
    private final byte[] serviceId;
    private final JournalLimits limits;
    private final ReadFiles files;
    private volatile View view;
    private volatile DurablePosition durable;
    private DurablePosition appended;
    private long unforcedBytes;
    private byte[] frame = new byte[64 << 10];
    private boolean writable = true;

    private Journal(Storage storage, byte[] serviceId, JournalLimits limits, StartCheck check) {
        this.storage = storage;
        this.serviceId = serviceId.clone();
        this.limits = limits;
        this.files = new ReadFiles(storage, limits.openChunks());
        this.view = new View(List.copyOf(check.closed()), check.open(), check.firstHeight());
        this.appended = check.last();
        this.durable = check.last();
    }

    /**
     * Checks every byte of the journal in this folder, mends what a crash tore, puts damaged chunks aside, and opens
     * it.
     *
     * @param storage the journal's folder; files that are no chunks are left alone
     * @param serviceId 32 bytes
     */
    public static Opening open(Storage storage, byte[] serviceId, JournalLimits limits) {
        Bytes.requireLength(serviceId, 32, "service id");
        StartCheck check = new StartCheck(storage, serviceId, limits);
        String refusal = check.run();
        if (refusal != null) {
            return new Opening.Refused(refusal);
        }
        return new Opening.Ready(new Journal(storage, serviceId, limits, check), check.report());
    }

    /**
     * Appends the entry that follows the last one; to an empty journal, any. Not durable before {@link #force}, or
     * before a later append that closes the chunk.
     */
    public void append(JournalEntry entry) {
        View now = view;
        Invariant.check(writable, "append to a journal that failed or is closed");
        Invariant.check(
                now.lastHeight() < 0 || entry.height() == now.lastHeight() + 1,
                "height " + entry.height() + " appended after " + now.lastHeight());
        Invariant.check(entry.block().bytes().length <= limits.blockBytes(), "block too large for the journal");
        writing(() -> {
            int length = ChunkFormat.frameLength(entry);
            if (frame.length < length) {
                frame = new byte[Math.max(length, 2 * frame.length)];
            }
            ChunkFormat.putFrame(entry, frame);
            chunkFor(entry.height(), length).append(frame, length);
            appended = new DurablePosition(entry.height(), entry.raftTerm(), entry.raftIndex());
            unforcedBytes += length;
        });
    }

    private OpenChunk chunkFor(long height, int frameLength) {
        View now = view;
        OpenChunk open = now.open;
        if (open == null) {
            return create(height, now.closed);
        }
        if (open.isFullFor(frameLength)) {
            List<ClosedChunk> closed = new ArrayList<>(now.closed);
            closed.add(open.close(storage));
            markDurable();
            return create(height, closed);
        }
        if (open.count() == 0 && open.firstHeight() != height) {
            open.abandon();
            storage.delete(open.name());
            return create(height, now.closed);
        }
        return open;
    }

    private OpenChunk create(long height, List<ClosedChunk> closed) {
        OpenChunk open = OpenChunk.create(storage, serviceId, height, limits);
        long firstHeight = view.firstHeight < 0 ? height : Math.min(height, view.firstHeight);
        view = new View(List.copyOf(closed), open, firstHeight);
        return open;
    }

    /** Makes everything appended so far durable. */
    public void force() {
        OpenChunk open = view.open;
        if (unforcedBytes > 0 && open != null) {
            Invariant.check(writable, "force of a journal that failed or is closed");
            writing(open::force);
            markDurable();
        }
    }

    private void markDurable() {
        unforcedBytes = 0;
        durable = appended;
    }

    private void writing(Runnable write) {
        try {
            write.run();
        } catch (JournalException e) {
            writable = false;
            throw e;
        }
    }

    /** Bytes appended since the last force. Only for the writing thread. */
    public long unforcedBytes() {
        return unforcedBytes;
    }

    /** The newest entry that a completed force covers. */
    public DurablePosition durable() {
        return durable;
    }

    /** How many chunks are closed for good. */
    public int closedChunks() {
        return view.closed.size();
    }

    /** Height of the newest entry, forced or not; -1 if there is none. */
    public long lastHeight() {
        return view.lastHeight();
    }

    /** Height of the first entry that this journal keeps or should keep; -1 if there is none. */
    public long firstHeight() {
        return view.firstHeight;
    }

    /** Reads one entry and checks its checksum. */
    public ReadResult read(long height) {
        View now = view;
        if (now.firstHeight < 0 || height < now.firstHeight || height > now.lastHeight()) {
            return new OutOfRange();
        }
        OpenChunk open = now.open;
        if (open != null && height >= open.firstHeight()) {
            OpenChunk.Extent extent = open.extent(height);
            JournalEntry entry = read(open.name(), extent.offset(), extent.length(), height);
            return entry != null
                    ? new Found(entry)
                    : new Missing(height, height, "bad byte in the open chunk " + open.name());
        }
        int at = floor(now.closed, height);
        if (at >= 0 && height <= now.closed.get(at).lastHeight()) {
            return read(now.closed.get(at), height);
        }
        long from = at < 0 ? now.firstHeight : now.closed.get(at).lastHeight() + 1;
        long next = at + 1 < now.closed.size()
                ? now.closed.get(at + 1).firstHeight()
                : open == null ? now.lastHeight() + 1 : open.firstHeight();
        return new Missing(from, next - 1, "their chunk was put aside or lost");
    }

    /** Index of the last chunk that begins at or below this height, or -1. */
    private static int floor(List<ClosedChunk> chunks, long height) {
        int low = 0;
        int high = chunks.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (chunks.get(middle).firstHeight() <= height) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    private ReadResult read(ClosedChunk chunk, long height) {
        String damage = chunk.damage();
        if (damage == null) {
            JournalEntry entry = readClosed(chunk, height);
            if (entry != null) {
                return new Found(entry);
            }
            damage = "bad byte found in " + chunk.name() + " when reading height " + height
                    + "; the next start puts it aside";
            chunk.markDamaged(damage);
        }
        return new Missing(chunk.firstHeight(), chunk.lastHeight(), damage);
    }

    private @Nullable JournalEntry readClosed(ClosedChunk chunk, long height) {
        int index = (int) (height - chunk.firstHeight());
        byte[] table = new byte[2 * Integer.BYTES];
        boolean isLast = index + 1 == chunk.count();
        try (ReadFiles.Lease lease = files.lease(chunk.name())) {
            long at = chunk.footerOffset() + ChunkFormat.FOOTER_TABLE_OFFSET + (long) Integer.BYTES * index;
            lease.file().read(ByteBuffer.wrap(table), at);
        }
        int offset = Bytes.getInt(table, 0);
        long end = isLast ? chunk.footerOffset() : Bytes.getInt(table, Integer.BYTES);
        if (offset < ChunkFormat.HEADER_LENGTH
                || end > chunk.footerOffset()
                || end - offset < ChunkFormat.FRAME_PREFIX) {
            return null;
        }
        return read(chunk.name(), offset, (int) (end - offset), height);
    }

    private @Nullable JournalEntry read(String file, long offset, int length, long height) {
        byte[] bytes = new byte[length];
        try (ReadFiles.Lease lease = files.lease(file)) {
            lease.file().read(ByteBuffer.wrap(bytes), offset);
        }
        int bodyLength = Bytes.getInt(bytes, 0);
        if (!ChunkFormat.isPlausible(bodyLength, limits)
                || ChunkFormat.frameLength(bodyLength) != length
                || ChunkFormat.refuseFrame(bytes, 0, bodyLength) != null
                || ChunkFormat.frameHeight(bytes, 0) != height) {
            return null;
        }
        try {
            return ChunkFormat.entry(bytes, 0, bodyLength);
        } catch (MalformedException e) {
            return null;
        }
    }

    /** Forces, and closes the files. Reads must have ended. */
    @Override
    public void close() {
        OpenChunk open = view.open;
        if (writable && open != null) {
            writing(open::leave);
            markDurable();
        } else if (open != null) {
            open.abandon();
        }
        writable = false;
        files.close();
    }
}
