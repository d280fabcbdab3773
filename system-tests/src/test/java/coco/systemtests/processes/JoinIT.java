package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
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

            assertThat(coco(directory, "node", "join", "--propose", "--heap", "512"))
                    .contains("It takes part.");
            load.awaitMore(50);
            assertThat(coco(directory, "status")).containsPattern("(?m)^4 +ready");
            long height = network.height(1);
            ProcessNetwork.await(() -> network.height(4) >= height, "the newcomer to catch up");

            int http = network.local().description().ports().http(4);
            try (Socket held = new Socket(InetAddress.getLoopbackAddress(), http)) {
                held.setSoTimeout(120_000);
                leave(directory, "node-4");
                assertClosed(held);
            }
            ProcessNetwork.await(() -> network.local().process(4).isEmpty(), "the removed node to end");
            load.awaitMore(50);
            load.stop();
            System.out.printf("join: %d acknowledged while a node came and went%n", load.count());
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                assertThat(network.height(node)).isGreaterThan(height);
            }
            JournalContents.assertSound(network, load.acknowledged(), folder);
        }
    }

    private static void leave(Path directory, String node) {
        Matcher proposed = PROPOSAL.matcher(coco(directory, "node", "leave", node));
        assertThat(proposed.find()).isTrue();
        coco(directory, "gov", "vote", proposed.group(1), "--accept");
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
