package coco.evm.precompiles;

import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * 0x05: base to the power of exponent, modulo modulus. Three lengths of 32 bytes each, then the three numbers. Priced
 * by EIP-198, since Berlin by EIP-2565, since Osaka by EIP-7883, which also bounds the lengths (EIP-7823).
 */
final class ModExp implements Precompile {
    /** Bytes of the longest number; BigInteger ends at 2^31 bits. */
    private static final long NUMBER_MAX = (1 << 28) - 1;

    private static final int HEADER = 96;
    /** EIP-7823, in bytes. */
    private static final long LENGTH_MAX = 1024;

    private final boolean bounded;
    private final boolean berlin;

    ModExp(Fork fork) {
        bounded = fork.has(Fork.OSAKA);
        berlin = fork.has(Fork.BERLIN);
    }

    @Override
    public long gas(byte[] in, int offset, int length) {
        byte[] header = Inputs.slice(in, offset, length, 0, HEADER);
        Word baseLength = Word.ofBytes32(header, 0);
        Word exponentLength = Word.ofBytes32(header, 32);
        Word modulusLength = Word.ofBytes32(header, 64);
        Word longer = baseLength.compareTo(modulusLength) > 0 ? baseLength : modulusLength;
        if (bounded && (longer.toLongSaturated() > LENGTH_MAX || exponentLength.toLongSaturated() > LENGTH_MAX)) {
            return Long.MAX_VALUE;
        }
        BigInteger exponentHead = BigInteger.ZERO;
        if (baseLength.compareTo(Word.of(length)) < 0) {
            int headLength = (int) Math.min(32, exponentLength.toLongSaturated());
            exponentHead = new BigInteger(
                    1, Inputs.slice(in, offset, length, HEADER + baseLength.toLongSaturated(), headLength));
        }
        BigInteger iterations = iterations(exponentLength.toBigInteger(), exponentHead);
        BigInteger gas = complexity(longer.toBigInteger()).multiply(iterations).divide(BigInteger.valueOf(divisor()));
        long least = bounded ? 500 : berlin ? 200 : 0;
        return gas.bitLength() > 62 ? Long.MAX_VALUE : Math.max(least, gas.longValue());
    }

    private int divisor() {
        return bounded ? 1 : berlin ? 3 : 20;
    }

    private BigInteger complexity(BigInteger x) {
        BigInteger words = x.add(BigInteger.valueOf(7)).shiftRight(3);
        if (bounded) {
            return x.bitLength() <= 6 && x.intValue() <= 32
                    ? BigInteger.valueOf(16)
                    : words.multiply(words).shiftLeft(1);
        }
        if (berlin) {
            return words.multiply(words);
        }
        BigInteger square = x.multiply(x);
        if (x.compareTo(BigInteger.valueOf(64)) <= 0) {
            return square;
        }
        if (x.compareTo(BigInteger.valueOf(1024)) <= 0) {
            return square.shiftRight(2).add(x.multiply(BigInteger.valueOf(96))).subtract(BigInteger.valueOf(3072));
        }
        return square.shiftRight(4).add(x.multiply(BigInteger.valueOf(480))).subtract(BigInteger.valueOf(199_680));
    }

    /**
     * How often the exponent makes the algorithm square: its bits, those behind the first 32 bytes counted as 8 or 16.
     */
    private BigInteger iterations(BigInteger exponentLength, BigInteger head) {
        BigInteger bits = BigInteger.valueOf(Math.max(0, head.bitLength() - 1));
        BigInteger beyond = exponentLength.subtract(BigInteger.valueOf(32));
        if (beyond.signum() > 0) {
            bits = bits.add(beyond.multiply(BigInteger.valueOf(bounded ? 16 : 8)));
        }
        return bits.max(BigInteger.ONE);
    }

