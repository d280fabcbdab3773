package coco.governance.cose;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * One signed message: COSE_Sign1 (RFC 9052, section 4.2), tagged, in the one form of docs/specs/cose.md. Immutable; any
 * thread.
 */
public final class CoseSign1 {
    /** Content type of proposals, ballots and all other governance messages: canonical JSON. */
    public static final String GOVERNANCE_CONTENT = "application/coco-governance+json";

    /** Media type of a whole message in HTTP (RFC 9052, section 2). */
    public static final String MEDIA_TYPE = "application/cose; cose-type=\"cose-sign1\"";

    private CoseSign1() {}

    /**
     * Signs.
     *
     * @param externalAad what else the signature covers, see {@link #externalAad}
     * @param contentType what the payload is, 1 to 64 visible ASCII characters
     * @param payload the content, at most {@code CoseLimits.PAYLOAD_BYTES}
     * @throws SignerException if the key cannot be used, or its certificate does not fit its signature
     */
    public static CoseSign1 sign(Signer signer, byte[] externalAad, String contentType, byte[] payload) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads a message. The signature is not looked at.
     *
     * @throws MalformedCoseException if the bytes are not exactly one message in the one form
     */
    public static CoseSign1 decode(byte[] message) throws MalformedCoseException {
        throw new MalformedCoseException("");
    }

    /** External data of a governance message: a label and the service id (32 bytes), so that it holds there only. */
    public static byte[] externalAad(byte[] serviceId) {
        return externalAad("coco governance message v1", serviceId);
    }

    /** External data of another use: the label, a zero byte, and the context's bytes. */
    public static byte[] externalAad(String label, byte[] context) {
        throw new UnsupportedOperationException();
    }

    /** Whether the message names this entry as its signer; nothing is verified. Cheap: to find the entry among many. */
    public boolean names(SignerEntry entry) {
        throw new UnsupportedOperationException();
    }

    /**
     * Verifies signature, signer and usage.
     *
     * @param at when the message is judged: leaf and intermediates of a chain must be valid then. The period of the
     *     entry's own certificate is not judged: the constitution says how long it counts
     */
    public Verification verify(SignerEntry entry, byte[] externalAad, Instant at) {
        throw new UnsupportedOperationException();
    }

    /** The message as it travels and is recorded. */
    public byte[] bytes() {
        throw new UnsupportedOperationException();
    }

    /** SHA-256 of the certificate that signed, as the message claims. 32 bytes. */
    public byte[] keyId() {
        throw new UnsupportedOperationException();
    }

    /** The chain of the message, leaf first; empty where the entry itself signed. */
    public List<X509Certificate> chain() {
        throw new UnsupportedOperationException();
    }

    /** What the payload is. */
    public String contentType() {
        throw new UnsupportedOperationException();
    }

    /** The content. */
    public byte[] payload() {
        throw new UnsupportedOperationException();
    }

    /**
     * SHA-256 of what was signed, 32 bytes: the same for every signature of one key over one content. Anybody can turn
     * an ECDSA signature (r, s) into the equally valid (r, n - s), so replay protection counts this, not {@link
     * #bytes()}.
     */
    public byte[] contentDigest(byte[] externalAad) {
        throw new UnsupportedOperationException();
    }
}
