package coco.evm.tracing;

/**
 * How much a tracer may keep. Gas does not bound it: a call hands a megabyte of input on for 100 gas, and an
 * instruction of 3 gas may stand on a stack of 1,024 words.
 *
 * @param steps instructions, accounts, slots, calls or selectors, whatever the tracer keeps
 * @param bytes of JSON that the result would have, roughly; the heap holds two or three times that
 */
public record TraceLimits(int steps, long bytes) {
    /**
     * A million instructions are about 5 million gas of ordinary contracts, and 128 MiB are their stacks: what a person
     * can still look at, and a node of a gigabyte survive.
     */
    public static final TraceLimits DEFAULT = new TraceLimits(1_000_000, 128L << 20);

    /** The same, with so many bytes. */
    public TraceLimits withBytes(long changed) {
        return new TraceLimits(steps, changed);
    }
}
