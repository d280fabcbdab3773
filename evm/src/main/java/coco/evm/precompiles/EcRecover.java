package coco.evm.precompiles;

import coco.crypto.Keccak256;
import coco.crypto.Secp256k1;
import coco.evm.types.Word;

/**
 * 0x01: the address that signed a hash. A signature that nobody can have made gives no output, not a failure. Either s
 * is accepted; EIP-2 binds transactions only.
 */
final class EcRecover implements Precompile {
    private static final Word ORDER = Word.fromHex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
    private static final byte[] NOTHING = new byte[0];
    private static final int INPUT = 128;

    private final Secp256k1 curve = Secp256k1.fastest();

    @Override
    public long gas(byte[] in, int offset, int length) {
        return 3000;
    }

    @Override
    public byte[] run(byte[] in, int offset, int length) {
        byte[] padded = Inputs.slice(in, offset, length, 0, INPUT);
        long v = Word.ofBytes32(padded, 32).toLongSaturated();
        Word r = Word.ofBytes32(padded, 64);
        Word s = Word.ofBytes32(padded, 96);
        if ((v != 27 && v != 28) || !isScalar(r) || !isScalar(s)) {
            return NOTHING;
        }
        byte[] hash = Inputs.slice(padded, 0, INPUT, 0, 32);
        byte[] publicKey = curve.recover(hash, Inputs.slice(padded, 0, INPUT, 64, 64), (int) v - 27);
        if (publicKey == null) {
            return NOTHING;
        }
        byte[] address = Keccak256.hash(publicKey);
        for (int i = 0; i < 12; i++) {
            address[i] = 0;
        }
        return address;
    }

    private static boolean isScalar(Word word) {
        return !word.isZero() && word.compareTo(ORDER) < 0;
    }
}
