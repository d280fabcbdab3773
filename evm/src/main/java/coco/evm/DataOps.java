package coco.evm;

import java.util.Arrays;

/** Instructions on memory and on bytes from outside. Each gets the gas and gives back what is left of it. */
final class DataOps {
    private static final long COPY_WORD = 3;
    private static final long HASH_WORD = 6;

    private DataOps() {}

    static long exp(Execution x, long[] s, int sp, long gas) {
        long left = gas - x.rules.expByte * ((Words.bitLength(s, sp - 8) + 7) >>> 3);
        if (left >= 0) {
            Words.exp(s, sp);
        }
        return left;
    }

    static long keccak(Execution x, Frame f, long[] s, int sp, long gas) {
        long left = f.reserveRange(s, sp - 4, sp - 8, gas);
        if (left < 0) {
            return left;
        }
        int length = (int) s[sp - 8];
        left -= HASH_WORD * words(length);
        if (left >= 0) {
            x.hashes.hash(f.memory, length == 0 ? 0 : (int) s[sp - 4], length, s, sp - 8);
        }
        return left;
    }

    static void callDataLoad(Frame f, long[] s, int sp) {
        long offset = Words.saturated(s, sp - 4);
        if (offset >= f.inputLength) {
            Words.set(s, sp - 4, 0);
        } else if (offset + 32 <= f.inputLength) {
            Words.load(s, sp - 4, f.input, f.inputOffset + (int) offset);
        } else {
            byte[] padded = new byte[32];
            System.arraycopy(f.input, f.inputOffset + (int) offset, padded, 0, f.inputLength - (int) offset);
            Words.load(s, sp - 4, padded, 0);
        }
    }

    /** Memory offset, source offset, length: what is missing of the source is zero. */
    static long copy(Frame f, long[] s, int sp, byte[] source, int sourceOffset, int sourceLength, long gas) {
        int to = sp - 4;
        int from = sp - 8;
        int lengthAt = sp - 12;
        long left = f.reserveRange(s, to, lengthAt, gas);
        if (left < 0 || Words.isZero(s, lengthAt)) {
            return left;
        }
        int length = (int) s[lengthAt];
        left -= COPY_WORD * words(length);
        if (left >= 0) {
            int offset = (int) Math.min(Words.saturated(s, from), sourceLength);
            copyPadded(source, sourceOffset + offset, sourceLength - offset, f.memory, (int) s[to], length);
        }
        return left;
    }

    private static void copyPadded(byte[] source, int from, int available, byte[] target, int to, int length) {
        int copied = Math.min(available, length);
        System.arraycopy(source, from, target, to, copied);
        if (copied < length) {
            Arrays.fill(target, to + copied, to + length, (byte) 0);
        }
    }

    /** Beyond the end of the return data there is no zero, but a failure (EIP-211). */
    static long returnDataCopy(Frame f, long[] s, int sp, long gas) {
        long from = Words.saturated(s, sp - 8);
        long length = Words.saturated(s, sp - 12);
        if (from > f.returnLength || length > f.returnLength - from) {
            return Exit.failure(Exit.RETURN_DATA_OUT_OF_BOUNDS);
        }
        return copy(f, s, sp, f.returnData, f.returnOffset, f.returnLength, gas);
    }

    /** EIP-5656: memory grows to hold both ranges. */
    static long memoryCopy(Frame f, long[] s, int sp, long gas) {
        int to = sp - 4;
        int from = sp - 8;
        int lengthAt = sp - 12;
        long left = f.reserveRange(s, to, lengthAt, gas);
        if (left >= 0) {
            left = f.reserveRange(s, from, lengthAt, left);
        }
        if (left < 0 || Words.isZero(s, lengthAt)) {
            return left;
        }
        int length = (int) s[lengthAt];
        left -= COPY_WORD * words(length);
        if (left >= 0) {
            System.arraycopy(f.memory, (int) s[from], f.memory, (int) s[to], length);
        }
        return left;
    }

    /** What RETURN and REVERT leave to their caller. */
    static long setOutput(Frame f, long[] s, int sp, long gas) {
        long left = f.reserveRange(s, sp - 4, sp - 8, gas);
        if (left >= 0) {
            f.outputLength = (int) s[sp - 8];
            f.outputOffset = f.outputLength == 0 ? 0 : (int) s[sp - 4];
        }
        return left;
    }

    static byte[] copyOfMemory(Frame f, long[] s, int offsetAt, int lengthAt) {
        int length = (int) s[lengthAt];
        byte[] bytes = new byte[length];
        if (length > 0) {
            System.arraycopy(f.memory, (int) s[offsetAt], bytes, 0, length);
        }
        return bytes;
    }

    static long words(int bytes) {
        return (bytes + 31L) >>> 5;
    }
}
