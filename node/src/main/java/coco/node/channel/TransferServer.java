package coco.node.channel;

import coco.attestation.Evidence;
import coco.core.SnapshotExchange;
import coco.governance.NodeEntry;
import coco.journal.JournalEntry;
import coco.ledgers.api.Endpoint.Reply;
import coco.node.channel.ChannelCodec.Malformed;
import coco.node.http.HttpRequest;
import coco.node.http.Route;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a node that was admitted is given before it can take part: secrets, after a fresh challenge, and the journal.
 * Routes for the administrative listener.
 */
public final class TransferServer {
    static final String CHALLENGE_PATH = "/channel/challenge";
    static final String SECRETS_PATH = "/channel/secrets";
    static final String JOURNAL_PATH = "/channel/journal";

    static final String SNAPSHOT_PATH = "/channel/snapshot";

    private static final String BINARY = "application/octet-stream";
    private static final String TEXT = "text/plain; charset=utf-8";

    private final Source source;
    private final ChannelLimits limits;
    private final Challenges challenges;

    /** The node behind these routes. Any thread. */
    public interface Source {
        /** The node that this certificate speaks for; null if it may not. */
        @Nullable
        NodeEntry admitted(X509Certificate certificate);

        /** Why this evidence does not prove that the node runs admitted code now; null if it does. */
        @Nullable
        String refusal(NodeEntry node, byte[] nonce, Evidence evidence);

        /** Everything that the node needs to read the journal, encrypted to it. */
        byte[] secrets(NodeEntry node);

        /** The newest block on disk. */
        long lastHeight();

        /** An entry of the journal; null if it is not here. */
        @Nullable
        JournalEntry entry(long height);

        /** A piece of this node's snapshot; see {@link SnapshotExchange#piece}. */
        SnapshotExchange.@Nullable Piece piece(long height, int chunk);
    }

    /** Routes to a node. */
    public TransferServer(Source source, ChannelLimits limits, SecureRandom random, LongSupplier nanoTime) {
        this.source = source;
        this.limits = limits;
        this.challenges = new Challenges(random, nanoTime);
    }

    /** What the administrative listener serves for nodes. */
    public List<Route> routes() {
        Route.Access nodes = peer -> peer != null && source.admitted(peer) != null;
        return List.of(
                new Route("POST", CHALLENGE_PATH, nodes, request -> asNode(request, (node, body) -> challenge(node))),
                new Route("POST", SECRETS_PATH, nodes, request -> asNode(request, this::secrets)),
                new Route("POST", JOURNAL_PATH, nodes, request -> asNode(request, (node, body) -> journal(body))),
                new Route("POST", SNAPSHOT_PATH, nodes, request -> asNode(request, (node, body) -> piece(body))));
    }

    @FunctionalInterface
    private interface Handling {
        Reply handle(NodeEntry node, byte[] body) throws Malformed;
    }

    private Reply asNode(HttpRequest request, Handling handling) {
        X509Certificate peer = request.peer();
        NodeEntry node = peer == null ? null : source.admitted(peer);
        if (node == null) {
            return text(403, "not a node of this network");
        }
        try {
            return handling.handle(node, request.body());
        } catch (Malformed malformed) {
            return text(400, "not a message of the node channel");
        }
    }

    private Reply challenge(NodeEntry node) {
        return binary(TransferCodec.encodeChallenge(challenges.draw(node.id())));
    }

    private Reply secrets(NodeEntry node, byte[] body) throws Malformed {
        TransferCodec.Proof proof = TransferCodec.decodeProof(body);
        if (!challenges.redeem(node.id(), proof.nonce())) {
            return text(403, "challenge: not an open one of this node");
        }
        String refusal = source.refusal(node, proof.nonce(), proof.evidence());
        return refusal == null ? binary(source.secrets(node)) : text(403, refusal);
    }

    /** As many entries as fit; at least one if there is one. */
    private Reply journal(byte[] body) throws Malformed {
        TransferCodec.RangeRequest request = TransferCodec.decodeRangeRequest(body);
        long last = source.lastHeight();
        int room = Math.min(request.bytesMax(), limits.messageBytesMax());
        List<JournalEntry> entries = new ArrayList<>();
        int bytes = 0;
        for (long height = request.fromHeight(); height <= last; height++) {
            JournalEntry entry = source.entry(height);
            if (entry == null) {
                break;
            }
            bytes += TransferCodec.size(entry);
            if (!entries.isEmpty() && bytes > room) {
                break;
            }
            entries.add(entry);
        }
        return binary(TransferCodec.encodeRange(new JournalRange(last, entries)));
    }

    /** A chunk that fits no message is not given: whoever asks replays instead. */
    private Reply piece(byte[] body) throws Malformed {
        TransferCodec.PieceRequest request = TransferCodec.decodePieceRequest(body);
        byte[] reply = TransferCodec.encodePiece(source.piece(request.height(), request.chunk()));
        return binary(reply.length <= limits.messageBytesMax() ? reply : TransferCodec.encodePiece(null));
    }

    private static Reply binary(byte[] body) {
        return new Reply(200, BINARY, body, Map.of());
    }

    private static Reply text(int status, String words) {
        return new Reply(status, TEXT, (words + "\n").getBytes(StandardCharsets.UTF_8), Map.of());
    }
}
