package coco.core;

import coco.kv.Reader;
import coco.ledgers.api.LedgerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How a network is administered: a ledger whose transactions change who belongs to it and by which rules it runs, and
 * the reading of its state. The core knows nothing of members, proposals or ballots; it does what the {@link Roster}
 * says, from the block after the one that changed it.
 */
public interface Administration {
    /** Nobody administers the network: its nodes, limits and secrets stay what genesis made them. */
    Administration NONE = new Administration() {
        @Override
        public @Nullable LedgerFactory ledger() {
            return null;
        }

        @Override
        public Roster roster(Reader state) {
            return Roster.NONE;
        }
    };

    /**
     * Makes the administrative ledger, which is built and applied before all others, and is the only one that may keep
     * public maps. Null if there is none; the roster then never changes.
     */
    @Nullable
    LedgerFactory ledger();

    /**
     * Who belongs to the network and by which rules it runs, as this state has it. A function of the administrative
     * ledger's maps alone. Called on the core thread, after each block with administrative transactions.
     */
    Roster roster(Reader state);
}
