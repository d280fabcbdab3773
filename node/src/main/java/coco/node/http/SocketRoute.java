package coco.node.http;

import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.SocketEndpoint;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A path at which a listener takes WebSocket connections. A {@link Route} may have the same path.
 *
 * @param path absolute; a final {@code /*} stands for any rest
 * @param callers says who is at the other end
 * @param acceptor begins a session for each connection
 */
public record SocketRoute(String path, Callers callers, SocketEndpoint.Acceptor acceptor) {
    /** Decides who opens a connection, before it is one. */
    @FunctionalInterface
    public interface Callers {
        /** Whoever comes is nobody in particular. */
        Callers ANONYMOUS = credentials -> new Admitted(Caller.ANONYMOUS, () -> Standing.IN_FORCE);

        Result of(Credentials credentials) throws InterruptedException;
    }

    /** What was decided. */
    public sealed interface Result permits Admitted, Refused {}

    /**
     * It may be opened.
     *
     * @param standing asked again and again while it is open. Any thread, never waits
     */
    public record Admitted(Caller caller, Supplier<Standing> standing) implements Result {}

    /** Whether a caller is still who it was when it came. */
    public enum Standing {
        IN_FORCE,
        /** Nobody can tell now: it is told nothing until somebody can. */
        UNCONFIRMED,
        /** It is not, and the connection ends. */
        OVER
    }

    /** It is answered with this instead. */
    public record Refused(Endpoint.Reply reply) implements Result {}

    /** Whether {@link #path} ends in a wildcard. */
    boolean wildcard() {
        return path.endsWith("/*");
    }

    /** What a path has in place of the wildcard; null if this is another path. */
    @Nullable
    String rest(String asked) {
        if (!wildcard()) {
            return asked.equals(path) ? "" : null;
        }
        String start = path.substring(0, path.length() - 1);
        return asked.startsWith(start) ? asked.substring(start.length()) : null;
    }
}
