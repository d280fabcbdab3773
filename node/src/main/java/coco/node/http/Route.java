package coco.node.http;

import coco.ledgers.api.Endpoint;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a listener serves.
 *
 * @param method upper case
 * @param path absolute; a final {@code /*} stands for any rest
 * @param access who may ask
 * @param handler gives the answer, on a thread that may block
 */
public record Route(String method, String path, Access access, Handler handler) {
    /** Decides by the client's certificate, for each request and before anything of its body is read. */
    @FunctionalInterface
    public interface Access {
        /** Whoever reaches the listener. */
        Access ANYBODY = peer -> true;

        /**
         * Whether a client may ask.
         *
         * @param peer the certificate whose key it has proven to hold; null if it showed none
         */
        boolean admits(@Nullable X509Certificate peer);
    }

    /** Gives the answer to a request. Anything it throws becomes an answer without details. */
    @FunctionalInterface
    public interface Handler {
        /** Answers one request. */
        Endpoint.Reply handle(HttpRequest request) throws Exception;
    }

    /** A route for anybody. */
    public Route(String method, String path, Handler handler) {
        this(method, path, Access.ANYBODY, handler);
    }

    /** Whether {@link #path} ends in a wildcard. */
    boolean wildcard() {
        return path.endsWith("/*");
    }
}
