package coco.governance.ledger;

import java.util.List;

/** Hears what happened, on every node, once it is visible. Called on Coco's thread, so it only takes notes. */
@FunctionalInterface
public interface GovernanceListener {
    /** Nobody. */
    GovernanceListener NONE = (height, events) -> {};

    /**
     * A block with governance was published.
     *
     * @param events in the order in which they happened, at least one
     */
    void published(long height, List<GovernanceEvent> events);
}
