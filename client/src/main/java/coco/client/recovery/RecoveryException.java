package coco.client.recovery;

import java.io.Serial;

/** Something that members or auditors brought cannot be used: a file, a key, a journal. The message is for people. */
public final class RecoveryException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** @param words what cannot be used, for people */
    public RecoveryException(String words) {
        super(words);
    }

    RecoveryException(String words, Throwable cause) {
        super(words, cause);
    }
}
