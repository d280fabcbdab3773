package coco.cli.network;

import coco.cli.console.CliException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A node's log file, read from its end: it may be far larger than memory. */
public final class NodeLog {
    /** Some hundred lines. */
    private static final int TAIL_BYTES = 64 * 1024;

    private final Path file;
    private long position;

    /** Follows a file from its present end less the given number of lines. */
    public NodeLog(Path file) {
        this.file = file;
    }

    /** The last lines of a file, joined; empty if there is no such file. */
    public static String lastLines(Path file, int count) {
        String tail = new NodeLog(file).tail();
        List<String> lines = tail.lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
    }

    /** The last stretch of the file; {@link #more} goes on from there. */
    public String tail() {
        try {
            long size = Files.exists(file) ? Files.size(file) : 0;
            position = Math.max(0, size - TAIL_BYTES);
            boolean cut = position > 0;
            String text = more();
            int firstWhole = cut ? text.indexOf('\n') + 1 : 0;
            return text.substring(firstWhole);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** What was appended since the last call, up to a limit; begins again if the file was replaced by a shorter one. */
    public String more() {
        if (!Files.exists(file)) {
            return "";
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() < position) {
                position = 0;
            }
            byte[] bytes = new byte[(int) Math.min(TAIL_BYTES, in.length() - position)];
            in.seek(position);
            in.readFully(bytes);
            position += bytes.length;
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private CliException unreadable(IOException e) {
        return new CliException(file + " cannot be read: " + e.getMessage(), "Check the rights of that file.", e);
    }
}
