package coco.crypto;

/**
 * The one exception of this module for what a caller cannot rule out beforehand. Its message never contains the
 * offending bytes.
 */
public final class CryptoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Code {
        /** A certificate, key or point from outside does not parse or is not of the one kind accepted. */
        MALFORMED,
        /** This Java runtime lacks an algorithm that every conforming runtime has. */
        UNAVAILABLE
    }

    private final Code code;

    CryptoException(Code code, String message) {
        super(message);
        this.code = code;
    }

    /** Returns what went wrong. */
    public Code code() {
        return code;
    }

    static CryptoException malformed(String what) {
        return new CryptoException(Code.MALFORMED, what);
    }

    static CryptoException unavailable(String algorithm) {
        return new CryptoException(Code.UNAVAILABLE, "this Java runtime has no " + algorithm);
    }
}
