package coco.journal;

import coco.crypto.Hkdf;
import coco.crypto.SecretMemory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Everything derived from one epoch's secret. Only the {@link #sealRoot()} is ever shared out; the others are for
 * nodes.
 */
public final class EpochSecrets {
    private final byte[] serviceId;
    private final @Nullable SecretMemory secret;
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
        this.secret = new SecretMemory(secret);
        byte[] root = Hkdf.derive(serviceId, secret, Bytes.concat(Labels.SEAL_ROOT, Bytes.ofLong(epoch)), 32);
        this.sealRoot = new SealRoot(serviceId, epoch, root);
        Arrays.fill(root, (byte) 0);
    }

    private EpochSecrets(byte[] serviceId, SealRoot sealRoot) {
        Bytes.requireLength(serviceId, 32, "service id");
        this.serviceId = serviceId.clone();
        this.secret = null;
        this.sealRoot = sealRoot;
    }

    /**
     * An epoch that members opened in a recovery: its blocks can be read, and nothing else that its secret was good for
     * can be done.
     */
    public static EpochSecrets opened(byte[] serviceId, SealRoot sealRoot) {
        return new EpochSecrets(serviceId, sealRoot);
    }

    /** Whether the secret itself is known, and not the seal root alone. */
    public boolean isWhole() {
        return secret != null;
    }

    /** Id of the epoch. */
    public long epoch() {
        return sealRoot.epoch();
    }

    /** The secret itself, 32 bytes, for handing it to another node; the caller zeroes it. Only if {@link #isWhole}. */
    public byte[] secret() {
        return whole().copy();
    }

    private SecretMemory whole() {
        if (secret == null) {
            throw new IllegalStateException("of epoch " + epoch() + " the seal root alone is known");
        }
        return secret;
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

    /** From which the sharing of a record is dealt, 32 bytes. */
    byte[] sharingSeed(byte kind) {
        return derive(Labels.SHARING_SEED, new byte[] {kind});
    }

    byte[] serviceId() {
        return serviceId;
    }

    private byte[] derive(byte[] label, byte[] context) {
        byte[] info = Bytes.concat(label, Bytes.ofLong(epoch()), context);
        return whole().use(secret -> Hkdf.derive(serviceId, secret, info, 32));
    }
}
