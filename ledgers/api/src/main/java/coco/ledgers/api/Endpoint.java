package coco.ledgers.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP route of a ledger on the application listener.
 *
 * @param method HTTP method in upper case
 * @param path absolute path; a final {@code /*} stands for any rest, which the handler gets as {@link Request#rest}
 */
public record Endpoint(String method, String path, Handler handler) {
    /** Answers one request on a thread that may block. Whatever it throws becomes an answer without details. */
    @FunctionalInterface
    public interface Handler {
        Reply handle(Request request) throws Exception;
    }

    /**
     * What a client sent.
     *
     * @param rest what stood in place of the {@code *}, decoded; empty without one
     * @param query decoded query parameters, the first of each name
     * @param body at most the configured size; empty if there was none
     * @param linearizable whether the client demanded {@code Coco-Consistency: linearizable}
     * @param quota for the calls in the body, all of them: the one that the request as such takes is counted there
     */
    public record Request(
            Caller caller, String rest, Map<String, String> query, byte[] body, boolean linearizable, Quota quota) {
        /** A request of a client that may make as many calls as it likes. */
        public Request(Caller caller, String rest, Map<String, String> query, byte[] body, boolean linearizable) {
            this(caller, rest, query, body, linearizable, Quota.UNLIMITED);
        }
    }

    /**
     * What the client gets.
     *
     * @param contentType null for an empty body
     * @param headers beyond the usual ones
     */
    public record Reply(int status, @Nullable String contentType, byte[] body, Map<String, String> headers) {
        public static Reply json(byte[] body) {
            return new Reply(200, "application/json", body, Map.of());
        }
    }
}
