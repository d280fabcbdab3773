package coco.ledgers.ethereum.rpc;

import coco.evm.types.Word;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The error of a reverted execution: code 3, Solidity's reason as text where there is one, and the data. */
final class Reverts {
    /** Error(string). */
    private static final byte[] ERROR = {0x08, (byte) 0xc3, 0x79, (byte) 0xa0};
    /** Panic(uint256). */
    private static final byte[] PANIC = {0x4e, 0x48, 0x7b, 0x71};

    private static final Map<Long, String> PANICS = Map.of(
            0x00L, "generic panic",
            0x01L, "assert(false)",
            0x11L, "arithmetic underflow or overflow",
            0x12L, "division or modulo by zero",
            0x21L, "enum overflow",
            0x22L, "invalid encoded storage byte array accessed",
            0x31L, "out-of-bounds array access; popping on an empty array",
            0x32L, "out-of-bounds access of an array or bytesN",
            0x41L, "out of memory",
            0x51L, "uninitialized function");

    private Reverts() {}

    static RpcException error(byte[] data) {
        String reason = reason(data);
        String message = reason == null ? "execution reverted" : "execution reverted: " + reason;
        return new RpcException(RpcException.REVERTED, message, Hexes.data(data));
    }

    private static @Nullable String reason(byte[] data) {
        if (startsWith(data, ERROR)) {
            return text(data);
        }
        if (startsWith(data, PANIC) && data.length >= 36) {
            Word code = Word.ofBytes32(data, 4);
            String known = code.fitsLong() ? PANICS.get(code.l0()) : null;
            return known != null ? known : "unknown panic code: " + code.toQuantity();
        }
        return null;
    }

    /** The ABI's string: an offset, and there a length and so many bytes. */
    private static @Nullable String text(byte[] data) {
        if (data.length < 68) {
            return null;
        }
        Word offset = Word.ofBytes32(data, 4);
        if (!offset.fitsLong() || offset.l0() > data.length - 36L) {
            return null;
        }
        int at = 4 + (int) offset.l0();
        Word length = Word.ofBytes32(data, at);
        if (!length.fitsLong() || length.l0() > data.length - at - 32L) {
            return null;
        }
        return new String(data, at + 32, (int) length.l0(), StandardCharsets.UTF_8);
    }

    private static boolean startsWith(byte[] data, byte[] prefix) {
        return data.length >= prefix.length && Arrays.equals(data, 0, prefix.length, prefix, 0, prefix.length);
    }
}
