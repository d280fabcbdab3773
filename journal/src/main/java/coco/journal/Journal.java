package coco.journal;

import coco.journal.ReadResult.Found;
import coco.journal.ReadResult.Missing;
import coco.journal.ReadResult.OutOfRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The journal on disk: chunk files in one folder, only ever appended to. One thread appends and forces; one
 * other may check and mend closed chunks meanwhile; any thread reads and asks.
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

    /**
     * Held for each change of {@link #view}, of which the one that appends makes some and the one that mends
     * others.
     */
    private final Object viewLock = new Object();

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
        storage.list().stream()
                .filter(name -> name.endsWith(ChunkRestore.SUFFIX))
                .forEach(storage::delete);
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
            return create(height, null);
        }
        if (open.isFullFor(frameLength)) {
            ClosedChunk closed = open.close(storage);
            markDurable();
            return create(height, closed);
        }
        if (open.count() == 0 && open.firstHeight() != height) {
            open.abandon();
            storage.delete(open.name());
            return create(height, null);
        }
        return open;
    }

    private OpenChunk create(long height, @Nullable ClosedChunk justClosed) {
        OpenChunk open = OpenChunk.create(storage, serviceId, height, limits);
        synchronized (viewLock) {
            View now = view;
            List<ClosedChunk> closed = new ArrayList<>(now.closed);
            if (justClosed != null) {
                closed.add(justClosed);
            }
            long firstHeight = now.firstHeight < 0 ? height : Math.min(height, now.firstHeight);
            view = new View(List.copyOf(closed), open, firstHeight);
        }
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
            try {
                JournalEntry entry = read(open.name(), extent.offset(), extent.length(), height);
                return entry != null
                        ? new Found(entry)
                        : new Missing(height, height, "bad byte in the open chunk " + open.name());
            } catch (JournalException unreadable) {
                return new Missing(height, height, open.name() + " cannot be read: " + unreadable.getMessage());
            }
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
            try {
                JournalEntry entry = readClosed(chunk, height);
                if (entry != null) {
                    return new Found(entry);
                }
                damage = chunk.name() + ": bad byte found when reading height " + height;
            } catch (JournalException unreadable) {
                // A sector that cannot be read, or a file that is gone, is damage like a wrong byte.
                damage = chunk.name() + ": cannot be read at height " + height + ": " + unreadable.getMessage();
            }
            chunk.markDamaged(damage);
        }
        return new Missing(chunk.firstHeight(), chunk.lastHeight(), damage);
    }

    /**
     * How the header at this height is linked; null if it is not here, or cannot be read. Reads the header alone and
     * not its frame, whose checksum stays unchecked: whoever makes a proof of such hashes verifies it before he gives
     * it away.
     */
    public @Nullable HeaderLink link(long height) {
        View now = view;
        if (now.firstHeight < 0 || height < now.firstHeight || height > now.lastHeight()) {
            return null;
        }
        OpenChunk open = now.open;
        try {
            if (open != null && height >= open.firstHeight()) {
                return link(open.name(), open.extent(height).offset());
            }
            int at = floor(now.closed, height);
            if (at < 0 || height > now.closed.get(at).lastHeight()) {
                return null;
            }
            return link(now.closed.get(at), height);
        } catch (JournalException unreadable) {
            return null;
        }
    }

    private @Nullable HeaderLink link(ClosedChunk chunk, long height) {
        byte[] entry = new byte[Integer.BYTES];
        try (ReadFiles.Lease lease = files.lease(chunk.name())) {
            long index = height - chunk.firstHeight();
            lease.file()
                    .read(
                            ByteBuffer.wrap(entry),
                            chunk.footerOffset() + ChunkFormat.FOOTER_TABLE_OFFSET + Integer.BYTES * index);
        }
        int offset = Bytes.getInt(entry, 0);
        boolean isInside = offset >= ChunkFormat.HEADER_LENGTH && offset < chunk.footerOffset();
        return isInside ? link(chunk.name(), offset) : null;
    }

    private HeaderLink link(String file, long frameOffset) {
        byte[] header = new byte[BlockHeader.LENGTH];
        try (ReadFiles.Lease lease = files.lease(file)) {
            lease.file()
                    .read(ByteBuffer.wrap(header), frameOffset + ChunkFormat.FRAME_PREFIX + ChunkFormat.ENTRY_PREFIX);
        }
        return HeaderLink.of(header);
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

    // ---------------------------------------------------------------- mending, by one other thread

    /**
     * Reads every byte of the first closed chunk that holds this height or a later one, and compares it with what was
     * checked at the start or written since. A chunk that is not the same counts as damaged from then on.
     *
     * @param onRead told how many bytes are about to be read, before each read: the place to go slowly
     * @return what was found; null if there is no such chunk
     */
    public @Nullable ChunkCheck check(long height, LongConsumer onRead) {
        for (ClosedChunk chunk : view.closed) {
            if (chunk.lastHeight() >= height) {
                String damage = chunk.damage() != null ? chunk.damage() : recheck(chunk, onRead);
                if (damage != null) {
                    chunk.markDamaged(damage);
                }
                return new ChunkCheck(chunk.name(), chunk.firstHeight(), chunk.lastHeight(), damage);
            }
        }
        return null;
    }

    private @Nullable String recheck(ClosedChunk chunk, LongConsumer onRead) {
        // Opened anew: a file that is gone can still be read by who has it open.
        try (Storage.File file = new PacedFile(storage.openForReading(chunk.name()), onRead)) {
            byte[] header = new byte[ChunkFormat.HEADER_LENGTH];
            ByteBuffer target = ByteBuffer.wrap(header);
            file.read(target, 0);
            if (!(ChunkFormat.readHeader(header, target.position(), serviceId)
                            instanceof ChunkFormat.Header.Good(long firstHeight))
                    || firstHeight != chunk.firstHeight()) {
                return chunk.name() + ": bad byte in the chunk header";
            }
            ChunkScan scan = new ChunkScan(file, file.size(), chunk.firstHeight(), limits);
            if (scan.run((buffer, offset, length) -> null) != ChunkScan.End.CLOSED) {
                return chunk.name() + ": " + (scan.words().isEmpty() ? "the footer is gone" : scan.words());
            }
            return chunk.hasDigest(scan.wholeDigest())
                    ? null
                    : chunk.name() + ": another file than the one that was checked at the start";
        } catch (JournalException unreadable) {
            return chunk.name() + ": cannot be read: " + unreadable.getMessage();
        }
    }

    /** Counts the closed chunk that holds this height as damaged: somebody with keys found what checksums cannot. */
    public void distrust(long height, String why) {
        List<ClosedChunk> closed = view.closed;
        int at = floor(closed, height);
        if (at >= 0 && height <= closed.get(at).lastHeight()) {
            closed.get(at).markDistrusted(closed.get(at).name() + ": " + why);
        }
    }

    /** Whether a closed chunk was found damaged and not put aside yet. Any thread. */
    public boolean isDamaged() {
        return view.closed.stream().anyMatch(chunk -> chunk.damage() != null);
    }

    /**
     * Puts every closed chunk aside that was found damaged: its heights are missing from then on. It is read once more
     * before, since a process that has too many files open can read none of them. The last one stays while nothing was
     * appended behind it, since the journal would seem to end earlier.
     *
     * @return what was put aside
     * @throws JournalException if not even the folder can be read
     */
    public List<Missing> quarantineDamaged() {
        List<String> names = storage.list();
        List<Missing> aside = new ArrayList<>();
        for (ClosedChunk chunk : view.closed) {
            String damage = chunk.damage();
            if (damage != null && !chunk.isDistrusted()) {
                damage = recheck(chunk, bytes -> {});
            }
            if (damage == null) {
                chunk.clearDamage();
            } else if (takeOut(chunk)) {
                files.retire(chunk.name());
                if (names.contains(chunk.name())) {
                    storage.rename(chunk.name(), chunk.name() + ChunkFormat.QUARANTINED_SUFFIX);
                }
                storage.forceFolder();
                aside.add(new Missing(chunk.firstHeight(), chunk.lastHeight(), damage));
            }
        }
        return aside;
    }

    private boolean takeOut(ClosedChunk chunk) {
        synchronized (viewLock) {
            View now = view;
            if (now.open == null || now.open.count() == 0) {
                return false;
            }
            List<ClosedChunk> rest = new ArrayList<>(now.closed);
            boolean there = rest.remove(chunk);
            view = new View(List.copyOf(rest), now.open, now.firstHeight);
            return there;
        }
    }

    /**
     * Says that this journal should begin with genesis, whatever its first file is: if that is another one, what lies
     * before it is missing. Before anything is appended.
     */
    public void expectFromGenesis() {
        synchronized (viewLock) {
            View now = view;
            if (now.firstHeight > 0) {
                view = new View(now.closed, now.open, 0);
            }
        }
    }

    /** The ranges of which this journal has no file, in order. Any thread. */
    public List<Missing> gaps() {
        View now = view;
        List<Missing> gaps = new ArrayList<>();
        long expected = now.firstHeight;
        for (ClosedChunk chunk : now.closed) {
            addGap(gaps, expected, chunk.firstHeight());
            expected = chunk.lastHeight() + 1;
        }
        if (now.open != null && now.open.count() > 0) {
            addGap(gaps, expected, now.open.firstHeight());
        }
        return gaps;
    }

    private static void addGap(List<Missing> gaps, long from, long next) {
        if (from < next) {
            gaps.add(new Missing(from, next - 1, "their chunk was put aside or lost"));
        }
    }

    /**
     * Begins to write a gap again.
     *
     * @param gap one of {@link #gaps}
     * @param recoveries reads the decisions of the recoveries that the service has had
     * @return null if what stands before it cannot be read: then it is damaged as well, and comes first
     */
    public @Nullable ChunkRestore restore(Missing gap, Recoveries recoveries) {
        JournalEntry before = null;
        if (gap.firstHeight() > 0) {
            if (!(read(gap.firstHeight() - 1) instanceof Found(JournalEntry found))) {
                return null;
            }
            before = found;
        }
        return new ChunkRestore(this, storage, serviceId, limits, gap, recoveries, before);
    }

    void insert(List<ClosedChunk> chunks) {
        synchronized (viewLock) {
            View now = view;
            List<ClosedChunk> closed = new ArrayList<>(now.closed);
            closed.addAll(chunks);
            closed.sort(Comparator.comparingLong(ClosedChunk::firstHeight));
            view = new View(List.copyOf(closed), now.open, now.firstHeight);
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
