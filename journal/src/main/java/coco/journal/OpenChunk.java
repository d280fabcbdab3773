package coco.journal;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/** The chunk that is being written. One thread writes; {@link #extent} may be asked by any. */
final class OpenChunk {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

    /** Offsets of the entries and the end of the last: replaced as a whole, so that readers see a consistent pair. */
    private record Positions(int[] offsets, int count, long end) {}

    /**
     * Where an entry lies.
     *
     * @param offset of its frame
     * @param length of its frame, padding included
     */
    record Extent(long offset, int length) {}

    private final String name;
    private final Storage.File file;
    private final long firstHeight;
    private final JournalLimits limits;
    private final MessageDigest digest;
    private long allocated;
    private volatile Positions positions;

    /** Goes on with a chunk that was scanned, and cut, up to the end of its last entry. */
    OpenChunk(String name, Storage.File file, ChunkScan scan, long firstHeight, JournalLimits limits) {
        this.name = name;
        this.file = file;
        this.firstHeight = firstHeight;
        this.limits = limits;
        this.digest = scan.digest();
        this.allocated = scan.position();
        this.positions = new Positions(scan.offsets(), scan.count(), scan.position());
    }

    private OpenChunk(String name, Storage.File file, byte[] header, long firstHeight, JournalLimits limits) {
        this.name = name;
        this.file = file;
        this.firstHeight = firstHeight;
        this.limits = limits;
        this.digest = Digests.sha256();
        this.digest.update(header);
        this.allocated = header.length;
        this.positions = new Positions(new int[64], 0, header.length);
    }

    static OpenChunk create(Storage storage, byte[] serviceId, long firstHeight, JournalLimits limits) {
        return create(storage, serviceId, firstHeight, limits, ChunkFormat.fileName(firstHeight));
    }

    /** One that has another name than a chunk of the journal until it is whole. */
    static OpenChunk create(Storage storage, byte[] serviceId, long firstHeight, JournalLimits limits, String name) {
        byte[] header = ChunkFormat.header(serviceId, firstHeight);
        Storage.File file = storage.open(name);
        file.truncate(0);
        file.write(ByteBuffer.wrap(header), 0);
        file.force();
        storage.forceFolder();
        return new OpenChunk(name, file, header, firstHeight, limits);
    }

    String name() {
        return name;
    }

    long firstHeight() {
        return firstHeight;
    }

    int count() {
        return positions.count;
    }

    long lastHeight() {
        return firstHeight + positions.count - 1;
    }

    /** Whether the chunk must be closed before a frame of this length is added. */
    boolean isFullFor(int frameLength) {
        Positions now = positions;
        return now.count > 0 && now.end + frameLength > limits.chunkBytes();
    }

    void append(byte[] frame, int length) {
        Positions now = positions;
        allocate(now.end + length);
        file.write(ByteBuffer.wrap(frame, 0, length), now.end);
        digest.update(frame, 0, length);
        int[] offsets = now.count == now.offsets.length ? Arrays.copyOf(now.offsets, 2 * now.count) : now.offsets;
        offsets[now.count] = (int) now.end;
        positions = new Positions(offsets, now.count + 1, now.end + length);
    }

    /** Writes zeros ahead, so that forcing an append need not write the file's size and block map. */
    private void allocate(long needed) {
        if (needed <= allocated) {
            return;
        }
        long target = Math.max(needed, Math.min(limits.chunkBytes(), allocated + limits.allocateBytes()));
        while (allocated < target) {
            ByteBuffer zeros = ZEROS.duplicate();
            zeros.limit((int) Math.min(zeros.capacity(), target - allocated));
            file.write(zeros, allocated);
            allocated += zeros.limit();
        }
    }

    void force() {
        file.force();
    }

    /** Writes the footer; the file is immutable from here on. */
    ClosedChunk close(Storage storage) {
        Positions now = positions;
        byte[] head = ChunkFormat.footerHead(now.offsets, now.count);
        digest.update(head);
        byte[] tail = new byte[Digests.LENGTH + Integer.BYTES];
        Digests.finish(digest, tail, 0);
        Bytes.putInt(tail, Digests.LENGTH, ChunkFormat.footerLength(now.count));
        file.write(ByteBuffer.wrap(Bytes.concat(head, tail)), now.end);
        file.truncate(now.end + head.length + tail.length);
        file.force();
        file.close();
        storage.forceFolder();
        return new ClosedChunk(name, firstHeight, now.count, now.end, Bytes.slice(tail, 0, Digests.LENGTH));
    }

    /** Forces, and leaves the chunk to be gone on with at the next start. */
    void leave() {
        file.truncate(positions.end);
        file.force();
        file.close();
    }

    void abandon() {
        file.close();
    }

    Extent extent(long height) {
        Positions now = positions;
        int index = (int) (height - firstHeight);
        long offset = now.offsets[index];
        long end = index + 1 < now.count ? now.offsets[index + 1] : now.end;
        return new Extent(offset, (int) (end - offset));
    }
}
