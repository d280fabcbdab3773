package coco.ledgers.ethereum.access;

import coco.kv.Reader;
import coco.ledgers.api.AccessSettings;

/** Whether there is anything at all that not everybody may see. */
public final class Restrictions {
    private Restrictions() {}

    /**
     * Whether the members restricted reading, or a contract is confidential, or ever was. If not, everybody sees
     * everything, and headers are exactly Ethereum's.
     *
     * @param settings in force for the state
     */
    public static boolean any(Reader state, AccessSettings settings) {
        return settings.contracts() != AccessSettings.Contracts.OPEN
                || settings.accounts() != AccessSettings.Accounts.OPEN
                || !settings.rules().isEmpty()
                || state.size(Marks.MAP) > 0;
    }
}
