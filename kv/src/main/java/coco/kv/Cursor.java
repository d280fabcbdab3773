package coco.kv;

/**
 * Walks entries in key order. Begins before the first entry. Used by one thread; valid while the lease on the version
 * it reads is held. A cursor over a {@link Draft} ends with the next change of that draft: using it afterwards throws
 * {@link IllegalStateException}. A cursor over a {@link Transaction} allows changes of the transaction and sees those
 * ahead of it.
 */
public interface Cursor {
    /** Moves to the next entry; false if there is none. */
    boolean next();

    /** Moves so that {@link #next} finds the first entry of the cursor's range with a key of at least {@code key}. */
    void seek(byte[] key);

    /** The current key; {@link IllegalStateException} if there is no current entry. */
    byte[] key();

    /** The current value; {@link IllegalStateException} if there is no current entry. */
    byte[] value();
}
