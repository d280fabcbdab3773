package coco.governance.cose;

import java.security.cert.X509Certificate;

/** What became of checking a message against an entry of the constitution. */
public sealed interface Verification {
    /**
     * The signature is the entry's.
     *
     * @param signer the certificate whose key signed: the entry's, or a leaf below it
     */
    record Valid(X509Certificate signer) implements Verification {}

    /**
     * The message does not count.
     *
     * @param words for people: which check, what was seen, what is allowed
     */
    record Refused(Reason reason, String words) implements Verification {}

    /** Which check failed. */
    enum Reason {
        /** The key identifier or the chain leads to another certificate than the entry's. */
        SIGNER,
        /**
         * The chain does not end at the entry by the rules of RFC 5280, section 6, or a certificate of it has expired.
         */
        CHAIN,
        /** The certificate lacks the usage that governance asks for. */
        USAGE,
        /** The algorithm is not the one of the signer's key. */
        ALGORITHM,
        /** The signature is not by that key over this content for this service. */
        SIGNATURE
    }
}
