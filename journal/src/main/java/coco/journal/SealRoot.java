package coco.journal;

import coco.crypto.Hkdf;
import coco.crypto.Hmac;

/**
 * The part of an epoch's secret that opens its blocks: what members' shares and an auditor's grant give, and nothing
 * more. Its children are the sealers' keys and the salt key.
 */
public final class SealRoot {
    private final byte[] serviceId;
    private final long epoch;
    private final byte[] root;
    private final byte[] saltKey;
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
        this.root = root.clone();
        this.saltKey = Hkdf.derive(serviceId, root, Labels.SALT, 32);
        this.commitment = Hmac.sha256(root, Labels.EPOCH_COMMITMENT, serviceId, Bytes.ofLong(epoch));
    }

    /** Id of the epoch. */
    public long epoch() {
        return epoch;
    }

    /** The secret itself, for wrapping. */
    public byte[] secret() {
        return root.clone();
    }

    /**
     * What every header of the epoch carries. AES-GCM commits to no key; this does, so whoever was handed a seal root
     * can tell whether it is the right one before opening anything.
     */
    public byte[] commitment() {
        return commitment.clone();
    }

    byte[] saltKey() {
        return saltKey;
    }

    /** The key of one sealer in one term: HKDF over certificate digest, incarnation and term. */
    byte[] sealerKey(byte[] sealer, long incarnation, long term) {
        byte[] info = Bytes.concat(Labels.SEALER, sealer, Bytes.ofLong(incarnation), Bytes.ofLong(term));
        return Hkdf.derive(serviceId, root, info, 32);
    }
}
