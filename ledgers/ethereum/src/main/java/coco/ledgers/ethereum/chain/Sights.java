package coco.ledgers.ethereum.chain;

import coco.ledgers.api.View;

/** Tells what callers see. Any thread. */
@FunctionalInterface
public interface Sights {
    /** What the caller of a view sees, for as long as the view is open. */
    Sight of(View view);
}
