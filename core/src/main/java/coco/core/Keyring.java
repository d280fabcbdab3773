package coco.core;

import coco.journal.EpochSecrets;
import coco.journal.EvidenceKey;
import coco.journal.MalformedException;
import coco.journal.OpenerKeys;
import coco.journal.SealRoot;
import coco.journal.SealedBlock;
import java.security.PrivateKey;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that this node holds: of all epochs whose blocks it may read, of all generations whose commitments it can
 * prove, and the newest service key. Holds what is committed only: what a block in flight brings is the pipeline's. Any
 * thread.
 */
public final class Keyring implements OpenerKeys {
    private final TreeMap<Long, EpochSecrets> epochs = new TreeMap<>();
    private final TreeMap<Integer, Generation> generations = new TreeMap<>();

    /** Takes an epoch's secrets in. */
    public synchronized void add(EpochSecrets secrets) {
        epochs.put(secrets.epoch(), secrets);
    }

    /** Takes a generation's secrets in. Service keys of older generations are forgotten. */
    public synchronized void add(Generation generation) {
        generations.put(generation.number(), generation);
        for (Map.Entry<Integer, Generation> older :
                generations.headMap(generations.lastKey()).entrySet()) {
            Generation old = older.getValue();
            older.setValue(new Generation(old.number(), old.evidence(), null));
        }
    }

    /**
     * Takes in what a block brings for one node: an epoch's secrets, and a generation's if one begins.
     *
     * @return whether it brings this node any that open with this key
     * @throws MalformedException if its public writes do not parse
     */
    public boolean addWhatBrings(SealedBlock block, byte[] serviceId, String nodeId, PrivateKey wrappingKey)
            throws MalformedException {
        long height = block.header().height();
        byte[] wrapped = PublicWrites.value(block.publicWrites(), ServiceMaps.EPOCHS, Wraps.key(height, nodeId));
        Wraps.Brought brought = wrapped == null ? null : Wraps.open(wrapped, serviceId, height, nodeId, wrappingKey);
        if (brought == null) {
            return false;
        }
        add(brought.epoch());
        Generation generation = brought.generation();
        if (generation != null) {
            add(generation);
        }
        return true;
    }

    /** The secrets of this epoch; null if they are not here. */
    synchronized @Nullable EpochSecrets epoch(long epoch) {
        return epochs.get(epoch);
    }

    /** The secrets of this generation; null if they are not here. */
    synchronized @Nullable Generation generation(int number) {
        return generations.get(number);
    }

    /** The newest generation, whose service key this node may use. */
    public synchronized Generation newest() {
        return generations.lastEntry().getValue();
    }

    /** Everything, for {@link Handover} only. */
    synchronized Secrets secrets() {
        return new Secrets(List.copyOf(epochs.values()), List.copyOf(generations.values()));
    }

    @Override
    public synchronized @Nullable SealRoot sealRoot(long epoch) {
        EpochSecrets secrets = epochs.get(epoch);
        return secrets == null ? null : secrets.sealRoot();
    }

    @Override
    public synchronized @Nullable EvidenceKey evidenceKey(int number) {
        Generation generation = generations.get(number);
        return generation == null ? null : generation.evidence();
    }
}
