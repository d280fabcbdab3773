package coco.core;

import coco.journal.EpochSecrets;
import coco.journal.EvidenceKey;
import coco.journal.MalformedException;
import coco.journal.OpenerKeys;
import coco.journal.SealRoot;
import coco.journal.SealedBlock;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that this node holds: of all epochs whose blocks it may read, of all generations whose commitments it can
 * prove, and the newest service key. Holds what is committed only: what a block in flight brings is the pipeline's. Old
 * epochs that nobody asks for are kept encrypted ({@link RestingEpochs}). Any thread.
 */
public final class Keyring implements OpenerKeys {
    /** The newest epoch and the one before are in use all the time. */
    private static final int EPOCHS_AWAKE_MIN = 2;

    /** All epochs; what rests is not in here but by its id. */
    private final TreeMap<Long, Awake> epochs = new TreeMap<>();

    private final Map<Long, byte[]> commitments = new HashMap<>();
    private final TreeMap<Integer, Generation> generations = new TreeMap<>();

    private @Nullable RestingEpochs resting;
    private LongSupplier nanos = () -> 0;

    /**
     * An epoch in the ring.
     *
     * @param secrets null while it rests
     * @param usedNanos when it was asked for last
     */
    private record Awake(@Nullable EpochSecrets secrets, long usedNanos) {}

    /**
     * From now on {@link #rest} lays epochs to rest that nobody asks for.
     *
     * @param nanos a clock that never goes back
     */
    public synchronized void keepTime(byte[] serviceId, SecureRandom random, LongSupplier nanos) {
        this.resting = new RestingEpochs(serviceId, random);
        this.nanos = nanos;
        epochs.replaceAll((_, held) -> new Awake(held.secrets(), nanos.getAsLong()));
    }

    /**
     * Encrypts what nobody has asked for in this time, but for the newest epochs. It is decrypted when it is asked for.
     *
     * @return how many epochs are in memory in clear
     */
    public synchronized int rest(long lifetimeNanos) {
        RestingEpochs bed = resting;
        int awake = 0;
        int newer = epochs.size();
        for (Map.Entry<Long, Awake> each : epochs.entrySet()) {
            newer--;
            EpochSecrets secrets = each.getValue().secrets();
            boolean idle = nanos.getAsLong() - each.getValue().usedNanos() >= lifetimeNanos;
            if (secrets != null && bed != null && idle && newer >= EPOCHS_AWAKE_MIN) {
                bed.put(secrets);
                each.setValue(new Awake(null, 0));
            } else if (secrets != null) {
                awake++;
            }
        }
        return awake;
    }

    /** Takes an epoch's secrets in. */
    public synchronized void add(EpochSecrets secrets) {
        epochs.put(secrets.epoch(), new Awake(secrets, nanos.getAsLong()));
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
        EpochSecrets secrets = look(epoch);
        if (secrets != null) {
            epochs.put(epoch, new Awake(secrets, nanos.getAsLong()));
        }
        return secrets;
    }

    /** Without waking it. */
    private @Nullable EpochSecrets look(long epoch) {
        Awake held = epochs.get(epoch);
        if (held == null) {
            return null;
        }
        EpochSecrets secrets = held.secrets();
        return secrets == null && resting != null ? resting.get(epoch) : secrets;
    }

    private List<EpochSecrets> all(Set<Long> ids) {
        return ids.stream()
                .map(epoch -> Invariant.present(look(epoch), "an epoch is awake or rests"))
                .toList();
    }

    /** How many epochs there are before this one. */
    synchronized int epochsBefore(long epoch) {
        return epochs.headMap(epoch).size();
    }

    /**
     * The commitment to this epoch's seal root, which its blocks name, without waking it; null if it is not here. Kept
     * once it was asked for.
     */
    synchronized byte @Nullable [] commitment(long epoch) {
        byte[] known = commitments.get(epoch);
        EpochSecrets secrets = known == null ? look(epoch) : null;
        if (secrets != null) {
            known = secrets.sealRoot().commitment();
            commitments.put(epoch, known);
        }
        return known;
    }

    /** The seal roots of all epochs before this one, the oldest first: opens all that rest. */
    synchronized List<SealRoot> sealRootsBefore(long epoch) {
        return all(epochs.headMap(epoch).keySet()).stream()
                .map(EpochSecrets::sealRoot)
                .toList();
    }

    /** The secrets of this generation; null if they are not here. */
    synchronized @Nullable Generation generation(int number) {
        return generations.get(number);
    }

    /**
     * The secrets of this generation, of one from before a recovery that nobody has them; null if they are not here.
     * Generations come in order and none goes, so that one is lost when this node lacks it and knows a newer one.
     */
    synchronized @Nullable Generation generationOrLost(int number) {
        Generation known = generations.get(number);
        return known == null && !generations.isEmpty() && number < generations.lastKey()
                ? Generation.lost(number)
                : known;
    }

    /** The newest generation, whose service key this node may use. */
    public synchronized Generation newest() {
        return generations.lastEntry().getValue();
    }

    /** Everything, for {@link Handover} only. */
    synchronized Secrets secrets() {
        return new Secrets(all(epochs.keySet()), List.copyOf(generations.values()));
    }

    @Override
    public synchronized @Nullable SealRoot sealRoot(long epoch) {
        EpochSecrets secrets = epoch(epoch);
        return secrets == null ? null : secrets.sealRoot();
    }

    @Override
    public synchronized @Nullable EvidenceKey evidenceKey(int number) {
        Generation generation = generations.get(number);
        return generation == null ? null : generation.evidence();
    }
}
