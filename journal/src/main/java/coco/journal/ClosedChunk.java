package coco.journal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What memory holds of a closed chunk: some hundred bytes; the offsets of its entries stay in its footer. */
final class ClosedChunk {
    private final String name;
    private final long firstHeight;
    private final int count;
    private final long footerOffset;
    private final byte[] digest;
    private volatile @Nullable String damage;
    private volatile boolean distrusted;

    /** @param digest of all bytes of the file before it, as its footer has it; 32 bytes */
    ClosedChunk(String name, long firstHeight, int count, long footerOffset, byte[] digest) {
        this.name = name;
        this.firstHeight = firstHeight;
        this.count = count;
        this.footerOffset = footerOffset;
        this.digest = digest;
    }

    String name() {
        return name;
    }

    long firstHeight() {
        return firstHeight;
    }

    long lastHeight() {
        return firstHeight + count - 1;
    }

    int count() {
        return count;
    }

    long footerOffset() {
        return footerOffset;
    }

    /** Whether a file that ends in this digest is the one that was checked or written. */
    boolean hasDigest(byte[] other) {
        return Arrays.equals(digest, other);
    }

    /** The same chunk under the name that it has in the journal. */
    ClosedChunk named(String other) {
        return new ClosedChunk(other, firstHeight, count, footerOffset, digest);
    }

    /** What a read found wrong since the check at start, or null. */
    @Nullable
    String damage() {
        return damage;
    }

    void markDamaged(String words) {
        damage = words;
    }

    /** The same, by somebody with keys: its checksums may be right. */
    void markDistrusted(String words) {
        distrusted = true;
        damage = words;
    }

    boolean isDistrusted() {
        return distrusted;
    }

    /** It was a fault of the moment. */
    void clearDamage() {
        damage = null;
    }
}
