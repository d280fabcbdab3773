package coco.attestation;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Attester} made: the platform it claims to come from, and a document only that platform's verifier
 * understands.
 *
 * <p>Encoded: format version (1 byte, {@value #FORMAT}), platform code (1 byte), document (the rest).
 */
public final class Evidence {
    static final int FORMAT = 1;

    private static final int HEADER_BYTES = 2;

    private final Platform platform;
    private final byte[] document;

    /**
     * Wraps a document.
     *
     * @throws IllegalArgumentException if it is longer than {@link AttestationLimits#evidenceBytesMax()} allows
     */
    public Evidence(Platform platform, byte[] document) {
        if (document.length > AttestationLimits.DEFAULT.evidenceBytesMax() - HEADER_BYTES) {
            throw new IllegalArgumentException("a document of " + document.length + " bytes is too long");
        }
        this.platform = platform;
        this.document = document.clone();
    }

    /** Returns the platform this claims to come from. */
    public Platform platform() {
        return platform;
    }

    /** Returns a copy of the platform's own bytes. */
    public byte[] document() {
        return document.clone();
    }

    /** Returns the form for certificates and messages. */
    public byte[] encode() {
        byte[] out = new byte[HEADER_BYTES + document.length];
        out[0] = FORMAT;
        out[1] = (byte) platform.code();
        System.arraycopy(document, 0, out, HEADER_BYTES, document.length);
        return out;
    }

    /**
     * Returns what {@link #encode} wrote, or null if these bytes are of another format, an unknown platform or too
     * long.
     */
    public static @Nullable Evidence decode(byte[] encoded) {
        if (encoded.length < HEADER_BYTES
                || encoded.length > AttestationLimits.DEFAULT.evidenceBytesMax()
                || encoded[0] != FORMAT) {
            return null;
        }
        Platform platform = Platform.ofCode(encoded[1] & 0xff);
        return platform == null
                ? null
                : new Evidence(platform, Arrays.copyOfRange(encoded, HEADER_BYTES, encoded.length));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Evidence that && platform == that.platform && Arrays.equals(document, that.document);
    }

    @Override
    public int hashCode() {
        return Objects.hash(platform, Arrays.hashCode(document));
    }

    @Override
    public String toString() {
        return "Evidence[" + platform.label() + ", " + document.length + " bytes]";
    }
}
