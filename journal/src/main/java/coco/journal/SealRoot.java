package coco.journal;

import coco.crypto.Hkdf;
import coco.crypto.Hmac;
import coco.crypto.SecretMemory;
import java.util.Arrays;

/**
 * The part of an epoch's secret that opens its blocks: what members' shares and an auditor's grant give, and nothing
 * more. Its children are the sealers' keys and the salt key.
 */
public final class SealRoot {
    private final byte[] serviceId;
    private final long epoch;
    private final SecretMemory root;
    private final SecretMemory saltKey;
    private final byte[] commitment;

    /**
     * @param serviceId 32 bytes
     * @param epoch id of the epoch
     * @param root 32 bytes
     */
    public SealRoot(byte[] serviceId, long epoch, byte[] root) {
        Bytes.requireLength(serviceId, 32, "service id");
        Bytes.requireLength(root, 32, "seal root");
        this.serviceId = serviceId.clone();
        this.epoch = epoch;
        this.root = new SecretMemory(root);
        byte[] salt = Hkdf.derive(serviceId, root, Labels.SALT, 32);
        this.saltKey = new SecretMemory(salt);
        Arrays.fill(salt, (byte) 0);
        this.commitment = Hmac.sha256(root, Labels.EPOCH_COMMITMENT, serviceId, Bytes.ofLong(epoch));
    }

    /** Id of the epoch. */
    public long epoch() {
        return epoch;
    }

    /** The secret itself, for wrapping; the caller zeroes it. */
    public byte[] secret() {
        return root.copy();
    }

    /**
     * What every header of the epoch carries. AES-GCM commits to no key; this does, so whoever was handed a seal root
     * can tell whether it is the right one before opening anything.
     */
    public byte[] commitment() {
        return commitment.clone();
    }

    /** The caller zeroes it. */
    byte[] saltKey() {
        return saltKey.copy();
    }

    /** The key of one sealer in one term: HKDF over certificate digest, incarnation and term. */
    byte[] sealerKey(byte[] sealer, long incarnation, long term) {
        byte[] info = Bytes.concat(Labels.SEALER, sealer, Bytes.ofLong(incarnation), Bytes.ofLong(term));
        return root.use(secret -> Hkdf.derive(serviceId, secret, info, 32));
    }
}
