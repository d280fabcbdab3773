package coco.node.http;

import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * One listening port.
 *
 * @param name short word for metrics and logs
 * @param address what to listen on
 * @param port 0 for any free one
 * @param tls null for plain HTTP, which is accepted on loopback addresses only
 * @param clientCertificates whether clients are asked for a certificate; what one is worth is for handlers to say
 * @param sockets where WebSocket connections are taken
 * @param events where clients listen to streams of events
 * @param gzip whether large answers are compressed for clients that ask for it
 */
public record ListenerSettings(
        String name,
        String address,
        int port,
        @Nullable SSLContext tls,
        ClientCertificates clientCertificates,
        List<Route> routes,
        List<SocketRoute> sockets,
        List<EventRoute> events,
        BrowserRules browsers,
        boolean gzip) {
    /** What a listener does about client certificates. */
    public enum ClientCertificates {
        /** Does not ask. */
        NONE,
        /** Asks, and takes clients without. */
        OPTIONAL,
        /** Ends the handshake of clients without. */
        REQUIRED
    }

    public ListenerSettings {
        routes = List.copyOf(routes);
        sockets = List.copyOf(sockets);
        events = List.copyOf(events);
    }

    /** A listener without WebSocket connections and streams of events. */
    public ListenerSettings(
            String name,
            String address,
            int port,
            @Nullable SSLContext tls,
            ClientCertificates clientCertificates,
            List<Route> routes,
            BrowserRules browsers,
            boolean gzip) {
        this(name, address, port, tls, clientCertificates, routes, List.of(), List.of(), browsers, gzip);
    }

    /**
     * Whether HTTP/2 is spoken beside HTTP/1.1. Not where clients may show a certificate: Helidon 4.3.1 then adds a
     * header of its own before it decodes those of the client, and takes a table size update, with which the JDK's
     * client begins (RFC 7541, 4.2), for one that comes too late: it ends the connection.
     */
    boolean http2() {
        return clientCertificates == ClientCertificates.NONE;
    }
}
