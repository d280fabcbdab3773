package coco.evm.rlp;

import java.util.Locale;

/** Bytes are not the canonical RLP encoding of what the reader was asked for. Carries no stack trace. */
public final class RlpException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is wrong with the bytes. */
    public enum Kind {
        /** The input ends before the item does, or an item reaches past the end of its list. */
        TRUNCATED,
        /** A length is not in its shortest form, or a single byte below 0x80 has a prefix. */
        NOT_CANONICAL,
        /** A list where a string is expected, or the other way round. */
        WRONG_SHAPE,
        /** A string has another length than its type demands. */
        WRONG_LENGTH,
        /** An integer starts with a zero byte. */
        LEADING_ZERO,
        /** An integer does not fit its type. */
        TOO_LARGE,
        /** A list or the input has more than it should. */
        TRAILING_BYTES,
        /** A list has fewer items than it should. */
        MISSING_ITEM,
        /** Lists are nested too deep. */
        TOO_DEEP
    }

    private final Kind kind;

    /**
     * @param kind what is wrong
     * @param offset where in the input, in bytes from the start of the reader's range
     */
    public RlpException(Kind kind, int offset) {
        super(
                "rlp: " + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " at byte " + offset,
                null,
                false,
                false);
        this.kind = kind;
    }

    /** What is wrong with the bytes. */
    public Kind kind() {
        return kind;
    }
}
