package coco.journal;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** A change, made in public by a block, of who may seal. */
public sealed interface SealerChange {
    /**
     * A node certificate that may seal from now on; of one that may already, that a new generation speaks for it.
     *
     * @param endorsement the service's word for it; null where the service issued the certificate itself
     */
    record Admitted(X509Certificate certificate, @Nullable SealerEndorsement endorsement) implements SealerChange {
        /** One that the service issued. */
        public Admitted(X509Certificate certificate) {
            this(certificate, null);
        }
    }

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
        return Digests.hash(der(certificate));
    }

    /** The certificate's DER. */
    static byte[] der(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was parsed has an encoding", e);
        }
    }
}
