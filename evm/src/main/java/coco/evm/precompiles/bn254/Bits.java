package coco.evm.precompiles.bn254;

import coco.evm.types.Word;

/** Bits of exponents and scalars. */
final class Bits {
    private Bits() {}

    static boolean isSet(Word word, int bit) {
        return ((limb(word, bit >>> 6) >>> bit) & 1) != 0;
    }

    /** Four bits; {@code bit}, a multiple of four, is the lowest of them. */
    static int nibble(Word word, int bit) {
        return (int) (limb(word, bit >>> 6) >>> bit) & 0xF;
    }

    private static long limb(Word word, int index) {
        return switch (index) {
            case 0 -> word.l0();
            case 1 -> word.l1();
            case 2 -> word.l2();
            default -> word.l3();
        };
    }
}
