package coco.node.http;

import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.net.ssl.SSLSocket;

/**
 * Looks at each connection between accept and handshake, which is the one moment where Helidon lets us. Counts open
 * sockets itself, by looking which of them are still open, because permits that have to be given back leak with failed
 * handshakes; sets the read timeout that Helidon's setting of that name does not; closes whoever does not finish the
 * handshake.
 */
final class ConnectionGuard implements SocketOptions {
    private final SocketOptions base = SocketOptions.builder().tcpNoDelay(true).build();
    /** By the client's end, which no two have at a time. */
    private final ConcurrentMap<SocketAddress, Socket> open = new ConcurrentHashMap<>();

    private final String listener;
    private final HttpLimits limits;
    private final Deadlines deadlines;
    private final HttpObserver observer;

    ConnectionGuard(String listener, HttpLimits limits, Deadlines deadlines, HttpObserver observer) {
        this.listener = listener;
        this.limits = limits;
        this.deadlines = deadlines;
        this.observer = observer;
    }

    /** Called by Helidon's accept thread; an exception makes it close the socket and go on. */
    @Override
    public void configureSocket(Socket socket) {
        if (connections() >= limits.maxConnections()) {
            observer.closed(listener, "connections");
            throw new UncheckedIOException(new IOException("too many connections"));
        }
        try {
            base.configureSocket(socket);
            socket.setSoTimeout(Math.toIntExact(limits.readTimeout().toMillis()));
        } catch (SocketException gone) {
            throw new UncheckedIOException(gone);
        }
        open.put(socket.getRemoteSocketAddress(), socket);
        if (socket instanceof SSLSocket tls) {
            deadlines.in(limits.handshakeTimeout().toNanos(), () -> closeUnlessShaken(tls));
        }
    }

    /** Connections that are open now. */
    int connections() {
        open.values().removeIf(Socket::isClosed);
        return open.size();
    }

    /**
     * Closes a connection at once and with a reset, whatever a writer of it is stuck in: closing a TLS socket otherwise
     * waits for the writer's lock, and interrupting a virtual thread in such a write closes the socket from within the
     * write, which writes, and so on until the stack is used up (JDK 25).
     */
    void abort(SocketAddress remote) {
        Socket socket = open.get(remote);
        if (socket == null) {
            return;
        }
        try {
            socket.setSoLinger(true, 0);
        } catch (SocketException closed) {
            return;
        }
        close(socket);
    }

    /** Closes every connection, as {@link #abort} does. */
    void abortAll() {
        open.keySet().forEach(this::abort);
    }

    private void closeUnlessShaken(SSLSocket socket) {
        // Null until the handshake is over; empty if it ended without ALPN.
        if (!socket.isClosed() && socket.getApplicationProtocol() == null) {
            observer.closed(listener, "handshake");
            // A close may wait for a lock that a stuck write holds: never on the sweeper.
            Thread.startVirtualThread(() -> close(socket));
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // The connection is given up either way; the next count sees whether it is closed.
            return;
        }
    }

    @Override
    public Map<SocketOption<?>, Object> socketOptions() {
        return base.socketOptions();
    }

    @Override
    public Duration connectTimeout() {
        return base.connectTimeout();
    }

    @Override
    public Duration readTimeout() {
        return base.readTimeout();
    }

    @Override
    public Optional<Integer> socketReceiveBufferSize() {
        return base.socketReceiveBufferSize();
    }

    @Override
    public Optional<Integer> socketSendBufferSize() {
        return base.socketSendBufferSize();
    }

    @Override
    public boolean socketReuseAddress() {
        return base.socketReuseAddress();
    }

    @Override
    public boolean socketKeepAlive() {
        return base.socketKeepAlive();
    }

    @Override
    public boolean tcpNoDelay() {
        return base.tcpNoDelay();
    }
}
