package coco.journal;

import coco.crypto.P256;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;

/**
 * The service's word for a sealer, as the block that admits it says it in public: what ties a receipt's signature to
 * the service certificate without the journal. A generation speaks for every sealer that it has, so the word of an
 * older one is worth nothing in a newer.
 *
 * @param generation whose key signs
 * @param height of the block that says it; it holds from the next one on
 * @param signature over {@link #endorsed}, 64 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SealerEndorsement(int generation, long height, byte[] signature) {
    /** Copies the signature. */
    public SealerEndorsement {
        Bytes.requireLength(signature, P256.SIGNATURE_BYTES, "endorsement");
        signature = signature.clone();
    }

    /** What the service signs: SHA-256(label ‖ service id ‖ generation ‖ height ‖ certificate digest). */
    public static byte[] endorsed(byte[] serviceId, int generation, long height, byte[] certificateDigest) {
        byte[] number = new byte[Integer.BYTES];
        Bytes.putInt(number, 0, generation);
        return Digests.hash(Labels.SEALER_ENDORSEMENT, serviceId, number, Bytes.ofLong(height), certificateDigest);
    }

    /** Speaks for a sealer with the key of a generation. */
    public static SealerEndorsement of(
            byte[] serviceId, int generation, long height, X509Certificate sealer, PrivateKey serviceKey) {
        byte[] hash = endorsed(serviceId, generation, height, SealerChange.digest(sealer));
        return new SealerEndorsement(generation, height, P256.sign(serviceKey, hash));
    }

    /** Whether the generation with this key speaks for the sealer with this certificate digest. */
    public boolean isBy(PublicKey serviceKey, byte[] serviceId, byte[] certificateDigest) {
        try {
            return P256.verify(serviceKey, endorsed(serviceId, generation, height, certificateDigest), signature);
        } catch (IllegalArgumentException notOnTheCurve) {
            return false;
        }
    }
}
