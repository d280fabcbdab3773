package coco.node.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A WebSocket client that sends whatever it is told to, and reads only when asked. */
final class RawWebSocket implements AutoCloseable {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    static final byte[] MASK = {1, 2, 3, 4};

    final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /** One frame of the server's; code of a close frame, else 0. */
    record Frame(int opcode, String text, int code) {}

    RawWebSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    static List<String> headers() {
        return new ArrayList<>(List.of(
                "Host: localhost",
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="));
    }

    /** Asks for an upgrade; the answer's first line. */
    String upgrade(String path, List<String> headers) throws IOException {
        String head = "GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        String first = line();
        for (String next = line(); !next.isEmpty(); next = line()) {
            if (next.startsWith("Sec-WebSocket-Accept: ") && !next.endsWith("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")) {
                throw new IOException(next);
            }
        }
        return first;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    void text(String text) throws IOException {
        frame(0x80 | TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends one masked frame. */
    void frame(int first, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else if (payload.length < 65536) {
            frame.writeBytes(new byte[] {(byte) 0xfe, (byte) (payload.length >> 8), (byte) payload.length});
        } else {
            frame.writeBytes(new byte[] {
                (byte) 0xff,
                0,
                0,
                0,
                0,
                (byte) (payload.length >> 24),
                (byte) (payload.length >> 16),
                (byte) (payload.length >> 8),
                (byte) payload.length
            });
        }
        frame.writeBytes(MASK);
        for (int i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ MASK[i & 3]);
        }
        out.write(frame.toByteArray());
    }

    void raw(byte... bytes) throws IOException {
        out.write(bytes);
    }

    /** The next frame; opcode -1 if the connection has ended. */
    Frame read() throws IOException {
        try {
            int opcode = in.readUnsignedByte() & 0x0f;
            long length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            byte[] payload = in.readNBytes(Math.toIntExact(length));
            if (opcode == CLOSE && length >= 2) {
                String reason = new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
                return new Frame(opcode, reason, (payload[0] & 0xff) << 8 | (payload[1] & 0xff));
            }
            return new Frame(opcode, new String(payload, StandardCharsets.UTF_8), 0);
        } catch (EOFException ended) {
            return new Frame(-1, "", 0);
        } catch (java.net.SocketException reset) {
            return new Frame(-1, "", 0);
        }
    }

    /** The next frame that is no ping. */
    Frame next() throws IOException {
        Frame frame = read();
        while (frame.opcode() == PING) {
            frame = read();
        }
        return frame;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
