package coco.evm.precompiles;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import coco.evm.types.Word;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * 0x0b to 0x11: the curve BLS12-381 (EIP-2537). An element of the field is 64 bytes, a number below p; one of the
 * quadratic extension two of them, the real part first; a point x and y, zeros for infinity. A point that is not on the
 * curve is refused, and one that is not in its group wherever it is multiplied or paired.
 */
enum Bls12381 implements Precompile {
    G1_ADD {
        @Override
        public long gas(byte[] in, int offset, int length) {
            return 375;
        }

        @Override
        public byte @Nullable [] run(byte[] in, int offset, int length) {
            return sum(Blst.Group.G1, in, offset, length);
        }
    },
    G1_MSM {
        @Override
        public long gas(byte[] in, int offset, int length) {
            return sumOfProductsGas(length / (2 * ELEMENT + Word.SIZE), 12_000, G1_DISCOUNTS);
        }

        @Override
        public byte @Nullable [] run(byte[] in, int offset, int length) {
            return sumOfProducts(Blst.Group.G1, in, offset, length);
        }
    },
    G2_ADD {
        @Override
        public long gas(byte[] in, int offset, int length) {
            return 600;
        }

        @Override
        public byte @Nullable [] run(byte[] in, int offset, int length) {
            return sum(Blst.Group.G2, in, offset, length);
        }
    },
    G2_MSM {
        @Override
        public long gas(byte[] in, int offset, int length) {
            return sumOfProductsGas(length / (4 * ELEMENT + Word.SIZE), 22_500, G2_DISCOUNTS);
        }

        @Override
        public byte @Nullable [] run(byte[] in, int offset, int length) {
            return sumOfProducts(Blst.Group.G2, in, offset, length);
        }
    },
    PAIRING_CHECK {
        @Override
        public long gas(byte[] in, int offset, int length) {
            return 37_700 + 32_600L * (length / PAIR);
        }

        @Override
        public byte @Nullable [] run(byte[] in, int offset, int length) {
            return pairing(in, offset, length);
        }
    },
    MAP_FP_TO_G1 {
        @Override
        public long gas(byte[] in, int offset, int length) {
            return 5_500;
        }

        @Override
        public byte @Nullable [] run(byte[] in, int offset, int length) {
            return map(Blst.Group.G1, in, offset, length);
        }
    },
    MAP_FP2_TO_G2 {
        @Override
        public long gas(byte[] in, int offset, int length) {
            return 23_800;
        }

        @Override
        public byte @Nullable [] run(byte[] in, int offset, int length) {
            return map(Blst.Group.G2, in, offset, length);
        }
    };

    /** Bytes of an element, 16 zeros included. */
    private static final int ELEMENT = 64;

    private static final int PADDING = ELEMENT - Blst.ELEMENT;
    private static final int PAIR = 6 * ELEMENT;

    static final Word ORDER = Word.fromHex("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001");

    private static final byte[] PRIME = HexFormat.of()
            .parseHex("1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f624"
                    + "1eabfffeb153ffffb9feffffffffaaab");

    /** EIP-2537: what one of so many products costs, in thousandths. The last is for all larger counts. */
    private static final int[] G1_DISCOUNTS = {
        1000, 949, 848, 797, 764, 750, 738, 728, 719, 712, 705, 698, 692, 687, 682, 677,
        673, 669, 665, 661, 658, 654, 651, 648, 645, 642, 640, 637, 635, 632, 630, 627,
        625, 623, 621, 619, 617, 615, 613, 611, 609, 608, 606, 604, 603, 601, 599, 598,
        596, 595, 593, 592, 591, 589, 588, 586, 585, 584, 582, 581, 580, 579, 577, 576,
        575, 574, 573, 572, 570, 569, 568, 567, 566, 565, 564, 563, 562, 561, 560, 559,
        558, 557, 556, 555, 554, 553, 552, 551, 550, 549, 548, 547, 547, 546, 545, 544,
        543, 542, 541, 540, 540, 539, 538, 537, 536, 536, 535, 534, 533, 532, 532, 531,
        530, 529, 528, 528, 527, 526, 525, 525, 524, 523, 522, 522, 521, 520, 520, 519
    };

