package coco.node.admission;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The chain as this node has it, for judging how fresh evidence is. Any thread. */
public interface HeaderLookup {
    /** Hash of the header at that height; null where this node has none. */
    byte @Nullable [] hash(long height);

    /**
     * The greatest height that is known to exist: of this chain, or told by a node of the network to one that is
     * behind.
     */
    long newest();

    /** The time in the header at that height; null where this node has none, or cannot read it. */
    @Nullable
    Instant time(long height);

    /** The greatest height that is on disk: one below it without a time is damaged. */
    long durable();
}
