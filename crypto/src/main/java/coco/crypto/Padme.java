package coco.crypto;

/**
 * Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", section 4): the
 * length of a padded message reveals O(log log L) bits of its true length, at a cost of at most 12 % and far less for
 * long messages.
 */
public final class Padme {
    private Padme() {}

    /**
     * Pads a length.
     *
     * @param length bytes, not negative
     * @return the smallest permitted length that is not smaller, in bytes
     * @throws IllegalArgumentException if the length is negative, or its padded length no int
     */
    public static int paddedLength(int length) {
        if (length < 0) {
            throw new IllegalArgumentException("length must not be negative: " + length);
        }
        if (length < 2) {
            return length;
        }
        int exponent = floorLog2(length);
        int bitsKept = floorLog2(exponent) + 1;
        long mask = (1L << Math.max(0, exponent - bitsKept)) - 1;
        long padded = (length + mask) & ~mask;
        if (padded > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("no int holds the padded length of " + length);
        }
        return (int) padded;
    }

    /** For 0, where the logarithm does not exist, -1. */
    private static int floorLog2(int value) {
        return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(value);
    }
}
