package coco.client.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Reads HTTP/1.1 replies from a connection, the little of HTTP that a Coco node sends: a status line, headers, and a
 * body by length or in chunks. Anything else is an {@link IOException}. Not thread-safe.
 */
final class HttpReplies {
    private static final int LINE_MAX = 8 * 1024;
    private static final int HEADERS_MAX = 100;
    private static final int BODY_MAX = 64 * 1024 * 1024;

    private final InputStream in;
    private final byte[] input = new byte[64 * 1024];
    private int inputPosition;
    private int inputEnd;
    private byte[] body = new byte[64 * 1024];

    HttpReplies(InputStream in) {
        this.in = in;
    }

    /** The next reply: a view that holds until the one after it. */
    Reply next() throws IOException {
        int status = status(line());
        int length = -1;
        boolean chunked = false;
        String transactionStatus = "";
        int headers = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (++headers > HEADERS_MAX) {
                throw new IOException("more than " + HEADERS_MAX + " headers");
            }
            int colon = header.indexOf(':');
            if (colon < 0) {
                throw new IOException("a header without a colon");
            }
            String value = header.substring(colon + 1).strip();
            switch (header.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = number(value, 10);
                case "transfer-encoding" -> chunked = value.equalsIgnoreCase("chunked");
                case "coco-transaction-status" -> transactionStatus = value;
                default -> {
                    // Other headers say nothing the driver needs.
                }
            }
        }
        int bodyLength = chunked ? readChunks() : readWhole(length);
        return new Reply(status, transactionStatus, body, bodyLength);
    }

    private static int status(String line) throws IOException {
        String[] words = line.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.")) {
            throw new IOException("no HTTP status line");
        }
        return number(words[1], 10);
    }

    private static int number(String text, int radix) throws IOException {
        try {
            int value = Integer.parseInt(text, radix);
            if (value >= 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw new IOException("no number where HTTP wants one", e);
        }
        throw new IOException("a negative number where HTTP wants a length");
    }

    private int readWhole(int length) throws IOException {
        if (length < 0) {
            throw new IOException("a reply without a length");
        }
        read(0, length);
        return length;
    }

    private int readChunks() throws IOException {
        int total = 0;
        while (true) {
            String size = line();
            int extension = size.indexOf(';');
            int length = number((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
            if (length == 0) {
                while (!line().isEmpty()) {
                    // Trailers say nothing the driver needs.
                }
                return total;
            }
            read(total, length);
            total += length;
            if (!line().isEmpty()) {
                throw new IOException("a chunk longer than it said");
            }
        }
    }

    private void read(int at, int length) throws IOException {
        if ((long) at + length > BODY_MAX) {
            throw new IOException("a reply of more than " + BODY_MAX + " bytes");
        }
        if (at + length > body.length) {
            body = Arrays.copyOf(body, Math.max(2 * body.length, at + length));
        }
        int position = at;
        int end = at + length;
        while (position < end) {
            fill();
            int count = Math.min(end - position, inputEnd - inputPosition);
            System.arraycopy(input, inputPosition, body, position, count);
            inputPosition += count;
            position += count;
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        while (true) {
            fill();
            byte b = input[inputPosition++];
            if (b == '\n') {
                return line.toString();
            }
            if (b != '\r') {
                line.append((char) (b & 0xff));
            }
            if (line.length() > LINE_MAX) {
                throw new IOException("a header line of more than " + LINE_MAX + " bytes");
            }
        }
    }

    private void fill() throws IOException {
        if (inputPosition < inputEnd) {
            return;
        }
        int count = in.read(input, 0, input.length);
        if (count <= 0) {
            throw new EOFException("the node closed the connection");
        }
        inputPosition = 0;
        inputEnd = count;
    }

    /** A reply in the reader's own array. */
    static final class Reply {
        private final int status;
        private final String transactionStatus;
        private final byte[] body;
        private final int length;

        private Reply(int status, String transactionStatus, byte[] body, int length) {
            this.status = status;
            this.transactionStatus = transactionStatus;
            this.body = body;
            this.length = length;
        }

        int status() {
            return status;
        }

        /** The header Coco-Transaction-Status; empty if there was none. */
        String transactionStatus() {
            return transactionStatus;
        }

        byte[] body() {
            return body;
        }

        int length() {
            return length;
        }

        String text() {
            return new String(body, 0, length, StandardCharsets.UTF_8);
        }
    }
}
