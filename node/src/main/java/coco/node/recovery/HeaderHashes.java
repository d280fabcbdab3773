package coco.node.recovery;

import coco.crypto.Hex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header hashes of a journal from genesis on, 32 bytes each: a million blocks take 32 MiB. They stay in memory, as
 * a file may change after it was verified.
 */
final class HeaderHashes {
    private static final int HASH_BYTES = 32;

    /** Hashes in each array: arrays that are full are never copied, and no array has to hold them all. */
    private static final int SEGMENT = 1 << 15;

    private final List<byte[]> segments = new ArrayList<>();
    private long count;

    /** Of the next block; one that is not the next is passed over, and nothing is known from there on. */
    void add(long height, byte[] hash) {
        if (height != count) {
            return;
        }
        if (count % SEGMENT == 0) {
            segments.add(new byte[SEGMENT * HASH_BYTES]);
        }
        System.arraycopy(hash, 0, segments.getLast(), offset(height), HASH_BYTES);
        count++;
    }

    private static int offset(long height) {
        return (int) (height % SEGMENT) * HASH_BYTES;
    }

    /** Lower-case hexadecimal; null if it is not known. */
    @Nullable
    String at(long height) {
        if (height < 0 || height >= count) {
            return null;
        }
        int from = offset(height);
        return Hex.encode(Arrays.copyOfRange(segments.get((int) (height / SEGMENT)), from, from + HASH_BYTES));
    }
}
