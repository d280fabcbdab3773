package coco.evm.precompiles;

import coco.evm.precompiles.bn254.G1;
import coco.evm.precompiles.bn254.G2;
import coco.evm.precompiles.bn254.Pairing;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** 0x06 to 0x08: addition and multiplication on alt_bn128 (EIP-196) and its pairing (EIP-197), priced by EIP-1108. */
final class Bn254 {
    private static final int PAIR_BYTES = 192;

    private Bn254() {}

    static Precompile addition(Fork fork) {
        return new Precompile() {
            @Override
            public long gas(byte[] in, int offset, int length) {
                return fork.has(Fork.ISTANBUL) ? 150 : 500;
            }

            @Override
            public byte @Nullable [] run(byte[] in, int offset, int length) {
                byte[] padded = Inputs.slice(in, offset, length, 0, 128);
                G1 a = point(padded, 0);
                G1 b = point(padded, 64);
                return a == null || b == null ? null : a.plus(b).toBytes();
            }
        };
    }

    static Precompile multiplication(Fork fork) {
        return new Precompile() {
            @Override
            public long gas(byte[] in, int offset, int length) {
                return fork.has(Fork.ISTANBUL) ? 6_000 : 40_000;
            }

            @Override
            public byte @Nullable [] run(byte[] in, int offset, int length) {
                byte[] padded = Inputs.slice(in, offset, length, 0, 96);
                G1 point = point(padded, 0);
                return point == null
                        ? null
                        : point.times(Word.ofBytes32(padded, 64)).toBytes();
            }
        };
    }

    static Precompile pairing(Fork fork) {
        return new Precompile() {
            @Override
            public long gas(byte[] in, int offset, int length) {
                long pairs = length / PAIR_BYTES;
                return fork.has(Fork.ISTANBUL) ? 45_000 + 34_000 * pairs : 100_000 + 80_000 * pairs;
            }

            @Override
            public byte @Nullable [] run(byte[] in, int offset, int length) {
                if (length % PAIR_BYTES != 0) {
                    return null;
                }
                List<Pairing.Pair> pairs = new ArrayList<>(length / PAIR_BYTES);
                for (int at = offset; at < offset + length; at += PAIR_BYTES) {
                    G1 p = point(in, at);
                    // The imaginary part comes first.
                    G2 q = p == null
                            ? null
                            : G2.of(
                                    Word.ofBytes32(in, at + 96),
                                    Word.ofBytes32(in, at + 64),
                                    Word.ofBytes32(in, at + 160),
                                    Word.ofBytes32(in, at + 128));
                    if (p == null || q == null) {
                        return null;
                    }
                    pairs.add(new Pairing.Pair(p, q));
                }
                return switch (Pairing.product(pairs)) {
                    case ONE -> Word.ONE.toBytes32();
                    case NOT_ONE -> Word.ZERO.toBytes32();
                    case UNDEFINED -> null;
                };
            }
        };
    }

    private static @Nullable G1 point(byte[] in, int at) {
        return G1.of(Word.ofBytes32(in, at), Word.ofBytes32(in, at + 32));
    }
}
