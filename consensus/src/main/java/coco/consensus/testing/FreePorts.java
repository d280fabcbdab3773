package coco.consensus.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports for the members of a test that stop and start again. They lie below those that systems give to outgoing
 * connections (from 32,768 on Linux, from 49,152 elsewhere): while a member is down, the others try to reach it again
 * and again, and one of those connections would now and then get its port.
 */
public final class FreePorts {
    private static final int LOWEST = 10_000;
    private static final int COUNT = 22_000;
    private static final int APART = 200;

    /** Tests of several processes begin at several places, so that they seldom meet. */
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * APART % COUNT));

    private FreePorts() {}

    /**
     * Ports that nobody listens at, none of them given out before by this process.
     *
     * @throws IOException there are not so many
     */
    public static List<Integer> find(int count) throws IOException {
        List<Integer> found = new ArrayList<>();
        for (int tried = 0; found.size() < count; tried++) {
            if (tried > COUNT) {
                throw new IOException("no " + count + " ports are free from " + LOWEST + " on");
            }
            int port = LOWEST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (isFree(port)) {
                found.add(port);
            }
        }
        return found;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
