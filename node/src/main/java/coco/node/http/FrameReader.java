package coco.node.http;

import io.helidon.common.buffers.DataReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a WebSocket client sends (RFC 6455, section 5): whole messages of text, and control frames. Nothing is
 * believed before it is there: memory is taken as bytes come in, and a message has a size, a number of pieces and a
 * time. One thread.
 */
final class FrameReader {
    static final int PROTOCOL_ERROR = 1002;
    static final int NOT_TEXT = 1003;
    static final int NOT_UTF8 = 1007;
    static final int TOO_LARGE = 1009;
    static final int NO_ROOM = 1013;

    private static final int CONTINUATION = 0;
    private static final int BINARY = 2;
    private static final int CLOSE = 8;
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int CONTROL_BYTES_MAX = 125;

    private final DataReader in;
    private final int maxBytes;
    private final ByteBudget budget;
    private final Runnable begun;
    private ByteArrayOutputStream message = new ByteArrayOutputStream();
    private boolean within;
    private int fragments;
    private int held;

    /** What came in. */
    sealed interface Incoming {
        /** A whole message of valid UTF-8; so many bytes of the budget are its receiver's to give back. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Text(byte[] utf8) implements Incoming {}

        /** A ping, whose payload is sent back. */
        @SuppressWarnings("ArrayRecordComponent") // never compared
        record Ping(byte[] payload) implements Incoming {}

        /** A pong: a sign of life. */
        record Pong() implements Incoming {}

        /** The client's end; the code to answer with. */
        record Close(int code) implements Incoming {}

        /** Something that ends the connection with this code and reason. */
        record Fault(int code, String reason) implements Incoming {}
    }

    /**
     * A reader.
     *
     * @param maxBytes of one message
     * @param budget for what is in memory
     * @param begun told when the first frame of a message begins
     */
    FrameReader(DataReader in, int maxBytes, ByteBudget budget, Runnable begun) {
        this.in = in;
        this.maxBytes = maxBytes;
        this.budget = budget;
        this.begun = begun;
    }

    /** Waits for the next message or control frame; what the reader throws ends the connection. */
    Incoming next() {
        while (true) {
            int first = in.read() & 0xff;
            int second = in.read() & 0xff;
            boolean last = (first & 0x80) != 0;
            int opcode = first & 0x0f;
            long length = length(second & 0x7f);
            if ((first & 0x70) != 0) {
                return fault(PROTOCOL_ERROR, "reserved bits are set");
            }
            if ((second & 0x80) == 0) {
                return fault(PROTOCOL_ERROR, "frame is not masked");
            }
            if (opcode >= CLOSE) {
                return last && length <= CONTROL_BYTES_MAX
                        ? control(opcode, (int) length)
                        : fault(PROTOCOL_ERROR, "control frame is too long or in pieces");
            }
            Incoming.Fault refused = refusal(opcode, length);
            if (refused != null) {
                return refused;
            }
            if (!within) {
                begun.run();
            }
            within = !last;
            if (!append((int) length)) {
                return fault(NO_ROOM, "busy");
            }
            if (last) {
                return whole();
            }
        }
    }

    /** Gives back what an unfinished message holds. */
    void end() {
        budget.give(held);
        held = 0;
    }

    private long length(int inHeader) {
        if (inHeader < 126) {
            return inHeader;
        }
        long length = 0;
        for (int i = inHeader == 126 ? 2 : 8; i > 0; i--) {
            length = (length << 8) | (in.read() & 0xff);
        }
        return length;
    }

    private Incoming.@Nullable Fault refusal(int opcode, long length) {
        if (opcode == BINARY) {
            return fault(NOT_TEXT, "messages are text");
        }
        if (opcode > BINARY || within != (opcode == CONTINUATION)) {
            return fault(PROTOCOL_ERROR, "unexpected frame");
        }
        // A length with its highest bit set is negative here.
        if (length < 0 || length > maxBytes - message.size() || ++fragments > SocketLimits.FRAGMENTS_MAX) {
            return fault(TOO_LARGE, "message too large");
        }
        return null;
    }

    private static Incoming.Fault fault(int code, String reason) {
        return new Incoming.Fault(code, reason);
    }

    private Incoming whole() {
        byte[] bytes = message.toByteArray();
        // Not kept: a connection that once had a large message would hold its size for ever.
        message = new ByteArrayOutputStream();
        fragments = 0;
        held = 0;
        if (!isUtf8(bytes)) {
            budget.give(bytes.length);
            return fault(NOT_UTF8, "text is not UTF-8");
        }
        return new Incoming.Text(bytes);
    }

    private Incoming control(int opcode, int length) {
        byte[] mask = in.readBytes(4);
        byte[] payload = length == 0 ? new byte[0] : in.readBytes(length);
        unmask(payload, mask, 0);
        return switch (opcode) {
            case PING -> new Incoming.Ping(payload);
            case PONG -> new Incoming.Pong();
            case CLOSE -> close(payload);
            default -> fault(PROTOCOL_ERROR, "unexpected frame");
        };
    }

    private Incoming close(byte[] payload) {
        if (payload.length == 0) {
            return new Incoming.Close(1000);
        }
        int code = payload.length == 1 ? 0 : ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
        boolean known = (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code < 5000);
        if (!known) {
            return fault(PROTOCOL_ERROR, "unexpected close code");
        }
        return isUtf8(Arrays.copyOfRange(payload, 2, payload.length))
                ? new Incoming.Close(code)
                : fault(NOT_UTF8, "text is not UTF-8");
    }

    /** Reads one frame's payload as it comes; false if there is no room for it. */
    private boolean append(int length) {
        byte[] mask = in.readBytes(4);
        for (int done = 0; done < length; ) {
            in.ensureAvailable();
            byte[] piece = in.readBytes(Math.min(in.available(), length - done));
            if (!budget.take(piece.length, (long) message.size() + length - done)) {
                return false;
            }
            held += piece.length;
            unmask(piece, mask, done);
            message.write(piece, 0, piece.length);
            done += piece.length;
        }
        return true;
    }

    private static void unmask(byte[] payload, byte[] mask, int offset) {
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[(offset + i) & 3];
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        int i = 0;
        while (i < bytes.length && bytes[i] >= 0) {
            i++;
        }
        if (i == bytes.length) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException notText) {
            return false;
        }
    }

    /** The header of a frame that a server sends: not masked, in one piece. */
    static byte[] header(int opcode, long length) {
        if (length < 126) {
            return new byte[] {(byte) (0x80 | opcode), (byte) length};
        }
        if (length < 1 << 16) {
            return new byte[] {(byte) (0x80 | opcode), 126, (byte) (length >>> 8), (byte) length};
        }
        byte[] header = new byte[10];
        header[0] = (byte) (0x80 | opcode);
        header[1] = 127;
        for (int i = 0; i < 8; i++) {
            header[2 + i] = (byte) (length >>> (8 * (7 - i)));
        }
        return header;
    }
}
