package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * A disk that runs full and is emptied again. Nothing is filled to the brim: the reserve is set to a little less than
 * what is free, and a file takes more than the difference.
 */
@Tag("processes")
class DiskFullIT {
    private static final long MEBIBYTE = 1 << 20;

    /** More than what other programs of this machine take or give back meanwhile. */
    private static final long MARGIN_MEBIBYTES = 1_500;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldStopWritesWithAReasonWhileTheDiskIsFullAndGoOnAfterwards() throws Exception {
        long free = Files.getFileStore(folder).getUsableSpace() / MEBIBYTE;
        assumeTrue(free > 8 * MARGIN_MEBIBYTES, "there are only " + free + " MiB free");
        Map<String, String> settings = Map.of("disk.reserve", free - MARGIN_MEBIBYTES + "MiB");
        Path filler = folder.resolve("filler");
        try (ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), settings);
                Load load = Load.start(network, Load.bothLedgers())) {
            load.awaitMore(30);
            allocate(filler, 2 * MARGIN_MEBIBYTES * MEBIBYTE);
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                int asked = node;
                ProcessNetwork.await(() -> put(network, asked).statusCode() == 503, "writes to stop");
                assertThat(put(network, node).body())
                        .asString(StandardCharsets.UTF_8)
                        .contains("disk.reserve");
            }
            long height = network.height(1);
            String block = JsonMapper.shared()
                    .readTree(network.call(1, "eth_blockNumber").body())
                    .path("result")
                    .asString();
            assertThat(block).startsWith("0x");
            assertThat(network.call(2, "eth_sendRawTransaction", "0x00").body()).isNotEmpty();
            int before = load.count();
            for (int asked = 0; asked < 100; asked++) {
                assertThat(put(network, 1 + asked % ProcessNetwork.NODES).statusCode())
                        .as("a write that would be in a block soon, if any were made")
                        .isEqualTo(503);
            }
            assertThat(network.height(1)).as("height while the disk is full").isEqualTo(height);
            assertThat(load.count()).isLessThanOrEqualTo(before + 8);

            Files.delete(filler);
            load.awaitMore(30);
            load.stop();
            assertThat(put(network, 1).statusCode()).isEqualTo(200);
            JournalContents.assertSound(network, load.acknowledged(), folder);
        }
    }

    private static HttpResponse<byte[]> put(ProcessNetwork network, int node) {
        try {
            return network.send(HttpRequest.newBuilder(network.url(node, "/kv/full"))
                    .timeout(Duration.ofSeconds(20))
                    .PUT(HttpRequest.BodyPublishers.ofString("x"))
                    .build());
        } catch (IOException unanswered) {
            throw new AssertionError("node " + node + " does not answer", unanswered);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    private static void allocate(Path file, long bytes) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of("fallocate", "-l", Long.toString(bytes), file.toString()))
                .inheritIO()
                .start();
        assertThat(process.waitFor()).as("exit code of fallocate").isZero();
    }
}
