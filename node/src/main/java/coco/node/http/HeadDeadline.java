package coco.node.http;

import coco.node.http.Deadlines.Deadline;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Closes HTTP/1 connections whose headers take too long after the request line. */
final class HeadDeadline implements Http1ConnectionListener {
    private final Map<ConnectionContext, Deadline> waiting = new ConcurrentHashMap<>();
    private final String listener;
    private final long timeoutNanos;
    private final Deadlines deadlines;
    private final HttpObserver observer;

    HeadDeadline(String listener, HttpLimits limits, Deadlines deadlines, HttpObserver observer) {
        this.listener = listener;
        this.timeoutNanos = limits.headTimeout().toNanos();
        this.deadlines = deadlines;
        this.observer = observer;
    }

    @Override
    public void prologue(ConnectionContext connection, HttpPrologue prologue) {
        waiting.put(connection, deadlines.in(timeoutNanos, () -> expired(connection)));
    }

    @Override
    public void headers(ConnectionContext connection, Headers headers) {
        @Nullable Deadline deadline = waiting.remove(connection);
        if (deadline != null) {
            deadline.lift();
        }
    }

    private void expired(ConnectionContext connection) {
        waiting.remove(connection);
        observer.closed(listener, "head");
        Thread.startVirtualThread(() -> connection.serverSocket().close());
    }
}
