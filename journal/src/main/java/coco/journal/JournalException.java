package coco.journal;

import java.io.Serial;

/** The environment failed the journal: a disk that does not write, a file that cannot be opened. */
public final class JournalException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * @param words what was being done, for people
     * @param cause what the system said
     */
    public JournalException(String words, Throwable cause) {
        super(words + ": " + cause.getMessage(), cause);
    }

    /** @param words what failed, for people */
    public JournalException(String words) {
        super(words);
    }
}
