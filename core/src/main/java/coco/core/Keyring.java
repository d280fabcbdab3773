package coco.core;

import coco.crypto.Hmac;
import coco.journal.EpochSecrets;
import coco.journal.EvidenceKey;
import coco.journal.OpenerKeys;
import coco.journal.SealRoot;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The epochs' secrets and evidence keys that this node holds. Any thread. */
public final class Keyring implements OpenerKeys {
    private final Map<Long, EpochSecrets> epochs = new ConcurrentHashMap<>();
    private final Map<Integer, EvidenceKey> evidence = new ConcurrentHashMap<>();
    private volatile @Nullable EpochSecrets newest;

    /** Takes an epoch's secrets in; the one with the highest id seals from now on. */
    public void add(EpochSecrets secrets) {
        epochs.put(secrets.epoch(), secrets);
        EpochSecrets current = newest;
        if (current == null || current.epoch() < secrets.epoch()) {
            newest = secrets;
        }
    }

    /** Takes a generation's evidence key in. */
    public void add(int generation, EvidenceKey key) {
        evidence.put(generation, key);
    }

    /** The epoch under which new blocks are sealed. */
    EpochSecrets current() {
        EpochSecrets current = newest;
        if (current == null) {
            throw new IllegalStateException("a node without an epoch's secrets can do nothing");
        }
        return current;
    }

    /**
     * Randomness of the block that follows this parent: a function of a secret and the chain, so that a host cannot
     * draw again by making a leader lose a block.
     */
    byte[] randomness(byte[] parentHash, long height) {
        return Hmac.sha256(
                current().prevRandaoKey(),
                parentHash,
                ByteBuffer.allocate(Long.BYTES).putLong(height).array());
    }

    @Override
    public @Nullable SealRoot sealRoot(long epoch) {
        EpochSecrets secrets = epochs.get(epoch);
        return secrets == null ? null : secrets.sealRoot();
    }

    @Override
    public @Nullable EvidenceKey evidenceKey(int generation) {
        return evidence.get(generation);
    }
}
