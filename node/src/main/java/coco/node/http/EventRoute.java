package coco.node.http;

import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.EventEndpoint;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A path at which a listener gives streams of events.
 *
 * @param path absolute, exact
 * @param access who may listen
 * @param callers says who is at the other end: the certificate is the one whose key the client has proven to hold, null
 *     if it showed none
 * @param acceptor begins a stream for each client
 */
public record EventRoute(
        String path,
        Route.Access access,
        Function<@Nullable X509Certificate, Caller> callers,
        EventEndpoint.Acceptor acceptor)
        implements Route.Handler {
    /** How requests find it. */
    Route route() {
        return new Route("GET", path, access, this);
    }

    /** What is answered where no stream can be had. */
    @Override
    public Endpoint.Reply handle(HttpRequest request) {
        return new Endpoint.Reply(
                503,
                "text/plain; charset=utf-8",
                "too many streams of events\n".getBytes(StandardCharsets.US_ASCII),
                Map.of("Retry-After", "1"));
    }
}
