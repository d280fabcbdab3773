package coco.systemtests.processes;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A WebSocket client of a few kilobytes, so that thousands of them fit beside the nodes they listen to. Blocking: each
 * has a virtual thread. Answers pings while it reads.
 */
final class SocketClient implements AutoCloseable {
    private static final int PING = 9;
    private static final int PONG = 10;
    private static final int CLOSE = 8;
    private static final int BUFFER_BYTES = 4096;

    private final Socket socket = new Socket();
    private final DataInputStream in;

    /** Connects and upgrades; a small window lets the server notice early that nobody reads. */
    SocketClient(URI http, Duration patience) throws IOException {
        this(http, patience, "");
    }

    /** The same with more headers, each ended by a line break. */
    SocketClient(URI http, Duration patience, String headers) throws IOException {
        socket.setReceiveBufferSize(BUFFER_BYTES);
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(http.getHost(), http.getPort()), (int) patience.toMillis());
        socket.setSoTimeout((int) patience.toMillis());
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES));
        String head = "GET / HTTP/1.1\r\nHost: " + http.getAuthority()
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + headers + "\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        String status = line();
        if (!status.startsWith("HTTP/1.1 101")) {
            throw new IOException(status);
        }
        String header;
        do {
            header = line();
        } while (!header.isEmpty());
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    /** Calls a method without waiting for its answer. */
    void call(int id, String method, String params) throws IOException {
        String text = "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + "}";
        frame(1, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a frame; the mask is zero, which leaves the bytes as they are. */
    private synchronized void frame(int opcode, byte[] payload) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(0x80 | opcode);
        if (payload.length < 126) {
            frame.write(0x80 | payload.length);
        } else {
            frame.writeBytes(new byte[] {(byte) 0xfe, (byte) (payload.length >> 8), (byte) payload.length});
        }
        frame.writeBytes(new byte[4]);
        frame.writeBytes(payload);
        socket.getOutputStream().write(frame.toByteArray());
    }

    /** The next message; an exception if the connection ends or is silent for too long. */
    String next() throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & 0x0f;
            long length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            byte[] payload = in.readNBytes(Math.toIntExact(length));
            switch (opcode) {
                case PING -> frame(PONG, payload);
                case CLOSE -> throw new IOException("closed by the server");
                case PONG -> {}
                default -> {
                    return new String(payload, StandardCharsets.UTF_8);
                }
            }
        }
    }

    /** Goes without a word, as a process that is killed does. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // It is gone either way.
            return;
        }
    }
}
