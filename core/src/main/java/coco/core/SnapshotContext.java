package coco.core;

import coco.journal.ChainHead;
import coco.journal.LogFrontier;
import coco.journal.MalformedException;
import coco.journal.SealerDirectory;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The last chunk of a snapshot: where the chain stood, who may seal what follows, and what the chunks before are. The
 * same on every node; {@code docs/specs/snapshot.md}, "Context".
 *
 * @param head of the chain
 * @param epochSinceSeconds service time of the block that brought the epoch in force
 * @param sealers as {@link SealerDirectory.Tracked#encode} has them
 * @param epochs the commitment to each epoch's secret, in the order of {@link SealerDirectory.Tracked#epochs}
 * @param generations the digest of each generation's evidence key, in order likewise
 * @param maps in order of the chunks
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SnapshotContext(
        ChainHead head,
        long epochSinceSeconds,
        byte[] sealers,
        List<byte[]> epochs,
        List<byte[]> generations,
        List<MapChunks> maps) {
    private static final byte VERSION = 1;
    private static final int DIGEST_BYTES = 32;

    /**
     * One map.
     *
     * @param name of the map
     * @param entries that it has
     * @param chunks that hold its nodes
     */
    record MapChunks(String name, long entries, int chunks) {}

    SnapshotContext {
        epochs = List.copyOf(epochs);
        generations = List.copyOf(generations);
        maps = List.copyOf(maps);
    }

    byte[] encode() {
        byte[] log = head.log().encode();
        int length = 1 + 3 * Long.BYTES + DIGEST_BYTES + Integer.BYTES + Long.BYTES;
        length += Integer.BYTES + log.length + Integer.BYTES + sealers.length;
        length += 3 * Integer.BYTES + (epochs.size() + generations.size()) * DIGEST_BYTES;
        for (MapChunks map : maps) {
            length += 1 + map.name().getBytes(StandardCharsets.UTF_8).length + Long.BYTES + Integer.BYTES;
        }
        ByteBuffer out = ByteBuffer.allocate(length)
                .put(VERSION)
                .putLong(head.height())
                .put(head.hash())
                .putLong(head.timestampSeconds())
                .putLong(head.term())
                .putInt(head.generation())
                .putLong(epochSinceSeconds);
        out.putInt(log.length).put(log).putInt(sealers.length).put(sealers);
        out.putInt(epochs.size());
        epochs.forEach(out::put);
        out.putInt(generations.size());
        generations.forEach(out::put);
        out.putInt(maps.size());
        for (MapChunks map : maps) {
            byte[] name = map.name().getBytes(StandardCharsets.UTF_8);
            out.put((byte) name.length).put(name).putLong(map.entries()).putInt(map.chunks());
        }
        return out.array();
    }

    static SnapshotContext decode(byte[] encoded) throws MalformedException {
        ByteBuffer in = ByteBuffer.wrap(encoded);
        try {
            if (in.get() != VERSION) {
                throw new MalformedException("the context of a snapshot has another version");
            }
            long height = in.getLong();
            byte[] hash = bytes(in, DIGEST_BYTES);
            long seconds = in.getLong();
            long term = in.getLong();
            int generation = in.getInt();
            long epochSince = in.getLong();
            LogFrontier log = LogFrontier.decode(bytes(in, in.getInt()));
            byte[] sealers = bytes(in, in.getInt());
            List<byte[]> epochs = digests(in);
            List<byte[]> generations = digests(in);
            List<MapChunks> maps = new ArrayList<>();
            for (int left = count(in, 2 + Long.BYTES + Integer.BYTES); left > 0; left--) {
                String name = new String(bytes(in, in.get() & 0xff), StandardCharsets.UTF_8);
                maps.add(new MapChunks(name, in.getLong(), in.getInt()));
            }
            if (in.hasRemaining() || height < 0 || log.size() != height + 1) {
                throw new MalformedException("the context of a snapshot is malformed");
            }
            ChainHead head = new ChainHead(height, hash, seconds, term, generation, log);
            SnapshotContext context = new SnapshotContext(head, epochSince, sealers, epochs, generations, maps);
            if (!Arrays.equals(context.encode(), encoded)) {
                throw new MalformedException("the context of a snapshot is not in its canonical form");
            }
            return context;
        } catch (BufferUnderflowException e) {
            throw new MalformedException("the context of a snapshot is cut off");
        }
    }

    private static List<byte[]> digests(ByteBuffer in) throws MalformedException {
        List<byte[]> digests = new ArrayList<>();
        for (int left = count(in, DIGEST_BYTES); left > 0; left--) {
            digests.add(bytes(in, DIGEST_BYTES));
        }
        return digests;
    }

    private static int count(ByteBuffer in, int bytesEach) throws MalformedException {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / bytesEach) {
            throw new MalformedException("the context of a snapshot is cut off");
        }
        return count;
    }

    private static byte[] bytes(ByteBuffer in, int length) throws MalformedException {
        if (length < 0 || length > in.remaining()) {
            throw new MalformedException("the context of a snapshot is cut off");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
