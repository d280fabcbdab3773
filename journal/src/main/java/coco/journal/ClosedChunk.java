package coco.journal;

import org.jspecify.annotations.Nullable;

/** What memory holds of a closed chunk: some forty bytes; the offsets of its entries stay in its footer. */
final class ClosedChunk {
    private final String name;
    private final long firstHeight;
    private final int count;
    private final long footerOffset;
    private volatile @Nullable String damage;

    ClosedChunk(String name, long firstHeight, int count, long footerOffset) {
        this.name = name;
        this.firstHeight = firstHeight;
        this.count = count;
        this.footerOffset = footerOffset;
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

    /** What a read found wrong since the check at start, or null. */
    @Nullable
    String damage() {
        return damage;
    }

    void markDamaged(String words) {
        damage = words;
    }
}
