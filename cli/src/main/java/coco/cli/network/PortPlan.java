package coco.cli.network;

import coco.cli.console.CliException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Which port is whose: HTTP at {@code base + 0…}, HTTPS at {@code base + 10…}, the administrative listener at {@code
 * base + 20…}, Raft at {@code base + 30…}. Nodes count from 1.
 */
public record PortPlan(int base) {
    /** The base the Ethereum world expects. */
    public static final int DEFAULT_BASE = 8545;
    /** As many nodes as fit between two uses; a Raft group has no use for more voters on one machine. */
    public static final int NODES_MAX = 10;

    private static final int SEARCH_FROM = 18_545;
    private static final int SEARCH_STEP = 50;
    /** From a base to the port by which a search says that the base is taken. */
    private static final int MARK = SEARCH_STEP - 1;

    private static final int BASE_MIN = 1024;
    private static final int BASE_MAX = 65_535 - 40;

    /** Held, so that nothing closes them before this process ends. */
    private static final Queue<ServerSocket> MARKS = new ConcurrentLinkedQueue<>();

    /**
     * Checks that the base leaves room.
     *
     * @throws CliException it does not, a mistake of the user
     */
    public PortPlan {
        if (base < BASE_MIN || base > BASE_MAX) {
            throw CliException.usage(
                    "port " + base + " cannot be the base of a network",
                    "Choose a base from " + BASE_MIN + " to " + BASE_MAX + " with --port.");
        }
    }

    /** Plain HTTP, on loopback in the development preset. */
    public int http(int node) {
        return base + node - 1;
    }

    /** JSON-RPC and the node pages by TLS. */
    public int https(int node) {
        return base + 10 + node - 1;
    }

    /** Health, metrics and whatever else concerns the operator. */
    public int administrative(int node) {
        return base + 20 + node - 1;
    }

    /** Between nodes. */
    public int raft(int node) {
        return base + 30 + node - 1;
    }

    /** Every port of so many nodes, with its use. */
    public List<Use> uses(int nodes) {
        List<Use> uses = new ArrayList<>();
        for (int node = 1; node <= nodes; node++) {
            uses.add(new Use(http(node), "HTTP of node " + node));
            uses.add(new Use(https(node), "HTTPS of node " + node));
            uses.add(new Use(administrative(node), "the administrative listener of node " + node));
            uses.add(new Use(raft(node), "Raft of node " + node));
        }
        return uses;
    }

    /** The ports of so many nodes that another program holds. */
    public List<Use> taken(int nodes) {
        return uses(nodes).stream().filter(use -> !free(use.port())).toList();
    }

    /**
     * Refuses a plan of which some port is taken.
     *
     * @throws CliException names the port, its use and the option to change
     */
    public void requireFree(int nodes) {
        List<Use> taken = taken(nodes);
        if (!taken.isEmpty()) {
            Use first = taken.getFirst();
            throw new CliException(
                    "port " + first.port() + " (" + first.purpose() + ") is taken by another program",
                    "Stop that program, or choose another base with --port, for example --port " + suggestion(nodes)
                            + ".");
        }
    }

    /**
     * A base from which so many nodes find all their ports free, away from the usual one. No other search finds it as
     * long as this process lives, also while none of those nodes runs.
     *
     * @throws CliException there is none
     */
    public static int freeBase(int nodes) {
        for (int candidate = SEARCH_FROM; candidate <= BASE_MAX - SEARCH_STEP; candidate += SEARCH_STEP) {
            if (mark(candidate + MARK) && new PortPlan(candidate).taken(nodes).isEmpty()) {
                return candidate;
            }
        }
        throw new CliException("no free ports were found", "End programs that listen on very many ports.");
    }

    /** Takes a port that no node uses, for as long as this process lives; false if another search has it. */
    private static boolean mark(int port) {
        try {
            MARKS.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private int suggestion(int nodes) {
        for (int candidate = base + 100; candidate <= BASE_MAX; candidate += 100) {
            if (new PortPlan(candidate).taken(nodes).isEmpty()) {
                return candidate;
            }
        }
        return DEFAULT_BASE;
    }

    private static boolean free(int port) {
        try (ServerSocket all = new ServerSocket()) {
            all.setReuseAddress(true);
            all.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            return false;
        }
        // A program bound to loopback alone does not show above on every system.
        try (ServerSocket loopback = new ServerSocket()) {
            loopback.setReuseAddress(true);
            loopback.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * One port.
     *
     * @param purpose in words, for messages
     */
    public record Use(int port, String purpose) {}
}
