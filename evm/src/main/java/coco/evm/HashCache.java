package coco.evm;

import coco.crypto.Keccak256;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Keccak-256 of 64 bytes, remembered: Solidity hashes key and slot of a mapping for every access, and transactions of a
 * block mostly go to the same few. Direct-mapped, and the whole input is compared, so that a collision costs a hash and
 * nothing else.
 */
final class HashCache {
    private static final int ENTRIES = 1 << 10;
    private static final int INDEX_SHIFT = Long.SIZE - 10;
    private static final int INPUT_LONGS = 8;
    private static final int ENTRY_LONGS = INPUT_LONGS + 4;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private final long[] table = new long[ENTRIES * ENTRY_LONGS];
    private final byte[] digest = new byte[Keccak256.DIGEST_BYTES];

    HashCache() {
        // Entries start as the input of 64 zero bytes; only the place of that very input may say so.
        byte[] zeros = new byte[INPUT_LONGS * 8];
        Keccak256.hash(zeros, 0, zeros.length, digest, 0);
        for (int entry = 0; entry < table.length; entry += ENTRY_LONGS) {
            Words.load(table, entry + INPUT_LONGS, digest, 0);
        }
    }

    /** Puts the digest of {@code length} bytes on the stack at {@code i}. */
    void hash(byte[] in, int offset, int length, long[] s, int i) {
        if (length == INPUT_LONGS * 8) {
            hash64(in, offset, s, i);
        } else {
            Keccak256.hash(in, offset, length, digest, 0);
            Words.load(s, i, digest, 0);
        }
    }

    private void hash64(byte[] in, int offset, long[] s, int i) {
        long mixed = 0;
        for (int n = 0; n < INPUT_LONGS; n += 2) {
            // Products of neighbours, which the processor computes at the same time. Who finds collisions gains
            // nothing.
            mixed += ((long) LONGS.get(in, offset + 8 * n) ^ 0x9E3779B97F4A7C15L * (n + 1))
                    * ((long) LONGS.get(in, offset + 8 * n + 8) ^ 0xBF58476D1CE4E5B9L * (n + 1));
        }
        int entry = (int) (mixed >>> INDEX_SHIFT) * ENTRY_LONGS;
        long different = 0;
        for (int n = 0; n < INPUT_LONGS; n++) {
            different |= table[entry + n] ^ (long) LONGS.get(in, offset + 8 * n);
        }
        if (different != 0) {
            Keccak256.hash(in, offset, INPUT_LONGS * 8, digest, 0);
            for (int n = 0; n < INPUT_LONGS; n++) {
                table[entry + n] = (long) LONGS.get(in, offset + 8 * n);
            }
            Words.load(table, entry + INPUT_LONGS, digest, 0);
        }
        System.arraycopy(table, entry + INPUT_LONGS, s, i, 4);
    }
}
