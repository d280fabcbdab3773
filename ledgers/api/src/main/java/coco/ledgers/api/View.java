package coco.ledgers.api;

import coco.kv.DigestReader;
import org.jspecify.annotations.Nullable;

/**
 * What one caller may see of one ledger: the committed state of this node at one height, and the history before it.
 * Handlers have no other way to state, so that what a caller may not see does not exist for the handler either.
 *
 * <p>A view holds memory until it is closed. It may be used by one thread at a time.
 */
public interface View extends AutoCloseable {
    Caller caller();

    /** Journal height of the last applied block. */
    long height();

    /** The state after that block. */
    DigestReader state();

    /**
     * The state right after an earlier block, for as long as this view is open.
     *
     * @param height journal height
     * @return null if there is no such block, or its state is no longer kept: only that of some recent blocks is
     */
    @Nullable
    DigestReader state(long height);

    /** What is in force after that block: by this it is decided what the caller sees, of earlier blocks also. */
    AccessSettings access();

    History history();

    @Override
    void close();
}
