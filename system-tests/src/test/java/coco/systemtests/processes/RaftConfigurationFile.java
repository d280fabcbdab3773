package coco.systemtests.processes;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The file in which Ratis keeps its voters, {@code raft-meta.conf}, read and edited without Ratis: a log entry (term 1,
 * index 2, configuration 4), whose configuration has peers (1), each with id (1) and address (2). Fields are kept as
 * they are, in their order.
 *
 * @param fields of the entry
 */
record RaftConfigurationFile(List<Field> fields) {
    private static final int TERM = 1;
    private static final int INDEX = 2;
    private static final int CONFIGURATION = 4;
    private static final int PEER = 1;
    private static final int ID = 1;
    private static final int ADDRESS = 2;
    private static final int VARINT = 0;
    private static final int BYTES = 2;

    /** Above every index that a log comes to. */
    private static final long LAST = 1L << 40;

    /**
     * One field.
     *
     * @param value of a varint
     * @param content of what has a length
     */
    record Field(int number, int type, long value, byte[] content) {
        static Field of(int number, String text) {
            return new Field(number, BYTES, 0, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    RaftConfigurationFile {
        fields = List.copyOf(fields);
    }

    /** Where a node has it. */
    static Path of(Path nodeFolder) throws IOException {
        try (Stream<Path> files = Files.walk(nodeFolder.resolve("raft"))) {
            return files.filter(file -> file.endsWith("raft-meta.conf"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no raft-meta.conf below " + nodeFolder));
        }
    }

    static RaftConfigurationFile read(byte[] bytes) {
        return new RaftConfigurationFile(fields(bytes));
    }

    /** Ids of the voters. */
    List<String> peers() {
        return configuration().stream()
                .filter(field -> field.number() == PEER)
                .map(RaftConfigurationFile::id)
                .toList();
    }

    /** The same with one more voter. */
    RaftConfigurationFile adding(String id, String address) {
        List<Field> peers = new ArrayList<>(configuration());
        byte[] peer = bytes(List.of(Field.of(ID, id), Field.of(ADDRESS, address)));
        peers.add(new Field(PEER, BYTES, 0, peer));
        return with(new Field(CONFIGURATION, BYTES, 0, bytes(peers)));
    }

    /** The same without one voter. */
    RaftConfigurationFile dropping(String id) {
        List<Field> peers = new ArrayList<>(configuration());
        peers.removeIf(field -> field.number() == PEER && id(field).equals(id));
        return with(new Field(CONFIGURATION, BYTES, 0, bytes(peers)));
    }

    /** The same as of a log entry later than any. */
    RaftConfigurationFile latest() {
        return with(new Field(INDEX, VARINT, LAST, new byte[0]));
    }

    byte[] bytes() {
        return bytes(fields);
    }

    private RaftConfigurationFile with(Field changed) {
        List<Field> out = new ArrayList<>();
        fields.forEach(field -> out.add(field.number() == changed.number() ? changed : field));
        if (fields.stream().noneMatch(field -> field.number() == changed.number())) {
            out.add(changed.number() == TERM ? 0 : out.size(), changed);
        }
        return new RaftConfigurationFile(out);
    }

    private List<Field> configuration() {
        return fields.stream()
                .filter(field -> field.number() == CONFIGURATION)
                .findFirst()
                .map(field -> fields(field.content()))
                .orElseThrow(() -> new AssertionError("no configuration in " + fields));
    }

    private static String id(Field peer) {
        return fields(peer.content()).stream()
                .filter(field -> field.number() == ID)
                .findFirst()
                .map(field -> new String(field.content(), StandardCharsets.UTF_8))
                .orElseThrow();
    }

    private static List<Field> fields(byte[] bytes) {
        List<Field> out = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
            int tag = (int) varint(in);
            long value = varint(in);
            byte[] content = new byte[(tag & 7) == BYTES ? (int) value : 0];
            in.get(content);
            if ((tag & 7) != BYTES && (tag & 7) != VARINT) {
                throw new AssertionError("a field of type " + (tag & 7));
            }
            out.add(new Field(tag >>> 3, tag & 7, value, content));
        }
        return out;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    private static byte[] bytes(List<Field> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Field field : fields) {
            varint(out, (long) field.number() << 3 | field.type());
            varint(out, field.type() == BYTES ? field.content().length : field.value());
            out.writeBytes(field.content());
        }
        return out.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long left = value;
        while (left > 0x7f) {
            out.write((int) ((left & 0x7f) | 0x80));
            left >>>= 7;
        }
        out.write((int) left);
    }
}
