package coco.node.channel;

import coco.core.NodeChannel.Verdicts;
import coco.ledgers.api.Endpoint.Reply;
import coco.ledgers.api.Offer;
import coco.node.http.HttpRequest;
import coco.node.http.Route;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The leader's end of the channel: routes for the administrative listener. */
public final class ChannelServer {
    static final String OFFERS_PATH = "/channel/offers";
    static final String QUESTIONS_PATH = "/channel/questions";
    static final String CLOCK_PATH = "/channel/clock";
    static final String SPACE_PATH = "/channel/space";

    private static final String BINARY = "application/octet-stream";

    private final Desk desk;
    private final Predicate<X509Certificate> isNode;
    private final ChannelLimits limits;

    /** Who handles what comes in. Any thread. */
    public interface Desk {
        /** Judges offers; fails if this node does not lead. */
        CompletableFuture<Verdicts> forwarded(List<Offer> offers, boolean again);

        /** Answers a question; fails if this node does not lead. */
        CompletableFuture<byte[]> asked(String ledger, byte[] question);

        /** What this node's own clock shows, in milliseconds since 1970. */
        long clockMillis();

        /** Whether this node's disks have more than their reserve. */
        boolean hasSpace();
    }

    /**
     * Routes to a desk.
     *
     * @param isNode whether a certificate is that of a node, asked for every request
     */
    public ChannelServer(Desk desk, Predicate<X509Certificate> isNode, ChannelLimits limits) {
        this.desk = desk;
        this.isNode = isNode;
        this.limits = limits;
    }

    /** What the administrative listener serves for nodes. */
    public List<Route> routes() {
        Route.Access nodes = peer -> peer != null && isNode.test(peer);
        return List.of(
                new Route("POST", OFFERS_PATH, nodes, request -> guarded(request, this::offers)),
                new Route("POST", QUESTIONS_PATH, nodes, request -> guarded(request, this::question)),
                new Route("POST", CLOCK_PATH, nodes, request -> guarded(request, this::clock)),
                new Route("POST", SPACE_PATH, nodes, request -> guarded(request, this::space)));
    }

    private Reply offers(byte[] body) throws ChannelCodec.Malformed, InterruptedException {
        ChannelCodec.Offers message = ChannelCodec.decodeOffers(body, limits);
        Verdicts verdicts = await(desk.forwarded(message.offers(), message.again()));
        return verdicts == null
                ? notLeading()
                : new Reply(200, BINARY, ChannelCodec.encodeVerdicts(verdicts), Map.of());
    }

    private Reply question(byte[] body) throws ChannelCodec.Malformed, InterruptedException {
        ChannelCodec.Question message = ChannelCodec.decodeQuestion(body);
        byte[] answer = await(desk.asked(message.ledger(), message.question()));
        return answer == null ? notLeading() : new Reply(200, BINARY, answer, Map.of());
    }

    private Reply clock(byte[] body) throws ChannelCodec.Malformed {
        ChannelCodec.decodeClockQuestion(body);
        return new Reply(200, BINARY, ChannelCodec.encodeClock(desk.clockMillis()), Map.of());
    }

    private Reply space(byte[] body) throws ChannelCodec.Malformed {
        ChannelCodec.decodeClockQuestion(body);
        return new Reply(200, BINARY, ChannelCodec.encodeSpace(desk.hasSpace()), Map.of());
    }

    @FunctionalInterface
    private interface Handling {
        Reply handle(byte[] body) throws ChannelCodec.Malformed, InterruptedException;
    }

    private static Reply guarded(HttpRequest request, Handling handling) throws InterruptedException {
        try {
            return handling.handle(request.body());
        } catch (ChannelCodec.Malformed malformed) {
            return plain(400, "not a message of the node channel");
        }
    }

    /** The value; null if the desk failed or took too long. */
    private <T> @Nullable T await(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get(limits.replyTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException refused) {
            return null;
        }
    }

    private static Reply notLeading() {
        return plain(409, "this node does not lead");
    }

    private static Reply plain(int status, String text) {
        return new Reply(status, "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8), Map.of());
    }
}
