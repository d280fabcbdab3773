package coco.journal;

import java.security.PrivateKey;

/**
 * Who seals.
 *
 * @param serviceId 32 bytes
 * @param certificateDigest SHA-256 of the node certificate's DER, 32 bytes
 * @param signingKey the node's P-256 key
 */
public record SealerIdentity(byte[] serviceId, byte[] certificateDigest, PrivateKey signingKey) {
    /** Checks the lengths. */
    public SealerIdentity {
        Bytes.requireLength(serviceId, 32, "service id");
        Bytes.requireLength(certificateDigest, 32, "certificate digest");
    }
}
