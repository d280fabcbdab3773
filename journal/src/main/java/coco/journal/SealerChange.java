package coco.journal;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/** A change, made in public by a block, of who may seal. */
public sealed interface SealerChange {
    /** A node certificate that may seal from now on. */
    record Admitted(X509Certificate certificate) implements SealerChange {}

    /**
     * A node certificate that may not seal any more, once a certain block is sealed.
     *
     * @param certificateDigest SHA-256 of its DER, 32 bytes
     * @param lastHeight the last block that it may seal
     */
    record Removed(byte[] certificateDigest, long lastHeight) implements SealerChange {
        /** Checks the length. */
        public Removed {
            Bytes.requireLength(certificateDigest, 32, "certificate digest");
        }
    }

    /** SHA-256 of the certificate's DER: how headers name a sealer. */
    static byte[] digest(X509Certificate certificate) {
        try {
            return Digests.hash(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was parsed has an encoding", e);
        }
    }
}
