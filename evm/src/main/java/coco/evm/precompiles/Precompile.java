package coco.evm.precompiles;

import org.jspecify.annotations.Nullable;

/**
 * One precompiled contract. The input is a view: the {@code length} bytes from {@code offset}, not to be written to.
 */
public interface Precompile {
    /** What a run costs; {@code Long.MAX_VALUE} for more than anyone can pay. */
    long gas(byte[] in, int offset, int length);

    /** The output, which the caller may keep; null if the input is refused, which costs all gas given. */
    byte @Nullable [] run(byte[] in, int offset, int length);
}
