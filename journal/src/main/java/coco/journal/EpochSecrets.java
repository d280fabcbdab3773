package coco.journal;

import coco.crypto.Hkdf;

/**
 * Everything derived from one epoch's secret. Only the {@link #sealRoot()} is ever shared out; the others are for
 * nodes.
 */
public final class EpochSecrets {
    private final byte[] serviceId;
    private final byte[] secret;
    private final SealRoot sealRoot;

    /**
     * @param serviceId 32 bytes
     * @param epoch id of the epoch: height of the block that brought the secret; 0 for the first
     * @param secret 32 bytes
     */
    public EpochSecrets(byte[] serviceId, long epoch, byte[] secret) {
        Bytes.requireLength(serviceId, 32, "service id");
        Bytes.requireLength(secret, 32, "epoch secret");
        this.serviceId = serviceId.clone();
        this.secret = secret.clone();
        byte[] root = Hkdf.derive(serviceId, secret, Bytes.concat(Labels.SEAL_ROOT, Bytes.ofLong(epoch)), 32);
        this.sealRoot = new SealRoot(serviceId, epoch, root);
    }

    /** Id of the epoch. */
    public long epoch() {
        return sealRoot.epoch();
    }

    /** The secret itself, 32 bytes, for handing it to another node. */
    public byte[] secret() {
        return secret.clone();
    }

    /** What opens the epoch's blocks. */
    public SealRoot sealRoot() {
        return sealRoot;
    }

    /** Encrypts snapshots, 32 bytes. */
    public byte[] snapshotKey() {
        return derive(Labels.SNAPSHOT, new byte[0]);
    }

    /** Encrypts the history index of one node, 32 bytes. */
    public byte[] indexKey(byte[] node) {
        return derive(Labels.INDEX, node);
    }

    /** Blinds what would otherwise be guessable in public, 32 bytes. */
    public byte[] blindingKey() {
        return derive(Labels.BLINDING, new byte[0]);
    }

    /** Feeds PREVRANDAO, 32 bytes. */
    public byte[] prevRandaoKey() {
        return derive(Labels.PREV_RANDAO, new byte[0]);
    }

    private byte[] derive(byte[] label, byte[] context) {
        return Hkdf.derive(serviceId, secret, Bytes.concat(label, Bytes.ofLong(epoch()), context), 32);
    }
}
