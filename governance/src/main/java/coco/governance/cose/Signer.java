package coco.governance.cose;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A member's or owner's signing key, wherever it lies: a file, a token, a key vault. One thread at a time.
 */
public interface Signer {
    /** Certificate of the signing key, which is on P-256. */
    X509Certificate certificate();

    /**
     * What a verifier needs to get from {@link #certificate()} to the entry in the constitution: empty where the
     * certificate itself is the entry, else the certificate and the intermediates below the entry, leaf first.
     */
    default List<X509Certificate> chain() {
        return List.of();
    }

    /**
     * Signs by ECDSA on P-256 with SHA-256 (ES256; RFC 9053, section 2.1).
     *
     * @param toBeSigned the bytes themselves, not their hash
     * @return 64 bytes r ‖ s
     * @throws SignerException if the key cannot be used
     */
    byte[] sign(byte[] toBeSigned);
}
