package coco.journal;

import java.nio.ByteBuffer;

/**
 * Tells a write that a crash tore from a byte that went bad.
 *
 * <p>The open chunk lies in zeros that were allocated before. A crash may lose any disk sector written since the last
 * force, and what was never written reads as zeros; it never makes other bytes. So a bad place is the work of a crash
 * if a whole sector's slice of it is zero, or if it is the last thing in the file and its own end is missing.
 * Ciphertext has no such runs of zeros, frames are aligned so that no slice is shorter than eight bytes, and every
 * frame ends in a byte that is not zero. Everything else is damage, and is not cut away but put aside.
 */
final class TornTail {
    /** The unit in which devices write; larger units lose whole multiples of it. */
    private static final int SECTOR = 512;

    private TornTail() {}

    /**
     * @param isTorn whether a crash did this
     * @param entriesFollow whether whole entries lie behind the bad place
     * @param bytes how many bytes, up to the last that is not zero, a cut takes away
     */
    record Finding(boolean isTorn, boolean entriesFollow, long bytes) {}

    /** Judges what begins at {@code position}, where a scan met neither a good entry nor only zeros. */
    static Finding judge(Storage.File file, long size, long position, byte[] serviceId, JournalLimits limits) {
        byte[] rest = new byte[Math.toIntExact(size - position)];
        file.read(ByteBuffer.wrap(rest), position);
        int length = lengthWithoutZeros(rest);
        int intact = firstIntact(rest, length, serviceId, limits);
        int bodyLength = length >= 4 ? Bytes.getInt(rest, 0) : 0;
        int extent = ChunkFormat.isPlausible(bodyLength, limits) ? ChunkFormat.frameLength(bodyLength) : length;
        boolean endIsMissing = extent > length || length < Integer.BYTES;
        int end = intact > 0 ? Math.min(intact, extent) : extent;
        boolean torn = (intact < 0 && endIsMissing) || hasLostSector(rest, position, Math.min(end, length));
        return new Finding(torn, intact > 0, length);
    }

    private static int lengthWithoutZeros(byte[] rest) {
        int length = rest.length;
        while (length > 0 && rest[length - 1] == 0) {
            length--;
        }
        return length;
    }

    private static int firstIntact(byte[] rest, int length, byte[] serviceId, JournalLimits limits) {
        for (int at = ChunkFormat.ALIGNMENT; at + ChunkFormat.FRAME_PREFIX < length; at += ChunkFormat.ALIGNMENT) {
            int bodyLength = Bytes.getInt(rest, at);
            if (ChunkFormat.isPlausible(bodyLength, limits)
                    && ChunkFormat.frameHasService(rest, at, serviceId)
                    && ChunkFormat.frameLength(bodyLength) <= length - at
                    && ChunkFormat.refuseFrame(rest, at, bodyLength) == null) {
                return at;
            }
        }
        return -1;
    }

    private static boolean hasLostSector(byte[] rest, long position, int end) {
        int from = 0;
        while (from < end) {
            int to = (int) Math.min(end, from + SECTOR - (position + from) % SECTOR);
            if (Bytes.isZero(rest, from, to)) {
                return true;
            }
            from = to;
        }
        return false;
    }
}
