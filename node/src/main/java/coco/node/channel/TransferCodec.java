package coco.node.channel;

import coco.attestation.AttestationLimits;
import coco.attestation.Evidence;
import coco.core.SnapshotExchange;
import coco.journal.JournalEntry;
import coco.journal.MalformedException;
import coco.journal.SealedBlock;
import coco.node.channel.ChannelCodec.Malformed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The messages by which a joining node gets its secrets and the journal; see {@code docs/specs/channel.md}. Decoding
 * anything that is not exactly one message throws {@link Malformed}.
 */
final class TransferCodec {
    private static final int ENTRY_OVERHEAD_BYTES = Long.BYTES + Long.BYTES + 32 + Integer.BYTES;
    private static final int RANGE_OVERHEAD_BYTES = 1 + Long.BYTES + Integer.BYTES;
    private static final int SMALLEST_ENTRY_BYTES = ENTRY_OVERHEAD_BYTES + 1;

    private TransferCodec() {}

    /** An answer to a challenge. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Proof(byte[] nonce, Evidence evidence) {}

    /** What a joiner wants of the journal. */
    record RangeRequest(long fromHeight, int bytesMax) {}

    /** A piece of a snapshot that a node wants; see {@link SnapshotExchange#piece}. */
    record PieceRequest(long height, int chunk) {}

    static byte[] encodePieceRequest(PieceRequest request) {
        return ByteBuffer.allocate(1 + Long.BYTES + Integer.BYTES)
                .put(ChannelCodec.VERSION)
                .putLong(request.height())
                .putInt(request.chunk())
                .array();
    }

    static PieceRequest decodePieceRequest(byte[] message) throws Malformed {
        return ChannelCodec.decode(message, in -> {
            PieceRequest request = new PieceRequest(in.getLong(), in.getInt());
            if (request.height() < SnapshotExchange.NEWEST || request.chunk() < SnapshotExchange.FRAME) {
                throw new Malformed("a negative height or chunk");
            }
            return request;
        });
    }

    /** Nothing but the version where there is no such piece. */
    static byte[] encodePiece(SnapshotExchange.@Nullable Piece piece) {
        if (piece == null) {
            return new byte[] {ChannelCodec.VERSION};
        }
        return ByteBuffer.allocate(1 + 2 * Long.BYTES + piece.bytes().length)
                .put(ChannelCodec.VERSION)
                .putLong(piece.height())
                .putLong(piece.evidenceHeight())
                .put(piece.bytes())
                .array();
    }

    static Optional<SnapshotExchange.Piece> decodePiece(byte[] message) throws Malformed {
        return ChannelCodec.decode(message, in -> {
            if (!in.hasRemaining()) {
                return Optional.empty();
            }
            long height = in.getLong();
            long evidenceHeight = in.getLong();
            if (height < 0 || evidenceHeight <= height) {
                throw new Malformed("a snapshot is vouched for by a later block");
            }
            return Optional.of(
                    new SnapshotExchange.Piece(height, evidenceHeight, ChannelCodec.bytes(in, in.remaining())));
        });
    }

    static byte[] encodeChallenge(byte[] nonce) {
        return ByteBuffer.allocate(1 + nonce.length)
                .put(ChannelCodec.VERSION)
                .put(nonce)
                .array();
    }

    static byte[] decodeChallenge(byte[] message) throws Malformed {
        return ChannelCodec.decode(message, in -> ChannelCodec.bytes(in, ChannelLimits.NONCE_BYTES));
    }

    static byte[] encodeProof(byte[] nonce, Evidence evidence) {
        byte[] encoded = evidence.encode();
        return ByteBuffer.allocate(1 + nonce.length + encoded.length)
                .put(ChannelCodec.VERSION)
                .put(nonce)
                .put(encoded)
                .array();
    }

    static Proof decodeProof(byte[] message) throws Malformed {
        return ChannelCodec.decode(message, in -> {
            byte[] nonce = ChannelCodec.bytes(in, ChannelLimits.NONCE_BYTES);
            if (in.remaining() > AttestationLimits.DEFAULT.evidenceBytesMax()) {
                throw new Malformed("evidence too long");
            }
            Evidence evidence = Evidence.decode(ChannelCodec.bytes(in, in.remaining()));
            if (evidence == null) {
                throw new Malformed("no evidence of a known form");
            }
            return new Proof(nonce, evidence);
        });
    }

    static byte[] encodeRangeRequest(RangeRequest request) {
        return ByteBuffer.allocate(RANGE_OVERHEAD_BYTES)
                .put(ChannelCodec.VERSION)
                .putLong(request.fromHeight())
                .putInt(request.bytesMax())
                .array();
    }

    static RangeRequest decodeRangeRequest(byte[] message) throws Malformed {
        return ChannelCodec.decode(message, in -> {
            RangeRequest request = new RangeRequest(in.getLong(), in.getInt());
            if (request.fromHeight() < 0 || request.bytesMax() < 0) {
                throw new Malformed("a negative height or size");
            }
            return request;
        });
    }

    /** What one entry takes in a message. */
    static int size(JournalEntry entry) {
        return ENTRY_OVERHEAD_BYTES + entry.block().bytes().length;
    }

    static byte[] encodeRange(JournalRange range) {
        int size = RANGE_OVERHEAD_BYTES
                + range.entries().stream().mapToInt(TransferCodec::size).sum();
        ByteBuffer out = ByteBuffer.allocate(size)
                .put(ChannelCodec.VERSION)
                .putLong(range.lastHeight())
                .putInt(range.entries().size());
        for (JournalEntry entry : range.entries()) {
            byte[] block = entry.block().bytes();
            out.putLong(entry.raftTerm())
                    .putLong(entry.raftIndex())
                    .put(entry.evidenceNonce())
                    .putInt(block.length)
                    .put(block);
        }
        return out.array();
    }

    static JournalRange decodeRange(byte[] message) throws Malformed {
        return ChannelCodec.decode(message, in -> {
            long lastHeight = in.getLong();
            int count = ChannelCodec.count(in, in.remaining() / SMALLEST_ENTRY_BYTES);
            List<JournalEntry> entries = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                entries.add(entry(in));
            }
            return new JournalRange(lastHeight, entries);
        });
    }

    private static JournalEntry entry(ByteBuffer in) throws Malformed {
        long term = in.getLong();
        long index = in.getLong();
        byte[] nonce = ChannelCodec.bytes(in, 32);
        byte[] block = ChannelCodec.bytes(in, in.getInt());
        try {
            return new JournalEntry(term, index, nonce, SealedBlock.parse(block));
        } catch (MalformedException malformed) {
            throw new Malformed("an entry that holds no sealed block");
        }
    }
}
