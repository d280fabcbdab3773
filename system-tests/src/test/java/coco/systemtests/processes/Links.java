package coco.systemtests.processes;

import coco.cli.network.LocalNetwork;
import coco.cli.network.NodeProcess;
import coco.cli.network.PortPlan;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * What lies between the nodes: a proxy at every address of theirs that the constitution names, for replication and for
 * the node channel. It hands bytes on as they are, and can be told to cut, to hold or to delay what one node sends to
 * another.
 *
 * <p>The nodes themselves listen at another address of this machine ({@link #SETTINGS}), so only the proxy is found.
 * All connections to a node come in at one place and TLS hides who sends, so the proxy asks the system which process
 * holds the other end (Linux).
 */
final class Links implements AutoCloseable {
    private static final String BEHIND = "127.0.0.2";
    private static final int CONNECT_MILLIS = 1_000;
    private static final int CHUNK_BYTES = 64 << 10;

    /** For nodes that are to be reached through this only. */
    static final Map<String, String> SETTINGS = Map.of("raft.address", BEHIND, "administrative.address", BEHIND);

    private final LocalNetwork network;
    private final List<ServerSocket> doors = new ArrayList<>();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Map<Way, State> states = new ConcurrentHashMap<>();

    /** What one node sends to another, whoever made the connection. */
    private record Way(int from, int to) {}

    /** What becomes of it. */
    private sealed interface State {
        record Open(long delayNanos) implements State {}

        /** Nothing is lost, and nothing arrives until there is another state. */
        record Held() implements State {}

        /** Connections are reset, and no others come about. */
        record Cut() implements State {}
    }

    private static final State OPEN = new State.Open(0);

    /** Opens the doors in front of a network that does not run yet. */
    private Links(LocalNetwork network) throws IOException {
        this.network = network;
        PortPlan ports = network.description().ports();
        for (int node = 1; node <= network.description().nodes(); node++) {
            open(node, ports.raft(node));
            open(node, ports.administrative(node));
        }
    }

    /** Opens the doors in front of a network and starts its nodes. */
    static Links start(ProcessNetwork network) throws IOException {
        Links links = new Links(network.local());
        for (int node = 1; node <= ProcessNetwork.NODES; node++) {
            network.start(node);
        }
        network.awaitLevel();
        return links;
    }

    private void open(int node, int port) throws IOException {
        ServerSocket door = new ServerSocket();
        door.setReuseAddress(true);
        door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        doors.add(door);
        Thread.ofPlatform().daemon().name("links-" + port).start(() -> accept(door, node, port));
    }

    // ---------------------------------------------------------------- what a test does

    /** Cuts every way to and from a node. */
    void cut(int node) {
        others(node).forEach(other -> {
            set(node, other, new State.Cut());
            set(other, node, new State.Cut());
        });
    }

    /** Leaves every node alone. */
    void cutAll() {
        for (int node = 1; node <= network.description().nodes(); node++) {
            cut(node);
        }
    }

    /** Cuts what lies between two nodes. */
    void cut(int node, int other) {
        set(node, other, new State.Cut());
        set(other, node, new State.Cut());
    }

    /** Holds whatever others send to a node. */
    void holdTo(int node) {
        others(node).forEach(other -> set(other, node, new State.Held()));
    }

    /** Holds whatever a node sends to others. */
    void holdFrom(int node) {
        others(node).forEach(other -> set(node, other, new State.Held()));
    }

    /** Delays everything, one way, by so much. */
    void delayAll(long millis) {
        for (int node = 1; node <= network.description().nodes(); node++) {
            int from = node;
            others(node).forEach(to -> set(from, to, new State.Open(millis * 1_000_000)));
        }
    }

    /** All ways are open; what was held arrives. */
    void heal() {
        synchronized (states) {
            states.clear();
            states.notifyAll();
        }
    }

    private List<Integer> others(int node) {
        return Stream.iterate(1, other -> other <= network.description().nodes(), other -> other + 1)
                .filter(other -> other != node)
                .toList();
    }

    private void set(int from, int to, State state) {
        synchronized (states) {
            states.put(new Way(from, to), state);
            states.notifyAll();
        }
        if (state instanceof State.Cut) {
            connections.stream()
                    .filter(connection -> connection.isBetween(from, to))
                    .forEach(Connection::reset);
        }
    }

    private State state(int from, int to) {
        return states.getOrDefault(new Way(from, to), OPEN);
    }

    // ---------------------------------------------------------------- connections

    private void accept(ServerSocket door, int node, int port) {
        while (!door.isClosed()) {
            try {
                Socket socket = door.accept();
                Thread.ofPlatform().daemon().name("links-" + port + "-in").start(() -> connect(socket, node, port));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket near, int to, int port) {
        int from = holder(near.getPort(), port);
        try {
            Socket far = new Socket();
            Connection connection = new Connection(from, to, near, far);
            connections.add(connection);
            if (state(from, to) instanceof State.Cut || state(to, from) instanceof State.Cut) {
                connection.reset();
                return;
            }
            far.connect(new InetSocketAddress(BEHIND, port), CONNECT_MILLIS);
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            Thread.ofPlatform()
                    .daemon()
                    .name("links-" + port + "-out")
                    .start(() -> connection.pump(far, near, to, from));
            connection.pump(near, far, from, to);
        } catch (IOException unreachable) {
            reset(near);
        }
    }

    /** A connection through here. */
    private final class Connection {
        private final int from;
        private final int to;
        private final Socket near;
        private final Socket far;

        Connection(int from, int to, Socket near, Socket far) {
            this.from = from;
            this.to = to;
            this.near = near;
            this.far = far;
        }

        boolean isBetween(int one, int other) {
            return (from == one && to == other) || (from == other && to == one);
        }

        void reset() {
            connections.remove(this);
            Links.reset(near);
            Links.reset(far);
        }

        /** Hands on what comes, as the way from sender to receiver allows at that moment. */
        void pump(Socket in, Socket out, int sender, int receiver) {
            byte[] chunk = new byte[CHUNK_BYTES];
            try {
                InputStream source = in.getInputStream();
                OutputStream sink = out.getOutputStream();
                for (int length = source.read(chunk); length >= 0; length = source.read(chunk)) {
                    await(sender, receiver);
                    sink.write(chunk, 0, length);
                }
                await(sender, receiver);
                out.shutdownOutput();
                if (in.isOutputShutdown()) {
                    reset();
                }
            } catch (IOException ended) {
                reset();
            }
        }

        private void await(int sender, int receiver) throws IOException {
            if (state(sender, receiver) instanceof State.Open(long delay) && delay > 0) {
                LockSupport.parkNanos(delay);
            }
            awaitRelease(sender, receiver, near);
            if (state(sender, receiver) instanceof State.Cut) {
                throw new IOException("cut");
            }
        }
    }

    private void awaitRelease(int sender, int receiver, Socket near) throws InterruptedIOException {
        synchronized (states) {
            try {
                while (state(sender, receiver) instanceof State.Held && !near.isClosed()) {
                    states.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
    }

    private static void reset(Socket socket) {
        try {
            if (!socket.isClosed()) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        } catch (IOException gone) {
            // There was nothing left to reset.
        }
    }

    // ---------------------------------------------------------------- who is there

    /** The node whose process holds a connection from one port of this machine to another; 0 if none does. */
    private int holder(int fromPort, int toPort) {
        Optional<String> socket = Stream.of("tcp6", "tcp")
                .flatMap(table -> lines(Path.of("/proc/net", table)))
                .map(line -> line.strip().split("\\s+", -1))
                .filter(fields -> fields.length > 9
                        && fields[1].endsWith(":" + hex(fromPort))
                        && fields[2].endsWith(":" + hex(toPort)))
                .map(fields -> "socket:[" + fields[9] + "]")
                .findFirst();
        return socket.map(name -> network.running().stream()
                        .filter(process -> holds(process, name))
                        .mapToInt(NodeProcess::node)
                        .findFirst()
                        .orElse(0))
                .orElse(0);
    }

    private static String hex(int port) {
        return HexFormat.of().withUpperCase().toHexDigits((short) port);
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean holds(NodeProcess process, String socket) {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(process.pid()), "fd"))) {
            return files.anyMatch(file -> leadsTo(file, socket));
        } catch (IOException | UncheckedIOException ended) {
            return false;
        }
    }

    private static boolean leadsTo(Path file, String socket) {
        try {
            return Files.readSymbolicLink(file).toString().equals(socket);
        } catch (IOException closed) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket door : doors) {
            door.close();
        }
        List.copyOf(connections).forEach(Connection::reset);
        heal();
    }
}
