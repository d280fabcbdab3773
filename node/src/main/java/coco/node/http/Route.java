package coco.node.http;

import coco.ledgers.api.Endpoint;

/**
 * One thing that a listener serves.
 *
 * @param method upper case
 * @param path absolute; a final {@code /*} stands for any rest
 * @param handler gives the answer, on a thread that may block
 */
public record Route(String method, String path, Handler handler) {
    /** Gives the answer to a request. Anything it throws becomes an answer without details. */
    @FunctionalInterface
    public interface Handler {
        /** Answers one request. */
        Endpoint.Reply handle(HttpRequest request) throws Exception;
    }

    /** Whether {@link #path} ends in a wildcard. */
    boolean wildcard() {
        return path.endsWith("/*");
    }
}
