package coco.node.channel;

import coco.attestation.Evidence;
import coco.core.SnapshotExchange;
import coco.node.channel.ChannelCodec.Malformed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The end of {@link TransferServer} of a node that joins or mends its journal. Calls block; for one thread. */
public final class TransferClient {
    /** Text of a refusal that is shown to the operator. */
    private static final int WORDS_MAX = 1024;

    /** A whole range of 9 MiB over a slow line. */
    private static final Duration REPLY = Duration.ofMinutes(2);

    private final HttpClient http;
    private final URI node;
    private final ChannelLimits limits;

    /**
     * A client of one node.
     *
     * @param http with this node's identity, and trust in the node that is called
     * @param node base address of its administrative listener
     */
    public TransferClient(HttpClient http, URI node, ChannelLimits limits) {
        this.http = http;
        this.node = node;
        this.limits = limits;
    }

    /** The node that is asked, for people. */
    public String name() {
        return node.getAuthority();
    }

    /**
     * A nonce to be answered with evidence over it.
     *
     * @throws ChannelException if there is none, with the reason
     */
    public byte[] challenge() throws InterruptedException {
        return read(post(TransferServer.CHALLENGE_PATH, new byte[0]), TransferCodec::decodeChallenge);
    }

    /**
     * The network's secrets, encrypted to this node's wrapping key.
     *
     * @throws ChannelException if they are refused, with the reason
     */
    public byte[] secrets(byte[] nonce, Evidence evidence) throws InterruptedException {
        return post(TransferServer.SECRETS_PATH, TransferCodec.encodeProof(nonce, evidence));
    }

    /**
     * Entries of the journal from this height on.
     *
     * @throws ChannelException if there is no answer
     */
    public JournalRange journal(long fromHeight) throws InterruptedException {
        TransferCodec.RangeRequest request = new TransferCodec.RangeRequest(fromHeight, limits.messageBytesMax() / 2);
        return read(
                post(TransferServer.JOURNAL_PATH, TransferCodec.encodeRangeRequest(request)),
                TransferCodec::decodeRange);
    }

    /**
     * A piece of that node's snapshot; see {@link SnapshotExchange#piece}.
     *
     * @return null if it has no such piece
     * @throws ChannelException if there is no answer
     */
    public SnapshotExchange.@Nullable Piece piece(long height, int chunk) throws InterruptedException {
        byte[] request = TransferCodec.encodePieceRequest(new TransferCodec.PieceRequest(height, chunk));
        return read(post(TransferServer.SNAPSHOT_PATH, request), TransferCodec::decodePiece)
                .orElse(null);
    }

    @FunctionalInterface
    interface Decoding<T> {
        T decode(byte[] message) throws Malformed;
    }

    static <T> T read(byte[] reply, Decoding<T> decoding) {
        try {
            return decoding.decode(reply);
        } catch (Malformed malformed) {
            throw new ChannelException("the reply is malformed: " + malformed.getMessage());
        }
    }

    private byte[] post(String path, byte[] body) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(node.resolve(path))
                .header("content-type", "application/octet-stream")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            // A frame of overhead above the largest block; whatever is longer is no reply of ours.
            HttpResponse<byte[]> reply = BoundedExchange.send(http, request, limits.messageBytesMax(), REPLY);
            byte[] bytes = reply.body();
            if (reply.statusCode() != 200) {
                String words = new String(bytes, 0, Math.min(bytes.length, WORDS_MAX), StandardCharsets.UTF_8);
                throw new ChannelException("status " + reply.statusCode() + ": " + words.strip());
            }
            return bytes;
        } catch (IOException failed) {
            throw new ChannelException(failed.getClass().getSimpleName() + " at " + node + path);
        }
    }
}
