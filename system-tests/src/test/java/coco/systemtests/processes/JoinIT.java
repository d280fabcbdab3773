package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A fourth node joins three under load, takes part, and leaves again, by the commands that an operator has. */
@Tag("processes")
@Timeout(600)
class JoinIT {
    private static final Pattern PROPOSAL = Pattern.compile("proposal\\s+([0-9a-f]{64})");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldTakeInAndLetGoANodeWhileClientsSend() throws Exception {
        Path directory = folder.resolve("network");
        try (ProcessNetwork network = new ProcessNetwork(directory, Map.of());
                Load load = Load.start(network, Load.bothLedgers())) {
            load.awaitMore(20);
            String told = coco(directory, "node", "join", "--dry-run");
            assertThat(told).contains("would be  pending").doesNotContain("REFUSED");

            long restored = restoreBackup(network, load);
            assertThat(coco(directory, "node", "join", "--propose", "--heap", "512"))
                    .contains("It takes part.");
            assertThat(number(network.log(4), "journal: [0-9]+ chunks, heights 0 to ([0-9]+)"))
                    .as("what the newcomer had to begin with")
                    .isEqualTo(restored);
            load.awaitMore(50);
            assertThat(coco(directory, "status")).containsPattern("(?m)^4 +ready");
            long height = network.height(1);
            ProcessNetwork.await(() -> network.height(4) >= height, "the newcomer to catch up");

            int http = network.local().description().ports().http(4);
            URI newcomer = URI.create("http://127.0.0.1:" + http);
            try (Socket held = new Socket(InetAddress.getLoopbackAddress(), http);
                    SocketClient webSocket = new SocketClient(newcomer, Duration.ofMinutes(2))) {
                held.setSoTimeout(120_000);
                leave(directory, "node-4");
                assertClosed(held);
                assertThatThrownBy(webSocket::next)
                        .isInstanceOf(IOException.class)
                        .isNotInstanceOf(SocketTimeoutException.class);
            }
            ProcessNetwork.await(() -> network.local().process(4).isEmpty(), "the removed node to end");
            String log = network.log(4);
            assertThat(number(log, "members removed this node from the network by block ([0-9]+)"))
                    .as("the last block that came by the Raft stream")
                    .isEqualTo(number(log, "stopping at height ([0-9]+)"));
            load.awaitMore(50);
            load.stop();
            System.out.printf("join: %d acknowledged while a node came and went%n", load.count());
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                assertThat(network.height(node)).isGreaterThan(height);
            }
            JournalContents.assertSound(network, load.acknowledged(), folder);
        }
    }

    @Test
    void shouldPutANodeInThePlaceOfAnotherWhileClientsSend() throws Exception {
        Path directory = folder.resolve("network");
        try (ProcessNetwork network = new ProcessNetwork(directory, Map.of());
                Load load = Load.start(network, Load.bothLedgers())) {
            load.awaitMore(20);
            // A node of the founders' has no owner in a development network, and is replaced by one of the same owner.
            assertThat(coco(directory, "node", "join", "--propose", "--heap", "384"))
                    .contains("It takes part.");
            assertThat(coco(directory, "node", "replace", "--old", "node-4", "--propose", "--heap", "384"))
                    .contains("It takes part.");
            // It is cut off at once: then it hears of its removal from the others, or else from the block itself.
            ProcessNetwork.await(
                    () -> network.log(4).contains("members removed this node")
                            || network.log(4).contains("refused, removed: seen node-4"),
                    "the replaced node to know that it is out");
            assertThat(network.state(4, "").path("ready").asBoolean(false)).isFalse();
            load.awaitMore(50);
            long height = network.height(1);
            ProcessNetwork.await(() -> network.height(5) >= height, "the new node to go on");
            load.stop();
            System.out.printf("replace: %d acknowledged meanwhile%n", load.count());
            network.stopAll();
            JournalContents.read(network.local().folder(), 1, folder.resolve("journal"))
                    .assertHoldsOnce(load.acknowledged(), "node 1");
        }
    }

    /**
     * Copies what a running node has, twice and under load, and puts the copy where the newcomer will look for a
     * journal of its own.
     *
     * @return the last height of the copy
     */
    private long restoreBackup(ProcessNetwork network, Load load) throws Exception {
        Path directory = network.local().folder().root();
        Path backup = folder.resolve("backup");
        coco(directory, "backup", "--node", "1", "--to", backup.toString());
        load.awaitMore(50);
        String told = coco(directory, "backup", "--node", "1", "--to", backup.toString());
        String certificate = backup.resolve("service.pem").toString();
        CocoCommands.Ended verified =
                CocoCommands.anywhere("journal", "verify", backup.toString(), "--service-cert", certificate);
        assertThat(verified.code()).as(verified.printed()).isZero();
        if (SecondVerifier.isInstalled()) {
            SecondVerifier.Ended second =
                    SecondVerifier.run("journal", backup.toString(), "--service-cert", certificate);
            assertThat(second.code()).as(second.printed()).isZero();
        }
        Path journal = Files.createDirectories(network.folder(4).resolve("journal"));
        for (Path chunk : ChunkFile.of(backup)) {
            Files.copy(chunk, journal.resolve(chunk.getFileName()));
        }
        return number(told, "journal up to height ([0-9]+)");
    }

    private static void leave(Path directory, String node) {
        Matcher proposed = PROPOSAL.matcher(coco(directory, "node", "leave", node));
        assertThat(proposed.find()).isTrue();
        coco(directory, "gov", "vote", proposed.group(1), "--accept");
    }

    private static long number(String log, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(log);
        assertThat(found.find()).as(pattern).isTrue();
        return Long.parseLong(found.group(1));
    }

    private static void assertClosed(Socket held) {
        try {
            assertThat(held.getInputStream().read())
                    .as("the end of the connection")
                    .isEqualTo(-1);
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static String coco(Path directory, String... words) {
        return new CocoCommands(directory).run(words);
    }
}
