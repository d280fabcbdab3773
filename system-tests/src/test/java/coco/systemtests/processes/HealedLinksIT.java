package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was cut for a while is there again seconds after it could be: whoever connects again and again leaves longer and
 * longer pauses between attempts, up to minutes, and nobody waits for their end.
 */
@Tag("processes")
@Timeout(600)
class HealedLinksIT {
    private static final Duration CUT = Duration.ofSeconds(25);

    /** An election and the attempts after it; gRPC alone would let a channel rest for 10 s and more by then. */
    private static final Duration SOON = Duration.ofSeconds(6);

    @TempDir
    private Path folder = Path.of("");

    @BeforeAll
    static void shouldRunWhereTheSystemTellsWhoseAConnectionIs() {
        Assumptions.assumeTrue(Files.exists(Path.of("/proc/net/tcp")), "there is no /proc here");
    }

    @Test
    void shouldServeAgainSoonWhenNodesHaveBeenCutOff() throws Exception {
        try (ProcessNetwork network =
                        new ProcessNetwork(folder.resolve("network"), Links.SETTINGS, ProcessNetwork.ordinaryJvm());
                Links links = Links.start(network)) {
            int follower = 1 + network.awaitLeader() % ProcessNetwork.NODES;
            links.cut(follower);
            keepAsking(network, follower);
            links.heal();
            long read = awaitReads(network, follower);

            links.cutAll();
            keepAsking(network, follower);
            links.heal();
            long written = awaitWrites(network);
            long all = 0;
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                all = Math.max(all, awaitReads(network, node));
            }
            System.out.printf(
                    "healed links: reads of a follower after %d ms; after a time without any link writes after %d ms,"
                            + " then reads at every node within %d ms%n",
                    read, written, all);
            assertThat(read).as("reads of a follower").isLessThan(SOON.toMillis());
            assertThat(written).as("writes, all had been cut").isLessThan(SOON.toMillis());
            assertThat(all).as("reads, all had been cut").isLessThan(SOON.toMillis());
        }
    }

    /** Clients do not stop while a node cannot serve them. */
    private static void keepAsking(ProcessNetwork network, int node) throws InterruptedException {
        long end = System.nanoTime() + CUT.toNanos();
        while (System.nanoTime() < end) {
            send(network, reading(network, node));
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private static long awaitReads(ProcessNetwork network, int node) {
        long start = System.nanoTime();
        ProcessNetwork.await(
                () -> Set.of(200, 404).contains(send(network, reading(network, node))), "node " + node + " to answer");
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static long awaitWrites(ProcessNetwork network) {
        long start = System.nanoTime();
        ProcessNetwork.await(() -> send(network, writing(network)) == 200, "a write");
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static HttpRequest reading(ProcessNetwork network, int node) {
        return HttpRequest.newBuilder(network.url(node, "/kv/some"))
                .timeout(Duration.ofSeconds(3))
                .header("Coco-Consistency", "linearizable")
                .build();
    }

    private static HttpRequest writing(ProcessNetwork network) {
        return HttpRequest.newBuilder(network.url(1, "/kv/some?id=again"))
                .timeout(Duration.ofSeconds(1))
                .PUT(HttpRequest.BodyPublishers.ofString("value"))
                .build();
    }

    /** The status; 0 for no answer. */
    private static int send(ProcessNetwork network, HttpRequest request) {
        try {
            HttpResponse<byte[]> reply = network.send(request);
            return reply.statusCode();
        } catch (IOException unanswered) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }
}
