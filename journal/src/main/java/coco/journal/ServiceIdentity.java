package coco.journal;

import coco.crypto.P256;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;

/**
 * A generation of the service identity, as a block says it in public.
 *
 * @param generation 0 for the first
 * @param height of the block that brought it; it is in force from the next one on, the first from genesis on
 * @param certificate self-signed, of the generation's key
 * @param endorsement signature of the generation before over {@link #endorsed}, 64 bytes; empty for the first
 *     generation, which the service id vouches for, and for one that a recovery began
 */
public record ServiceIdentity(int generation, long height, X509Certificate certificate, byte[] endorsement) {
    /** Copies the endorsement. */
    public ServiceIdentity {
        endorsement = endorsement.clone();
    }

    /**
     * What the generation before signs: SHA-256(label ‖ service id ‖ generation ‖ height ‖ DER of the new key's
     * SubjectPublicKeyInfo).
     */
    public static byte[] endorsed(byte[] serviceId, int generation, long height, PublicKey key) {
        byte[] number = new byte[Integer.BYTES];
        Bytes.putInt(number, 0, generation);
        return Digests.hash(Labels.ENDORSEMENT, serviceId, number, Bytes.ofLong(height), key.getEncoded());
    }

    /** Signs for the generation after, with the key of the one before. */
    public static byte[] endorse(byte[] serviceId, int generation, long height, PublicKey key, PrivateKey before) {
        return P256.sign(before, endorsed(serviceId, generation, height, key));
    }

    /**
     * Whether no key vouches for this generation but the ballots of members, in the block that brings it: a recovery.
     * Who believes it must have judged those.
     */
    public boolean isByMembers() {
        return generation > 0 && endorsement.length == 0;
    }

    /** Whether the generation with this key endorses this one. */
    public boolean isEndorsedBy(byte[] serviceId, PublicKey before) {
        try {
            return P256.verify(
                    before, endorsed(serviceId, generation, height, certificate.getPublicKey()), endorsement);
        } catch (IllegalArgumentException notOnTheCurve) {
            return false;
        }
    }
}
