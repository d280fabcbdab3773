package coco.core;

import coco.journal.BlockOpener;
import coco.journal.EpochSecrets;
import coco.journal.JournalLimits;
import coco.journal.SealerDirectory;
import java.util.Comparator;
import java.util.List;

/**
 * What a node begins with: from the genesis block, or handed over by another node when it joins ({@link Handover}).
 * What later blocks bring it finds in them.
 *
 * @param epochs secrets of epochs, at least one
 * @param generations of the service identity, at least one
 */
public record Secrets(List<EpochSecrets> epochs, List<Generation> generations) {
    public Secrets {
        epochs = epochs.stream()
                .sorted(Comparator.comparingLong(EpochSecrets::epoch))
                .toList();
        generations = generations.stream()
                .sorted(Comparator.comparingInt(Generation::number))
                .toList();
        if (epochs.isEmpty() || generations.isEmpty()) {
            throw new IllegalArgumentException("secrets of at least one epoch and one generation");
        }
    }

    /** A keyring that holds just these. */
    public Keyring keyring() {
        Keyring keys = new Keyring();
        epochs.forEach(keys::add);
        generations.forEach(keys::add);
        return keys;
    }

    /**
     * Encrypts one node's history index, 32 bytes. Of the oldest epoch whose secret is known, which a node that keeps
     * its secrets keeps too: an index outlives epochs.
     */
    public byte[] indexKey(byte[] node) {
        for (EpochSecrets epoch : epochs) {
            if (epoch.isWhole()) {
                return epoch.indexKey(node);
            }
        }
        throw new BrokenInvariantException("a node has the secret of the epoch that it came with");
    }

    /** An opener that can do no more than make evidence nonces. */
    static BlockOpener opener(byte[] serviceId, Generation generation) {
        Keyring keys = new Keyring();
        keys.add(generation);
        return new BlockOpener(serviceId, keys, new SealerDirectory.Tracked(), JournalLimits.DEFAULT);
    }
}
