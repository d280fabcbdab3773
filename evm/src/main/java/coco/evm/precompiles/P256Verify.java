package coco.evm.precompiles;

import coco.crypto.CryptoException;
import coco.crypto.P256;
import java.util.Arrays;

/**
 * 0x100: a P-256 signature (EIP-7951). Exactly hash, r, s, x and y; one in a word if it is valid, otherwise nothing.
 */
final class P256Verify implements Precompile {
    private static final byte[] NOTHING = new byte[0];
    private static final int INPUT = 160;

    @Override
    public long gas(byte[] in, int offset, int length) {
        return 6900;
    }

    @Override
    public byte[] run(byte[] in, int offset, int length) {
        if (length != INPUT) {
            return NOTHING;
        }
        byte[] hash = Arrays.copyOfRange(in, offset, offset + 32);
        byte[] signature = Arrays.copyOfRange(in, offset + 32, offset + 96);
        byte[] point = new byte[P256.PUBLIC_KEY_BYTES];
        point[0] = 4;
        System.arraycopy(in, offset + 96, point, 1, 64);
        if (!isValid(point, hash, signature)) {
            return NOTHING;
        }
        byte[] one = new byte[32];
        one[31] = 1;
        return one;
    }

    private static boolean isValid(byte[] point, byte[] hash, byte[] signature) {
        try {
            return P256.verify(P256.decode(point), hash, signature);
        } catch (CryptoException _) {
            return false;
        }
    }
}
