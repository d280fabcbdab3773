package coco.core;

import coco.kv.Version;
import coco.ledgers.api.AccessSettings;
import org.jspecify.annotations.Nullable;

/** The committed head as readers on other threads see it: published by the core thread, leased by anyone. */
public final class Heads {
    private volatile @Nullable Head head;

    /**
     * One committed state.
     *
     * @param height of the block after which it is
     * @param hash of that block's header
     * @param version the state
     * @param access what is in force after that block
     */
    record Head(long height, byte[] hash, Version version, AccessSettings access) {}

    void publish(long height, byte[] hash, Version version, AccessSettings access) {
        head = new Head(height, hash, version, access);
    }

    /** The newest committed head, without a lease on its state. */
    Head newest() {
        Head current = head;
        if (current == null) {
            throw new IllegalStateException("no state before genesis is applied");
        }
        return current;
    }

    /** Height of the last applied block, -1 before genesis. */
    public long height() {
        Head current = head;
        return current == null ? -1 : current.height();
    }

    /** Hash of the last applied block's header. */
    public byte[] hash() {
        Head current = head;
        return current == null ? new byte[32] : current.hash().clone();
    }

    /** The newest committed state, with a lease that the caller closes. */
    Head lease() {
        while (true) {
            Head current = newest();
            if (current.version().tryLease() != null) {
                return current;
            }
            // It was superseded and released between the two reads; the newer one is published already.
            Thread.onSpinWait();
        }
    }
}
