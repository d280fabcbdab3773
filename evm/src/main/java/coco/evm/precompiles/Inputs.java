package coco.evm.precompiles;

/** Reading inputs, which end wherever the caller liked: what is missing is zero. */
final class Inputs {
    private Inputs() {}

    /** The {@code count} bytes from {@code from} of a view, filled with zeros behind its end. */
    static byte[] slice(byte[] in, int offset, int length, long from, int count) {
        byte[] slice = new byte[count];
        if (from < length) {
            int there = (int) Math.min(count, length - from);
            System.arraycopy(in, offset + (int) from, slice, 0, there);
        }
        return slice;
    }
}
