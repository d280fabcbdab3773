package coco.node.join;

import coco.node.tls.NodeIdentity;
import coco.node.tls.ServerTrust;
import coco.node.tls.TlsContexts;
import java.net.http.HttpClient;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;

/** Clients of other nodes' administrative listeners, for what goes beside the channel. */
public final class NodeClients {
    /** A node that is not reachable holds nobody up longer than this. */
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private NodeClients() {}

    /**
     * A client.
     *
     * @param identity what it shows
     * @param expected whether a node's certificate is one that it may talk to
     */
    public static HttpClient client(NodeIdentity identity, Predicate<X509Certificate> expected, InstantSource clock) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(TlsContexts.of(identity, new ServerTrust(expected, clock)))
                .build();
    }
}
