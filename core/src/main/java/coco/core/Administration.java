package coco.core;

import coco.kv.Reader;
import coco.ledgers.api.Caller;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerFactory;
import coco.ledgers.api.UnavailableException;
import java.util.List;
import java.util.Set;
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

    /**
     * Ids of those of the roster who get no secrets of an epoch that begins with this block, since what they proved
     * last is trusted no longer. Asked by the leader alone: its answer is which secrets stand in the block. Core
     * thread.
     *
     * @param state after the block
     */
    default Set<String> quarantined(Reader state, long height) {
        return Set.of();
    }

    /**
     * Ids of the nodes that vote in the log now. Asked by the leader alone: those who get an epoch's secrets have to be
     * a majority of them, or nothing is committed after its first block. Empty if that is not known; then the roster
     * counts. Core thread.
     */
    default Set<String> voters() {
        return Set.of();
    }

    /**
     * Who recovers the network when its nodes are lost, as this state has it, in a form that whoever holds only a
     * service certificate can read; null if nobody does. Another one is vouched for by the service's key.
     */
    default byte @Nullable [] electorate(Reader state) {
        return null;
    }

    /**
     * Has it recorded for the members that an auditor asked something of a ledger, and waits until that is committed;
     * see {@link LedgerContext#recordUse}. Any thread.
     *
     * @throws UnavailableException if it is not recorded
     */
    default void recordUse(Caller.Auditor auditor, String ledger, String kind, List<String> names) {
        throw new UnavailableException("nobody records here how grants are used");
    }
}
