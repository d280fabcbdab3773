package coco.evm.precompiles;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import supranational.blst.P1;

/**
 * The functions of the library blst that the contracts need, called directly: its own Java classes have neither the
 * maps to the curve nor sums of many products, and tell a wrong point by an exception. The library is unpacked and
 * loaded when this class is first used; where there is none for the machine, that fails with an {@link Error}, since a
 * machine that cannot run a contract must not say how it ends.
 *
 * <p>Structures are made by the caller's allocator and no function keeps one, so nothing outlives the caller's arena.
 * An affine point of zeros only is infinity. No function may be called with memory smaller than its structure: that is
 * what this class is for.
 */
final class Blst {
    /** Bytes of an element of the field, in structures as in encodings. */
    static final int ELEMENT = 48;

    static final int SCALAR = 32;
    /** Bits of a scalar below the order. */
    private static final long SCALAR_BITS = 255;

    /** Outcomes of reading a point, BLST_ERROR in the library. */
    private static final int SUCCESS = 0;

    private static final int POINT_NOT_IN_GROUP = 3;

    private static final long FP12 = 12 * ELEMENT;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup SYMBOLS = load();

    private static final MethodHandle ELEMENT_FROM_BYTES = procedure("blst_fp_from_bendian", ADDRESS, ADDRESS);
    private static final MethodHandle MILLER_LOOPS =
            procedure("blst_miller_loop_n", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
    private static final MethodHandle FINAL_EXPONENTIATION = procedure("blst_final_exp", ADDRESS, ADDRESS);
    private static final MethodHandle IS_ONE = function("blst_fp12_is_one", JAVA_BOOLEAN, ADDRESS);

    private Blst() {}

    /** Loads the library and finds its functions now; otherwise the first call of one does. */
    static void prepare() {
        // Each constant finds its functions when it is made.
        if (Group.values().length == 0) {
            throw new IllegalStateException("blst has no groups");
        }
    }

    private static SymbolLookup load() {
        // Any call makes the library's class initializer load it, for this class loader.
        if (P1.generator().is_inf()) {
            throw new IllegalStateException("blst does not work");
        }
        return SymbolLookup.loaderLookup();
    }

    private static MethodHandle procedure(String name, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.ofVoid(arguments));
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(result, arguments));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(SYMBOLS.findOrThrow(name), descriptor);
    }

    /** What a call of a function without callbacks can throw is a mistake of ours. */
    private static IllegalStateException broken(Throwable cause) {
        return new IllegalStateException("a call of blst failed", cause);
    }

    /** Whether the product of the pairings of points of both groups, none of them infinity, is one. */
    static boolean isOne(SegmentAllocator memory, MemorySegment[] firsts, MemorySegment[] seconds) {
        MemorySegment product = memory.allocate(FP12, Long.BYTES);
        try {
            MILLER_LOOPS.invokeExact(
                    product, pointers(memory, seconds), pointers(memory, firsts), (long) firsts.length);
            FINAL_EXPONENTIATION.invokeExact(product, product);
            return (boolean) IS_ONE.invokeExact(product);
        } catch (Throwable e) {
            throw broken(e);
        }
    }

    /** Whether a structure is zeros only, as that of infinity is. */
    static boolean isZero(MemorySegment structure) {
        for (long at = 0; at < structure.byteSize(); at += Long.BYTES) {
            if (structure.get(JAVA_LONG, at) != 0) {
                return false;
            }
        }
        return true;
    }

    private static MemorySegment pointers(SegmentAllocator memory, MemorySegment... targets) {
        MemorySegment pointers = memory.allocate(ADDRESS, targets.length);
        for (int i = 0; i < targets.length; i++) {
            pointers.setAtIndex(ADDRESS, i, targets[i]);
        }
        return pointers;
    }

    /** One of the two groups, with the functions for it. */
    enum Group {
        G1("p1", "g1", 1),
        G2("p2", "g2", 2);

        /** Bytes of a coordinate: one element of the field, or two. */
        final int coordinate;

        private final MethodHandle deserialize;
        private final MethodHandle uncompress;
        private final MethodHandle serialize;
        private final MethodHandle isInGroup;
        private final MethodHandle toAffine;
        private final MethodHandle fromAffine;
        private final MethodHandle add;
        private final MethodHandle multiply;
        private final MethodHandle sumOfProducts;
        private final MethodHandle sizeOfScratch;
        private final MethodHandle negate;
        private final MethodHandle map;

        Group(String point, String group, int elements) {
            coordinate = elements * ELEMENT;
            String prefix = "blst_" + point + "_";
            deserialize = function(prefix + "deserialize", JAVA_INT, ADDRESS, ADDRESS);
            uncompress = function(prefix + "uncompress", JAVA_INT, ADDRESS, ADDRESS);
            serialize = procedure(prefix + "affine_serialize", ADDRESS, ADDRESS);
            isInGroup = function(prefix + "affine_in_" + group, JAVA_BOOLEAN, ADDRESS);
            toAffine = procedure(prefix + "to_affine", ADDRESS, ADDRESS);
            fromAffine = procedure(prefix + "from_affine", ADDRESS, ADDRESS);
            add = procedure(prefix + "add_or_double_affine", ADDRESS, ADDRESS, ADDRESS);
            multiply = procedure(prefix + "mult", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG);
            String sums = "blst_" + point + "s_mult_pippenger";
            sumOfProducts = procedure(sums, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS, JAVA_LONG, ADDRESS);
            sizeOfScratch = function(sums + "_scratch_sizeof", JAVA_LONG, JAVA_LONG);
            negate = procedure(prefix + "cneg", ADDRESS, JAVA_BOOLEAN);
            map = procedure("blst_map_to_" + group, ADDRESS, ADDRESS, ADDRESS);
        }

        private MemorySegment newAffine(SegmentAllocator memory) {
            return memory.allocate(2L * coordinate, Long.BYTES);
        }

        private MemorySegment newPoint(SegmentAllocator memory) {
            return memory.allocate(3L * coordinate, Long.BYTES);
        }

        /**
         * Reads x and y, an imaginary part before the real one.
         *
         * @return whether it is a point of the curve, in the group or not
         */
        boolean read(MemorySegment affine, MemorySegment bytes) {
            check(affine, 2L * coordinate);
            check(bytes, 2L * coordinate);
            try {
                int outcome = (int) deserialize.invokeExact(affine, bytes);
                // That a point is not in the group is said where x is zero, and only there.
                return outcome == SUCCESS || outcome == POINT_NOT_IN_GROUP;
            } catch (Throwable e) {
                throw broken(e);
            }
        }

        /** The same for a compressed encoding, which may be that of infinity. */
        boolean readCompressed(MemorySegment affine, MemorySegment bytes) {
            check(affine, 2L * coordinate);
            check(bytes, coordinate);
            try {
                return (int) uncompress.invokeExact(affine, bytes) == SUCCESS;
            } catch (Throwable e) {
                throw broken(e);
            }
        }

        /** Writes what {@link #read} reads, of a point that is not infinity. */
        void write(MemorySegment bytes, MemorySegment affine) {
            check(bytes, 2L * coordinate);
            check(affine, 2L * coordinate);
            try {
                serialize.invokeExact(bytes, affine);
            } catch (Throwable e) {
                throw broken(e);
            }
        }

        /** Whether a point of the curve is in the group. */
        boolean contains(MemorySegment affine) {
            check(affine, 2L * coordinate);
            // A point with x = 0 has order three, and the library's endomorphisms do not move it.
            if (isZero(affine.asSlice(0, coordinate))) {
                return isZero(affine);
            }
            try {
                return (boolean) isInGroup.invokeExact(affine);
            } catch (Throwable e) {
                throw broken(e);
            }
        }

        /** The sum of two points of the curve. */
        MemorySegment sum(SegmentAllocator memory, MemorySegment a, MemorySegment b) {
            check(a, 2L * coordinate);
            check(b, 2L * coordinate);
            MemorySegment point = newPoint(memory);
            try {
                fromAffine.invokeExact(point, a);
                add.invokeExact(point, point, b);
                return affine(memory, point);
            } catch (Throwable e) {
                throw broken(e);
            }
        }

        MemorySegment negated(SegmentAllocator memory, MemorySegment affine) {
            check(affine, 2L * coordinate);
            MemorySegment point = newPoint(memory);
            try {
                fromAffine.invokeExact(point, affine);
                negate.invokeExact(point, true);
                return affine(memory, point);
            } catch (Throwable e) {
                throw broken(e);
            }
        }

        /** The multiple of a point by the lowest 255 bits of a scalar, the lowest byte first. */
        MemorySegment product(SegmentAllocator memory, MemorySegment affine, MemorySegment scalar) {
            check(affine, 2L * coordinate);
            check(scalar, SCALAR);
            MemorySegment point = newPoint(memory);
            try {
                fromAffine.invokeExact(point, affine);
                multiply.invokeExact(point, point, scalar, SCALAR_BITS);
                return affine(memory, point);
            } catch (Throwable e) {
                throw broken(e);
            }
        }

        /**
         * The sum of multiples of at least one point, none of them infinity.
         *
         * @param points {@code count} affine points of the group, one behind the other
         * @param scalars as many scalars below the order, the lowest byte first
         */
        MemorySegment sumOfProducts(SegmentAllocator memory, MemorySegment points, MemorySegment scalars, long count) {
            check(points, count * 2 * coordinate);
            check(scalars, count * SCALAR);
            MemorySegment sum = newPoint(memory);
            try {
                MemorySegment scratch = memory.allocate((long) sizeOfScratch.invokeExact(count), Long.BYTES);
                // Behind the first pointer, null says that all others follow in one piece.
                sumOfProducts.invokeExact(
                        sum,
                        pointers(memory, points, MemorySegment.NULL),
                        count,
                        pointers(memory, scalars, MemorySegment.NULL),
                        SCALAR_BITS,
                        scratch);
                return affine(memory, sum);
            } catch (Throwable e) {
                throw broken(e);
            }
        }

        /**
         * The point of the group that an element of the coordinates' field is mapped to, cofactor cleared (RFC 9380).
         *
         * @param element the real part, then the imaginary one if there is one, big-endian and below p
         */
        MemorySegment map(SegmentAllocator memory, MemorySegment element) {
            check(element, coordinate);
            MemorySegment u = memory.allocate(coordinate, Long.BYTES);
            MemorySegment point = newPoint(memory);
            try {
                for (int at = 0; at < coordinate; at += ELEMENT) {
                    ELEMENT_FROM_BYTES.invokeExact(u.asSlice(at, ELEMENT), element.asSlice(at, ELEMENT));
                }
                map.invokeExact(point, u, MemorySegment.NULL);
                return affine(memory, point);
            } catch (Throwable e) {
                throw broken(e);
            }
        }

        private MemorySegment affine(SegmentAllocator memory, MemorySegment point) throws Throwable {
            MemorySegment affine = newAffine(memory);
            toAffine.invokeExact(affine, point);
            return affine;
        }

        private static void check(MemorySegment segment, long size) {
            if (segment.byteSize() < size) {
                throw new IllegalStateException("a structure of " + segment.byteSize() + " bytes instead of " + size);
            }
        }
    }
}
