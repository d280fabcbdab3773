package coco.systemtests.processes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A chunk of the journal, read without the journal: a header of 64 bytes, then frames (length of the body in four
 * bytes, checksum, body, padding to eight bytes, at least one), then zeros or a footer. See docs/specs/journal.md.
 *
 * @param frames where each begins
 * @param end behind the last frame
 */
record ChunkFile(List<Integer> frames, int end) {
    private static final int HEADER_BYTES = 64;
    private static final int PREFIX_BYTES = 8;
    private static final int ALIGNMENT = 8;

    ChunkFile {
        frames = List.copyOf(frames);
    }

    static ChunkFile read(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        List<Integer> frames = new ArrayList<>();
        int at = HEADER_BYTES;
        while (at + PREFIX_BYTES <= bytes.limit() && bytes.getInt(at) > 0) {
            frames.add(at);
            at += PREFIX_BYTES + bytes.getInt(at) + ALIGNMENT & -ALIGNMENT;
        }
        return new ChunkFile(frames, at);
    }

    /** The chunks of a node, oldest first; the last one is open. */
    static List<Path> of(Path nodeFolder) throws IOException {
        try (Stream<Path> files = Files.list(nodeFolder.resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".chunk"))
                    .sorted()
                    .toList();
        }
    }
}
