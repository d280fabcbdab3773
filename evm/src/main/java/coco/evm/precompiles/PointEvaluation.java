package coco.evm.precompiles;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import coco.crypto.Sha256;
import coco.evm.types.Word;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * 0x0a: whether a blob's polynomial takes a value at a point (EIP-4844). The input is the versioned hash of the
 * commitment, point and value below the order, commitment and proof compressed.
 *
 * <p>The proof π of p(z) = y for the commitment C is right if e(C - y·G, H) = e(π, (τ - z)·H), where G and H generate
 * the groups. That is checked as e(C - y·G + z·π, H) · e(-π, τ·H) = 1, which takes no multiplication in the second
 * group; of the trusted setup only τ·H is needed.
 */
final class PointEvaluation implements Precompile {
    private static final int INPUT = 192;
    private static final int COMMITMENT = 96;
    private static final int PROOF = 144;
    private static final byte VERSION = 1;
    private static final int FIELD_ELEMENTS_PER_BLOB = 4096;

    @Override
    public long gas(byte[] in, int offset, int length) {
        return 50_000;
    }

    @Override
    public byte @Nullable [] run(byte[] in, int offset, int length) {
        if (length != INPUT) {
            return null;
        }
        byte[] hash = Sha256.hash(in, offset + COMMITMENT, Blst.Group.G1.coordinate);
        hash[0] = VERSION;
        Word z = Word.ofBytes32(in, offset + 32);
        Word y = Word.ofBytes32(in, offset + 64);
        boolean isHash = Arrays.equals(hash, 0, 32, in, offset, offset + 32);
        if (!isHash || z.compareTo(Bls12381.ORDER) >= 0 || y.compareTo(Bls12381.ORDER) >= 0) {
            return null;
        }
        return isProof(in, offset, z, y) ? result() : null;
    }

    private static byte[] result() {
        byte[] result = new byte[2 * Word.SIZE];
        Word.of(FIELD_ELEMENTS_PER_BLOB).writeTo(result, 0);
        Bls12381.ORDER.writeTo(result, Word.SIZE);
        return result;
    }

    private static boolean isProof(byte[] in, int offset, Word z, Word y) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment commitment = groupMember(arena, Blst.Group.G1, in, offset + COMMITMENT);
            MemorySegment proof = groupMember(arena, Blst.Group.G1, in, offset + PROOF);
            if (commitment == null || proof == null) {
                return false;
            }
            Word minusY = y.isZero() ? y : Bls12381.ORDER.minus(y);
            MemorySegment difference = plusProduct(arena, commitment, Setup.G, minusY);
            MemorySegment left = plusProduct(arena, difference, proof, z);
            return isOne(arena, left, Blst.Group.G1.negated(arena, proof));
        }
    }

    /** Infinity pairs to one with any point. */
    private static boolean isOne(Arena arena, MemorySegment left, MemorySegment minusProof) {
        if (Blst.isZero(minusProof)) {
            return Blst.isZero(left);
        }
        if (Blst.isZero(left)) {
            return false;
        }
        return Blst.isOne(arena, new MemorySegment[] {left, minusProof}, new MemorySegment[] {Setup.H, Setup.TAU_H});
    }

    private static MemorySegment plusProduct(Arena arena, MemorySegment sum, MemorySegment point, Word factor) {
        MemorySegment scalar = arena.allocate(Blst.SCALAR);
        Bls12381.write(factor, scalar);
        return Blst.Group.G1.sum(arena, sum, Blst.Group.G1.product(arena, point, scalar));
    }

    /** A point of the group or infinity; null if it is neither. */
    private static @Nullable MemorySegment groupMember(Arena arena, Blst.Group group, byte[] in, int at) {
        MemorySegment bytes = arena.allocate(group.coordinate);
        MemorySegment.copy(in, at, bytes, JAVA_BYTE, 0, group.coordinate);
        MemorySegment point = arena.allocate(2L * group.coordinate, Long.BYTES);
        boolean isPoint = group.readCompressed(point, bytes);
        return isPoint && (Blst.isZero(point) || group.contains(point)) ? point : null;
    }

    /** The points that do not depend on the input, read when the first proof is checked and kept for good. */
    private static final class Setup {
        static final MemorySegment G = point(
                Blst.Group.G1,
                "97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac586c55e83ff97a1aeffb3af00adb22c6bb");
        static final MemorySegment H = point(
                Blst.Group.G2,
                "93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049334cf11213945d57e5ac7d055d042b7e"
                        + "024aa2b2f08f0a91260805272dc51051c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8");
        /** Of the public ceremony of 2023: "g2_monomial" 1 of the consensus specification's trusted setup. */
        static final MemorySegment TAU_H = point(
                Blst.Group.G2,
                "b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d2914e5870cb452d2afaaab24f3499f72"
                        + "185cbfee53492714734429b7b38608e23926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2");

        private Setup() {}

        private static MemorySegment point(Blst.Group group, String hex) {
            MemorySegment point =
                    groupMember(Arena.global(), group, HexFormat.of().parseHex(hex), 0);
            if (point == null) {
                throw new IllegalStateException("not a point: " + hex);
            }
            return point;
        }
    }
}
