package coco.node.admission;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The chain as this node has it, for judging how fresh evidence is. Any thread. */
public interface HeaderLookup {
    /** Hash of the header at that height; null where this node has none. */
    byte @Nullable [] hash(long height);

    /** The time in the header at that height; null where this node has none. */
    @Nullable
    Instant time(long height);
}
