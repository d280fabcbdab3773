package coco.core;

import coco.journal.BlockOpener;
import coco.journal.EpochSecrets;
import coco.journal.EvidenceKey;
import coco.journal.JournalLimits;
import coco.journal.SealerDirectory;

/**
 * What genesis gives a node.
 *
 * @param epoch the first epoch's secrets
 * @param evidence the first generation's evidence key
 */
public record Secrets(EpochSecrets epoch, EvidenceKey evidence) {
    /** A keyring that holds just these. */
    public Keyring keyring() {
        Keyring keys = new Keyring();
        keys.add(epoch);
        keys.add(0, evidence);
        return keys;
    }

    /** An opener that can do no more than make evidence nonces. */
    static BlockOpener opener(byte[] serviceId, EvidenceKey evidence) {
        Keyring keys = new Keyring();
        keys.add(0, evidence);
        return new BlockOpener(serviceId, keys, new SealerDirectory.Tracked(), JournalLimits.DEFAULT);
    }
}
