package coco.consensus;

/** A fault of the environment: storage, network or configuration. Broken invariants are {@link Invariant.Broken}. */
public final class ConsensusException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong, for those who must decide what to do. */
    public enum Code {
        /** The storage folder of a member that has already voted is gone. It must come back under a new peer id. */
        STORAGE_LOST,
        /** The storage folder belongs to another peer, group or format. */
        STORAGE_FOREIGN,
        /**
         * The log on disk is damaged otherwise than by a write that was cut short. It must come back under a new peer
         * id.
         */
        LOG_DAMAGED,
        /** Reading or writing storage failed. */
        STORAGE_IO,
        /** The node channel could not be opened: port taken, or keys unusable. */
        CHANNEL,
        /** A setting contradicts another, or the log was used against its lifecycle. */
        USAGE
    }

    private final Code code;

    public ConsensusException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public ConsensusException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public Code code() {
        return code;
    }
}
