package coco.node.http;

import coco.ledgers.api.Caller;
import coco.ledgers.api.SocketEndpoint;
import java.security.cert.X509Certificate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A path at which a listener takes WebSocket connections. A {@link Route} may have the same path.
 *
 * @param path absolute, exact
 * @param callers says who is at the other end: the certificate is the one whose key the client has proven to hold, null
 *     if it showed none
 * @param acceptor begins a session for each connection
 */
public record SocketRoute(
        String path, Function<@Nullable X509Certificate, Caller> callers, SocketEndpoint.Acceptor acceptor) {}
