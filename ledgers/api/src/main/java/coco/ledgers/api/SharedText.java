package coco.ledgers.api;

/** UTF-8 text that is put into many queues and is in memory once. Equal only to itself. Any thread. */
public final class SharedText {
    private final byte[] utf8;

    /** The array is kept and must not change. */
    public SharedText(byte[] utf8) {
        this.utf8 = utf8;
    }

    /** The text itself, not a copy. */
    public byte[] utf8() {
        return utf8;
    }
}
