package coco.journal;

import java.io.Serial;

/** Bytes from a disk or a network that are not what the format document allows; the message says where and why. */
public final class MalformedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    /** @param words what is wrong, for people */
    public MalformedException(String words) {
        super(words);
    }
}
