package coco.evm.tracing;

import coco.evm.types.Word;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The reason in revert data, as Solidity encodes {@code Error(string)} and {@code Panic(uint256)}. */
final class RevertReason {
    private static final int ERROR = 0x08C379A0;
    private static final int PANIC = 0x4E487B71;
    private static final int SELECTOR_BYTES = 4;

    private RevertReason() {}

    /** The reason, a panic in geth's words; null where there is none. */
    static @Nullable String of(byte[] data) {
        if (data.length < SELECTOR_BYTES + Word.SIZE) {
            return null;
        }
        int selector = (data[0] & 0xFF) << 24 | (data[1] & 0xFF) << 16 | (data[2] & 0xFF) << 8 | (data[3] & 0xFF);
        return switch (selector) {
            case ERROR -> text(data);
            case PANIC -> panic(Word.ofBytes32(data, SELECTOR_BYTES));
            default -> null;
        };
    }

    private static @Nullable String text(byte[] data) {
        long room = (long) data.length - SELECTOR_BYTES - Word.SIZE;
        long offset = Word.ofBytes32(data, SELECTOR_BYTES).toLongSaturated();
        if (offset > room) {
            return null;
        }
        int at = SELECTOR_BYTES + (int) offset;
        long length = Word.ofBytes32(data, at).toLongSaturated();
        if (length > room - offset) {
            return null;
        }
        return new String(data, at + Word.SIZE, (int) length, StandardCharsets.UTF_8);
    }

    private static String panic(Word code) {
        return switch ((int) Math.min(code.toLongSaturated(), Integer.MAX_VALUE)) {
            case 0x00 -> "generic panic";
            case 0x01 -> "assert(false)";
            case 0x11 -> "arithmetic underflow or overflow";
            case 0x12 -> "division or modulo by zero";
            case 0x21 -> "enum overflow";
            case 0x22 -> "invalid encoded storage byte array accessed";
            case 0x31 -> "out-of-bounds array access; popping on an empty array";
            case 0x32 -> "out-of-bounds access of an array or bytesN";
            case 0x41 -> "out of memory";
            case 0x51 -> "uninitialized function";
            default -> "unknown panic code: " + Hex.quantity(code);
        };
    }
}
