package coco.attestation;

import org.jspecify.annotations.Nullable;

/**
 * A fault of this node's own surroundings: its platform or the files of it. What others send is judged by a {@link
 * Verdict} instead.
 */
public final class AttestationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Code {
        /** The file that holds a platform's key may be read or written by others, or lies where it must not. */
        KEY_EXPOSED,
        /** The file that holds a platform's key is not one. */
        KEY_MALFORMED,
        /** The file system refused. */
        STORAGE,
        /** The platform made no evidence. */
        PLATFORM
    }

    private final Code code;

    /**
     * Makes one.
     *
     * @param message says what to do about it, and contains no secret
     */
    public AttestationException(Code code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** Returns what went wrong. */
    public Code code() {
        return code;
    }
}
