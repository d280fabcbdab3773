package coco.evm.precompiles;

import coco.crypto.Sha256;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.RIPEMD160Digest;

/** The three oldest functions of bytes: a fixed price, and one for each word. */
enum Hashes implements Precompile {
    SHA256(60, 12) {
        @Override
        public byte[] run(byte[] in, int offset, int length) {
            return Sha256.hash(in, offset, length);
        }
    },
    /** The digest of 20 bytes in the last bytes of a word. */
    RIPEMD160(600, 120) {
        @Override
        public byte[] run(byte[] in, int offset, int length) {
            RIPEMD160Digest digest = new RIPEMD160Digest();
            digest.update(in, offset, length);
            byte[] out = new byte[32];
            digest.doFinal(out, 12);
            return out;
        }
    },
    IDENTITY(15, 3) {
        @Override
        public byte[] run(byte[] in, int offset, int length) {
            return Arrays.copyOfRange(in, offset, offset + length);
        }
    };

    private final long base;
    private final long word;

    Hashes(long base, long word) {
        this.base = base;
        this.word = word;
    }

    @Override
    public long gas(byte[] in, int offset, int length) {
        return base + word * ((length + 31L) >>> 5);
    }
}
