package coco.evm.transition;

import coco.evm.types.Block;
import org.jspecify.annotations.Nullable;

/** The blocks before one that is to be executed: its parent and, where it has ommers, six more. */
@FunctionalInterface
public interface Ancestors {
    /** The block with this hash; null if it is not known. */
    @Nullable
    Block block(byte[] hash32);
}