    private static final int[] G2_DISCOUNTS = {
        1000, 1000, 923, 884, 855, 832, 812, 796, 782, 770, 759, 749, 740, 732, 724, 717,
        711, 704, 699, 693, 688, 683, 679, 674, 670, 666, 663, 659, 655, 652, 649, 646,
        643, 640, 637, 634, 632, 629, 627, 624, 622, 620, 618, 615, 613, 611, 609, 607,
        606, 604, 602, 600, 598, 597, 595, 593, 592, 590, 589, 587, 586, 584, 583, 582,
        580, 579, 578, 576, 575, 574, 573, 571, 570, 569, 568, 567, 566, 565, 563, 562,
        561, 560, 559, 558, 557, 556, 555, 554, 553, 552, 552, 551, 550, 549, 548, 547,
        546, 545, 545, 544, 543, 542, 541, 541, 540, 539, 538, 537, 537, 536, 535, 535,
        534, 533, 532, 532, 531, 530, 530, 529, 528, 528, 527, 526, 526, 525, 524, 524
    };

    private static long sumOfProductsGas(int count, long price, int[] discounts) {
        return count == 0 ? 0 : count * price * discounts[Math.min(count, discounts.length) - 1] / 1000;
    }

    private static byte @Nullable [] sum(Blst.Group group, byte[] in, int offset, int length) {
        int size = pointBytes(group);
        if (length != 2 * size) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = point(arena, group, in, offset);
            MemorySegment b = a == null ? null : point(arena, group, in, offset + size);
            return a == null || b == null ? null : encoded(arena, group, group.sum(arena, a, b));
        }
    }

    private static byte @Nullable [] sumOfProducts(Blst.Group group, byte[] in, int offset, int length) {
        int size = pointBytes(group) + Word.SIZE;
        if (length == 0 || length % size != 0) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            long affineBytes = 2L * group.coordinate;
            MemorySegment points = arena.allocate(length / size * affineBytes, Long.BYTES);
            MemorySegment scalars = arena.allocate((long) length / size * Blst.SCALAR);
            long count = 0;
            for (int at = offset; at < offset + length; at += size) {
                MemorySegment point = points.asSlice(count * affineBytes, affineBytes);
                Word scalar = reduced(Word.ofBytes32(in, at + size - Word.SIZE));
                if (isZero(in, at, pointBytes(group))) {
                    continue;
                }
                if (!read(arena, group, in, at, point) || !group.contains(point)) {
                    return null;
                }
                if (!scalar.isZero()) {
                    write(scalar, scalars.asSlice(count * Blst.SCALAR, Blst.SCALAR));
                    count++;
                }
            }
            return count == 0
                    ? new byte[pointBytes(group)]
                    : encoded(arena, group, group.sumOfProducts(arena, points, scalars, count));
        }
    }

    private static byte @Nullable [] pairing(byte[] in, int offset, int length) {
        if (length == 0 || length % PAIR != 0) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            List<MemorySegment> firsts = new ArrayList<>(length / PAIR);
            List<MemorySegment> seconds = new ArrayList<>(length / PAIR);
            for (int at = offset; at < offset + length; at += PAIR) {
                MemorySegment p = groupMember(arena, Blst.Group.G1, in, at);
                MemorySegment q = p == null ? null : groupMember(arena, Blst.Group.G2, in, at + 2 * ELEMENT);
                if (p == null || q == null) {
                    return null;
                }
                if (!Blst.isZero(p) && !Blst.isZero(q)) {
                    firsts.add(p);
                    seconds.add(q);
                }
            }
            MemorySegment[] none = {};
            boolean isOne = firsts.isEmpty() || Blst.isOne(arena, firsts.toArray(none), seconds.toArray(none));
            return (isOne ? Word.ONE : Word.ZERO).toBytes32();
        }
    }

    private static byte @Nullable [] map(Blst.Group group, byte[] in, int offset, int length) {
        if (length != pointBytes(group) / 2) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment element = arena.allocate(group.coordinate);
            for (int i = 0; i < length / ELEMENT; i++) {
                if (!isElement(in, offset + i * ELEMENT)) {
                    return null;
                }
                MemorySegment.copy(
                        in, offset + i * ELEMENT + PADDING, element, JAVA_BYTE, (long) i * Blst.ELEMENT, Blst.ELEMENT);
            }
            return encoded(arena, group, group.map(arena, element));
        }
    }

    private static int pointBytes(Blst.Group group) {
        return 2 * group.coordinate / Blst.ELEMENT * ELEMENT;
    }

    /** A point of the curve or infinity, which is zeros; null if it is neither. */
    private static @Nullable MemorySegment point(Arena arena, Blst.Group group, byte[] in, int at) {
        MemorySegment point = arena.allocate(2L * group.coordinate, Long.BYTES);
        return isZero(in, at, pointBytes(group)) || read(arena, group, in, at, point) ? point : null;
    }

    private static @Nullable MemorySegment groupMember(Arena arena, Blst.Group group, byte[] in, int at) {
        MemorySegment point = point(arena, group, in, at);
        return point != null && (Blst.isZero(point) || group.contains(point)) ? point : null;
    }

    private static boolean read(Arena arena, Blst.Group group, byte[] in, int at, MemorySegment point) {
        int elements = pointBytes(group) / ELEMENT;
        MemorySegment bytes = arena.allocate(2L * group.coordinate);
        for (int i = 0; i < elements; i++) {
            if (!isElement(in, at + i * ELEMENT)) {
                return false;
            }
            MemorySegment.copy(
                    in, at + i * ELEMENT + PADDING, bytes, JAVA_BYTE, place(elements, i) * Blst.ELEMENT, Blst.ELEMENT);
        }
        return group.read(point, bytes);
    }

    /** Where an element of a point stands in the library's encoding, which has imaginary parts first. */
    private static long place(int elements, int i) {
        return elements == 2 ? i : i ^ 1;
    }

    private static byte[] encoded(Arena arena, Blst.Group group, MemorySegment point) {
        byte[] out = new byte[pointBytes(group)];
        if (!Blst.isZero(point)) {
            MemorySegment bytes = arena.allocate(2L * group.coordinate);
            group.write(bytes, point);
            int elements = out.length / ELEMENT;
            for (int i = 0; i < elements; i++) {
                MemorySegment.copy(
                        bytes, JAVA_BYTE, place(elements, i) * Blst.ELEMENT, out, i * ELEMENT + PADDING, Blst.ELEMENT);
            }
        }
        return out;
    }

    private static boolean isElement(byte[] in, int at) {
        return isZero(in, at, PADDING)
                && Arrays.compareUnsigned(in, at + PADDING, at + ELEMENT, PRIME, 0, Blst.ELEMENT) < 0;
    }

    private static boolean isZero(byte[] in, int at, int count) {
        for (int i = at; i < at + count; i++) {
            if (in[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /** A scalar modulo the order, which is more than a third of 2^256. */
    private static Word reduced(Word scalar) {
        Word reduced = scalar;
        while (reduced.compareTo(ORDER) >= 0) {
            reduced = reduced.minus(ORDER);
        }
        return reduced;
    }

    /** Writes a scalar as the library reads it: the lowest byte first. */
    static void write(Word scalar, MemorySegment out) {
        byte[] bytes = scalar.toBytes32();
        for (int i = 0; i < Blst.SCALAR; i++) {
            out.set(JAVA_BYTE, i, bytes[Word.SIZE - 1 - i]);
        }
    }
}
