package coco.evm.state;

import org.jspecify.annotations.Nullable;

/**
 * A world that blocks are executed on: it is read, takes changes in, and can take back a block that turned out to be
 * invalid. One thread at a time.
 */
public interface BlockWorld extends WorldState, StateChanges {
    /**
     * The root of the state with all changes so far, 32 bytes.
     *
     * @return null if this world has no tries: nobody can then compare roots
     */
    byte @Nullable [] stateRoot();

    /** The changes from here on are those of the block's next transaction, until {@link #endTransaction}. */
    default void beginTransaction() {}

    /** The changes from here on are the block's own. */
    default void endTransaction() {}

    /** The changes so far are there to stay. */
    void keep();

    /** Takes back every change since {@link #keep}, or since the beginning. */
    void rollBack();
}