    @Override
    public byte @Nullable [] run(byte[] in, int offset, int length) {
        byte[] header = Inputs.slice(in, offset, length, 0, HEADER);
        long baseLength = Word.ofBytes32(header, 0).toLongSaturated();
        long exponentLength = Word.ofBytes32(header, 32).toLongSaturated();
        long modulusLength = Word.ofBytes32(header, 64).toLongSaturated();
        if (bounded && Math.max(Math.max(baseLength, exponentLength), modulusLength) > LENGTH_MAX) {
            return null;
        }
        if (modulusLength == 0) {
            return new byte[0];
        }
        // No block has the gas for numbers that an array cannot hold.
        if (Math.max(Math.max(baseLength, exponentLength), modulusLength) > NUMBER_MAX) {
            return null;
        }
        BigInteger base = number(in, offset, length, HEADER, baseLength);
        BigInteger modulus = number(in, offset, length, HEADER + baseLength + exponentLength, modulusLength);
        byte[] out = new byte[(int) modulusLength];
        if (modulus.compareTo(BigInteger.ONE) > 0) {
            BigInteger exponent = number(in, offset, length, HEADER + baseLength, exponentLength);
            byte[] power = power(base, exponent, modulus).toByteArray();
            int from = power[0] == 0 ? 1 : 0;
            System.arraycopy(power, from, out, out.length - (power.length - from), power.length - from);
        }
        return out;
    }

    /**
     * The power by a modulus above one. An even modulus is split into its odd part and a power of two, and the two
     * results are joined by Garner's formula. {@link BigInteger#modPow} does that too, but finds both inverses by
     * division, which for a small exponent takes thirty times as long as all of this.
     */
    static BigInteger power(BigInteger base, BigInteger exponent, BigInteger modulus) {
        int twos = modulus.getLowestSetBit();
        if (twos == 0) {
            return base.modPow(exponent, modulus);
        }
        BigInteger low = powerModuloTwos(base, exponent, twos);
        BigInteger odd = modulus.shiftRight(twos);
        if (odd.equals(BigInteger.ONE)) {
            return low;
        }
        BigInteger high = base.modPow(exponent, odd);
        BigInteger step = low.subtract(high).multiply(inverseModuloTwos(odd, twos));
        return high.add(odd.multiply(lowest(step, twos)));
    }

    private static BigInteger lowest(BigInteger x, int bits) {
        return x.and(mask(bits));
    }

    private static BigInteger mask(int bits) {
        return BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
    }

    private static BigInteger powerModuloTwos(BigInteger base, BigInteger exponent, int twos) {
        if (exponent.signum() == 0) {
            return BigInteger.ONE;
        }
        int zeros = base.signum() == 0 ? twos : base.getLowestSetBit();
        if (zeros > 0 && (exponent.bitLength() > 31 || (long) zeros * exponent.intValue() >= twos)) {
            return BigInteger.ZERO;
        }
        // The order of an odd number divides 2^twos; the exponent of an even one is below twos here.
        BigInteger mask = mask(twos);
        BigInteger reduced = exponent.and(mask);
        BigInteger factor = base.and(mask);
        BigInteger power = BigInteger.ONE;
        for (int bit = reduced.bitLength() - 1; bit >= 0; bit--) {
            power = power.multiply(power).and(mask);
            if (reduced.testBit(bit)) {
                power = power.multiply(factor).and(mask);
            }
        }
        return power;
    }

    /** The inverse of an odd number by Newton's iteration, which doubles the bits that are right. */
    private static BigInteger inverseModuloTwos(BigInteger odd, int twos) {
        BigInteger inverse = BigInteger.ONE;
        for (int bits = 1; bits < twos; ) {
            bits = Math.min(2 * bits, twos);
            BigInteger error = BigInteger.TWO.subtract(lowest(odd, bits).multiply(inverse));
            inverse = lowest(inverse.multiply(lowest(error, bits)), bits);
        }
        return inverse;
    }

    /** A number of the input, without the zeros that would stand behind its end if it were longer than the input. */
    private static BigInteger number(byte[] in, int offset, int length, long from, long count) {
        long there = Math.max(0, Math.min(count, length - from));
        if (there == 0) {
            return BigInteger.ZERO;
        }
        BigInteger present = new BigInteger(1, in, offset + (int) from, (int) there);
        return present.signum() == 0
                ? present
                : present.shiftLeft((int) Math.min(Integer.MAX_VALUE, 8 * (count - there)));
    }
}
