package coco.node.peers;

import coco.attestation.Sealing;
import coco.consensus.PeerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The last accepted list of voters in a file, sealed to the platform: format (1 byte), index of the log entry (8),
 * index up to which changes were not told (8; not in format 1), count (2), and for each peer the length of its id (1)
 * and the id. Sealing gives no freshness: a host that brings back
 * an older file together with older Raft files is not found out here.
 */
public final class VoterFile implements VoterGuard.Store {
    private static final byte FORMAT = 2;
    private static final byte WITHOUT_GAP = 1;
    private static final int BYTES_MAX = 64 * 1024;

    private final Path file;
    private final Sealing sealing;
    private final String label;

    /** @param node id of this node: files of two nodes are not interchangeable */
    public VoterFile(Path file, Sealing sealing, String node) {
        this.file = file;
        this.sealing = sealing;
        this.label = "coco voters of " + node;
    }

    /**
     * The last list, if there is one.
     *
     * @throws IllegalStateException if the file is there and is not this node's own
     */
    @Override
    public Optional<VoterGuard.Voters> load() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        byte[] sealed;
        try (var in = Files.newInputStream(file)) {
            sealed = in.readNBytes(BYTES_MAX);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot read " + file, failed);
        }
        byte[] plain = sealing.unseal(label, sealed);
        VoterGuard.Voters voters = plain == null ? null : decode(plain);
        if (voters == null) {
            throw new IllegalStateException(
                    file + " was not written by this node; it must not take part with another's");
        }
        return Optional.of(voters);
    }

    @Override
    public void save(VoterGuard.Voters voters) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel out = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(sealing.seal(label, encode(voters)));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel folder =
                    FileChannel.open(file.toAbsolutePath().resolveSibling(""), StandardOpenOption.READ)) {
                folder.force(true);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + file, failed);
        }
    }

    private static byte[] encode(VoterGuard.Voters voters) {
        int bytes = voters.peers().stream()
                .mapToInt(peer -> 1 + peer.value().length())
                .sum();
        ByteBuffer out = ByteBuffer.allocate(1 + 2 * Long.BYTES + Short.BYTES + bytes);
        out.put(FORMAT).putLong(voters.index()).putLong(voters.skippedTo());
        out.putShort((short) voters.peers().size());
        for (PeerId peer : new TreeSet<>(voters.peers())) {
            out.put((byte) peer.value().length()).put(peer.value().getBytes(StandardCharsets.US_ASCII));
        }
        return out.array();
    }

    private static VoterGuard.@Nullable Voters decode(byte[] plain) {
        ByteBuffer in = ByteBuffer.wrap(plain);
        try {
            byte format = in.get();
            if (format != FORMAT && format != WITHOUT_GAP) {
                return null;
            }
            long index = in.getLong();
            long skippedTo = format == FORMAT ? in.getLong() : -1;
            Set<PeerId> peers = new TreeSet<>();
            for (int left = Short.toUnsignedInt(in.getShort()); left > 0; left--) {
                byte[] id = new byte[Byte.toUnsignedInt(in.get())];
                in.get(id);
                peers.add(new PeerId(new String(id, StandardCharsets.US_ASCII)));
            }
            return in.hasRemaining() ? null : new VoterGuard.Voters(index, peers, skippedTo);
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            return null;
        }
    }
}
