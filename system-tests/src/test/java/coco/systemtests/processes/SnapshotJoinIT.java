package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots of real nodes under load: a killed node begins with its own, a newcomer with another's. */
@Tag("processes")
@Timeout(600)
class SnapshotJoinIT {
    private static final String BEGUN = "begins with the snapshot of height";

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldBeginWithSnapshotsWhenANodeIsKilledAndWhenOneJoins() throws Exception {
        Path directory = folder.resolve("network");
        // At such an interval two snapshots are there for seconds only, and a newcomer verifies its journal in between.
        Map<String, String> settings = Map.of("snapshot.intervalBlocks", "100", "snapshot.keep", "10");
        try (ProcessNetwork network = new ProcessNetwork(directory, settings);
                Load load = Load.start(network, Load.bothLedgers())) {
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                Path snapshots = network.folder(node).resolve("snapshots");
                ProcessNetwork.await(() -> manifests(snapshots).size() >= 2, "two snapshots of a node");
            }
            int killed = 1 + network.awaitLeader() % ProcessNetwork.NODES;
            network.kill(killed);
            network.start(killed);
            network.awaitCaughtUp();
            assertThat(network.log(killed)).contains(BEGUN);

            assertThat(new CocoCommands(directory).run("node", "join", "--propose", "--heap", "512"))
                    .contains("It takes part.");
            load.awaitMore(50);
            assertThat(network.log(4)).contains("join: snapshot of height").contains(BEGUN);
            long height = network.height(1);
            ProcessNetwork.await(() -> network.height(4) >= height, "the newcomer to catch up");
            Path own = network.folder(4).resolve("snapshots");
            List<String> first = manifests(own);
            ProcessNetwork.await(
                    () -> !manifests(own).isEmpty()
                            && !first.contains(manifests(own).getLast()),
                    "the newcomer's own snapshot");
            load.stop();
            System.out.printf("snapshots: %d acknowledged while nodes began with them%n", load.count());
            assertThat(network.hash(4, height)).isEqualTo(network.hash(1, height));
            JournalContents.assertSound(network, load.acknowledged(), folder);
        }
    }

    private static List<String> manifests(Path snapshots) {
        if (!Files.isDirectory(snapshots)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(snapshots)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".manifest"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
