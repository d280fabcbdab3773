package coco.cli.network;

import coco.cli.console.CliException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A node's log file, read from its end: it may be far larger than memory. Lines are given whole, so that neither a line
 * nor a character that the node is still writing is torn.
 */
public final class NodeLog {
    /** Some hundred lines. A longer line than that is given in pieces. */
    private static final int READ_BYTES = 64 * 1024;

    private final Path file;
    private long position;

    /** Stands at the beginning of the file, which need not exist yet. */
    public NodeLog(Path file) {
        this.file = file;
    }

    /** The last lines of a file, joined, the one being written among them; empty if there is no such file. */
    public static String lastLines(Path file, int count) {
        NodeLog log = new NodeLog(file);
        List<String> lines = new ArrayList<>(log.tail().lines().toList());
        log.unfinished().lines().forEach(lines::add);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }

    /** The whole lines of the last stretch of the file; {@link #more} goes on from there. */
    public String tail() {
        try {
            long size = Files.exists(file) ? Files.size(file) : 0;
            position = Math.max(0, size - READ_BYTES);
            boolean cut = position > 0;
            String text = more();
            int firstWhole = cut ? text.indexOf('\n') + 1 : 0;
            return text.substring(firstWhole);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Whole lines appended since the last call, up to a limit; begins again if the file was replaced by a shorter one.
     */
    public String more() {
        byte[] bytes = read();
        int whole = bytes.length;
        while (whole > 0 && bytes[whole - 1] != '\n') {
            whole--;
        }
        if (whole == 0 && bytes.length == READ_BYTES) {
            whole = lastCharacter(bytes);
        }
        position += whole;
        return new String(bytes, 0, whole, StandardCharsets.UTF_8);
    }

    /** What stands behind the last whole line: a line being written, or the last words of a process that ended. */
    public String unfinished() {
        byte[] bytes = read();
        position += bytes.length;
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private byte[] read() {
        if (!Files.exists(file)) {
            return new byte[0];
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() < position) {
                position = 0;
            }
            byte[] bytes = new byte[(int) Math.min(READ_BYTES, in.length() - position)];
            in.seek(position);
            int read = Math.max(0, in.read(bytes));
            return read == bytes.length ? bytes : Arrays.copyOf(bytes, read);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Where the last character begins; it may not be whole. Bytes 10xxxxxx go on with a character (RFC 3629). */
    private static int lastCharacter(byte[] bytes) {
        int start = bytes.length - 1;
        while (start > 0 && (bytes[start] & 0xc0) == 0x80) {
            start--;
        }
        return start > 0 ? start : bytes.length;
    }

    private CliException unreadable(IOException e) {
        return new CliException(file + " cannot be read: " + e.getMessage(), "Check the rights of that file.", e);
    }
}
