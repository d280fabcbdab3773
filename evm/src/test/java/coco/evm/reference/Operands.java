package coco.evm.reference;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;

/** Numbers for programs: mostly those near which machines go wrong. */
final class Operands {
    private static final int SLOTS = 4;
    private static final BigInteger ADDRESS_RANGE = BigInteger.TWO.pow(160);

    private final Random random;
    private final List<Address> addresses;

    Operands(Random random, List<Address> addresses) {
        this.random = random;
        this.addresses = List.copyOf(addresses);
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private static BigInteger of(long number) {
        return BigInteger.valueOf(number);
    }

    /** Any word, most likely at the edge of a limb or small. */
    BigInteger word() {
        return switch (random.nextInt(12)) {
            case 0 -> BigInteger.ZERO;
            case 1, 2 -> of(random.nextInt(4));
            case 3, 4 -> of(random.nextInt(300));
            case 5 -> Arithmetic.wrap(BigInteger.TWO.pow(bit()));
            case 6 -> BigInteger.TWO.pow(bit()).subtract(BigInteger.ONE);
            case 7 -> Arithmetic.wrap(BigInteger.TWO.pow(bit()).add(of(random.nextInt(5) - 2)));
            case 8 -> Arithmetic.MAX.subtract(of(random.nextInt(300)));
            case 9 -> address();
            case 10 -> limbs();
            default -> new BigInteger(oneIn(2) ? 256 : random.nextInt(257), random);
        };
    }

    private int bit() {
        int[] edges = {63, 64, 127, 128, 191, 192, 254, 255, 256};
        return oneIn(2) ? edges[random.nextInt(edges.length)] : random.nextInt(257);
    }

    /** Where bits, bytes, limbs and words end: shifts, indices of bytes, lengths. */
    BigInteger border() {
        int[] borders = {0, 1, 7, 8, 30, 31, 32, 33, 63, 64, 65, 127, 128, 191, 192, 254, 255, 256, 257};
        return of(borders[random.nextInt(borders.length)]);
    }

    /** Limbs of zeros, of ones, and of anything: where carries go wrong. */
    private BigInteger limbs() {
        long[] limbs = new long[4];
        for (int i = 0; i < 4; i++) {
            limbs[i] = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> -1;
                case 2 -> 1L << random.nextInt(64);
                default -> random.nextLong();
            };
        }
        return Word.of(limbs[0], limbs[1], limbs[2], limbs[3]).toBigInteger();
    }

    /** Where in memory: mostly where there is some, seldom where there can be none. */
    BigInteger offset() {
        if (oneIn(60)) {
            return switch (random.nextInt(5)) {
                case 0 -> of(Integer.MAX_VALUE - random.nextInt(70));
                case 1 -> BigInteger.TWO.pow(32).subtract(of(random.nextInt(40)));
                case 2 -> BigInteger.TWO.pow(63).subtract(of(random.nextInt(3)));
                case 3 -> BigInteger.TWO.pow(64).add(of(random.nextInt(3)));
                default -> word();
            };
        }
        return oneIn(25) ? of(random.nextInt(20_000)) : of(oneIn(2) ? 32L * random.nextInt(5) : random.nextInt(130));
    }

    /** How many bytes: often none, mostly few, seldom more than can be. */
    BigInteger length() {
        if (oneIn(80)) {
            return word();
        }
        return switch (random.nextInt(6)) {
            case 0 -> BigInteger.ZERO;
            case 1, 2 -> of(32L * random.nextInt(4));
            case 3 -> of(oneIn(10) ? random.nextInt(5_000) : random.nextInt(300));
            default -> of(random.nextInt(70));
        };
    }

    /** One of few keys, so that the same slot is written more than once. */
    BigInteger slot() {
        return oneIn(20) ? word() : of(random.nextInt(SLOTS));
    }

    /** One of few values, so that slots go back to what they were. */
    BigInteger stored() {
        return oneIn(8) ? word() : of(random.nextInt(3));
    }

    /** An address that means something, seldom with more than its 160 bits. */
    BigInteger address() {
        BigInteger address =
                Word.of(addresses.get(random.nextInt(addresses.size()))).toBigInteger();
        return oneIn(20) ? address.add(ADDRESS_RANGE.multiply(of(1 + random.nextInt(1000)))) : address;
    }

    /** What a call is given. */
    BigInteger gas() {
        return switch (random.nextInt(8)) {
            case 0 -> BigInteger.ZERO;
            case 1 -> of(random.nextInt(3_000));
            case 2 -> Arithmetic.MAX;
            case 3 -> word();
            default -> of(random.nextInt(60_000));
        };
    }

    /** Wei to be sent: mostly nothing, and sometimes what nobody has. */
    BigInteger wei() {
        return switch (random.nextInt(10)) {
            case 0, 1 -> BigInteger.ONE;
            case 2 -> of(random.nextInt(200));
            case 3 -> oneIn(3) ? word() : of(random.nextInt(5_000));
            default -> BigInteger.ZERO;
        };
    }

    byte[] bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most + 1)];
        random.nextBytes(bytes);
        return bytes;
    }
}
