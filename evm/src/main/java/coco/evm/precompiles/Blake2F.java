package coco.evm.precompiles;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** 0x09: the compression function F of BLAKE2b (RFC 7693, section 3.2) with any number of rounds (EIP-152). */
final class Blake2F implements Precompile {
    private static final int INPUT = 213;

    private static final VarHandle LITTLE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle BIG_INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    /** RFC 7693, section 2.6. */
    private static final long[] IV = {
        0x6A09E667F3BCC908L, 0xBB67AE8584CAA73BL, 0x3C6EF372FE94F82BL, 0xA54FF53A5F1D36F1L,
        0x510E527FADE682D1L, 0x9B05688C2B3E6C1FL, 0x1F83D9ABFB41BD6BL, 0x5BE0CD19137E2179L
    };

    /** RFC 7693, section 2.7. */
    private static final byte[][] SIGMA = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
        {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
        {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
        {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
        {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
        {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
        {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
        {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
        {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
        {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}
    };

    /** One gas for each round. */
    @Override
    public long gas(byte[] in, int offset, int length) {
        return length == INPUT ? (int) BIG_INT.get(in, offset) & 0xFFFF_FFFFL : 0;
    }

    @Override
    public byte @Nullable [] run(byte[] in, int offset, int length) {
        if (length != INPUT || (in[offset + 212] & 0xFE) != 0) {
            return null;
        }
        long rounds = (int) BIG_INT.get(in, offset) & 0xFFFF_FFFFL;
        long[] v = new long[16];
        long[] m = new long[16];
        for (int i = 0; i < 8; i++) {
            v[i] = (long) LITTLE.get(in, offset + 4 + 8 * i);
            v[i + 8] = IV[i];
        }
        for (int i = 0; i < 16; i++) {
            m[i] = (long) LITTLE.get(in, offset + 68 + 8 * i);
        }
        v[12] ^= (long) LITTLE.get(in, offset + 196);
        v[13] ^= (long) LITTLE.get(in, offset + 204);
        if (in[offset + 212] != 0) {
            v[14] = ~v[14];
        }
        int row = 0;
        for (long round = 0; round < rounds; round++) {
            round(v, m, SIGMA[row]);
            row = row == 9 ? 0 : row + 1;
        }
        byte[] out = new byte[64];
        for (int i = 0; i < 8; i++) {
            LITTLE.set(out, 8 * i, (long) LITTLE.get(in, offset + 4 + 8 * i) ^ v[i] ^ v[i + 8]);
        }
        return out;
    }

    private static void round(long[] v, long[] m, byte[] sigma) {
        mix(v, 0, 4, 8, 12, m[sigma[0]], m[sigma[1]]);
        mix(v, 1, 5, 9, 13, m[sigma[2]], m[sigma[3]]);
        mix(v, 2, 6, 10, 14, m[sigma[4]], m[sigma[5]]);
        mix(v, 3, 7, 11, 15, m[sigma[6]], m[sigma[7]]);
        mix(v, 0, 5, 10, 15, m[sigma[8]], m[sigma[9]]);
        mix(v, 1, 6, 11, 12, m[sigma[10]], m[sigma[11]]);
        mix(v, 2, 7, 8, 13, m[sigma[12]], m[sigma[13]]);
        mix(v, 3, 4, 9, 14, m[sigma[14]], m[sigma[15]]);
    }

    private static void mix(long[] v, int a, int b, int c, int d, long x, long y) {
        v[a] += v[b] + x;
        v[d] = Long.rotateRight(v[d] ^ v[a], 32);
        v[c] += v[d];
        v[b] = Long.rotateRight(v[b] ^ v[c], 24);
        v[a] += v[b] + y;
        v[d] = Long.rotateRight(v[d] ^ v[a], 16);
        v[c] += v[d];
        v[b] = Long.rotateRight(v[b] ^ v[c], 63);
    }
}
