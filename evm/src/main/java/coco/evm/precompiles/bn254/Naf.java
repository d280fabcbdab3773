package coco.evm.precompiles.bn254;

import java.util.Arrays;

/** Numbers as few digits: each odd or zero, of either sign, so that tables hold odd multiples only. */
final class Naf {
    private Naf() {}

    /**
     * The non-adjacent form of width {@code width}: odd digits below 2^(width - 1) in size, of any {@code width} digits
     * in a row at most one not zero.
     *
     * @param high the upper 64 bits of the number, unsigned
     * @param low the lower 64 bits
     * @return the digits, the lowest first and the highest not zero; none for zero
     */
    static byte[] of(long high, long low, int width) {
        byte[] digits = new byte[130];
        int length = 0;
        long h = high;
        long l = low;
        long top = 0;
        for (int i = 0; (h | l | top) != 0; i++) {
            if ((l & 1) != 0) {
                int digit = (int) (l & ((1 << width) - 1));
                digit -= digit >= 1 << (width - 1) ? 1 << width : 0;
                digits[i] = (byte) digit;
                length = i + 1;
                long before = l;
                l -= digit;
                if (digit < 0 && Long.compareUnsigned(l, before) < 0) {
                    h++;
                    top = h == 0 ? 1 : 0;
                }
            }
            l = (l >>> 1) | (h << 63);
            h = (h >>> 1) | (top << 63);
            top = 0;
        }
        return Arrays.copyOf(digits, length);
    }
}
