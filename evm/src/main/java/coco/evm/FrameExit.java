package coco.evm;

import java.util.Arrays;

/** A frame that is over, as a {@link Tracer} sees it. */
public final class FrameExit {
    private final Halt halt;
    private final String error;
    private final int depth;
    private final long gasUsed;
    private final byte[] output;
    private final int outputOffset;
    private final int outputLength;

    FrameExit(Halt halt, String error, int depth, long gasUsed, byte[] output, int outputOffset, int outputLength) {
        this.halt = halt;
        this.error = error;
        this.depth = depth;
        this.gasUsed = gasUsed;
        this.output = output;
        this.outputOffset = outputOffset;
        this.outputLength = outputLength;
    }

    /** Why it ended. */
    public Halt halt() {
        return halt;
    }

    /** Why it ended, in geth's words, with the opcode or the sizes that are part of them; empty for success. */
    public String error() {
        return error;
    }

    /** Zero for the outermost frame. */
    public int depth() {
        return depth;
    }

    /** Of what it was given; refunds are the transaction's. */
    public long gasUsed() {
        return gasUsed;
    }

    /** Length of the output in bytes. */
    public int outputLength() {
        return outputLength;
    }

    /** A fresh copy of return data, revert data or a new contract's code. */
    public byte[] output() {
        return Arrays.copyOfRange(output, outputOffset, outputOffset + outputLength);
    }
}
