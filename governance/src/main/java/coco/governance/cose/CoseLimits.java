package coco.governance.cose;

/** How large a message may be. */
final class CoseLimits {
    /**
     * A proposal that brings a rule module of 256 Ki characters, escaped, and much besides. A block holds the message
     * twice and its actions once more.
     */
    static final int PAYLOAD_BYTES = 512 * 1024;

    /** A leaf and what organisations put between it and the certificate that the constitution names. */
    static final int CHAIN_CERTIFICATES = 4;

    /** Certificates with policies and many names stay below this. */
    static final int CERTIFICATE_BYTES = 8 * 1024;

    /** Chain, algorithm, content type, key identifier. */
    static final int PROTECTED_BYTES = CHAIN_CERTIFICATES * CERTIFICATE_BYTES + 512;

    /** Payload, headers, a signature, and the framing between. */
    static final int MESSAGE_BYTES = PAYLOAD_BYTES + PROTECTED_BYTES + 256;

    /** Headers of one kind: more than RFC 9052 and RFC 9360 define for a signed message. */
    static final int HEADERS = 16;

    /** Characters of a content type or of another text. */
    static final int TEXT_BYTES = 64;

    private CoseLimits() {}
}
