package coco.kv;

/** Bytes that are not the canonical form of a write set. Checked, since such bytes come from a network or a disk. */
public final class MalformedWriteSetException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedWriteSetException(String message, int offset) {
        super(message + " at byte " + offset);
    }
}
