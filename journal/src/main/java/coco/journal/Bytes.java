package coco.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Big-endian integers in byte arrays, and labels. */
final class Bytes {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private Bytes() {}

    static void putInt(byte[] out, int offset, int value) {
        INT.set(out, offset, value);
    }

    static int getInt(byte[] in, int offset) {
        return (int) INT.get(in, offset);
    }

    static void putLong(byte[] out, int offset, long value) {
        LONG.set(out, offset, value);
    }

    static long getLong(byte[] in, int offset) {
        return (long) LONG.get(in, offset);
    }

    static byte[] ofLong(long value) {
        byte[] out = new byte[Long.BYTES];
        putLong(out, 0, value);
        return out;
    }

    static byte[] slice(byte[] in, int offset, int length) {
        return Arrays.copyOfRange(in, offset, offset + length);
    }

    static boolean isZero(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
            if (in[i] != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * One length byte and the ASCII text: no label is a prefix of another, so nothing hashed under one passes for
     * another.
     */
    static byte[] label(String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        Invariant.check(ascii.length < 256, "label too long: " + text);
        byte[] out = new byte[1 + ascii.length];
        out[0] = (byte) ascii.length;
        System.arraycopy(ascii, 0, out, 1, ascii.length);
        return out;
    }

    static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] out = new byte[length];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, out, at, part.length);
            at += part.length;
        }
        return out;
    }

    static void requireLength(byte[] value, int length, String name) {
        if (value.length != length) {
            throw new IllegalArgumentException(name + " must be " + length + " bytes, not " + value.length);
        }
    }
}
