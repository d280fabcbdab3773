package coco.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.cli.network.NodeProcess;
import coco.cli.network.PortPlan;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Ctrl-C does to {@code coco up} and all that it started. */
@Tag("processes")
final class InterruptIT {
    private static final int NODES = 3;
    private static final Path KILL = Path.of("/bin/kill");
    private static final Path ENV = Path.of("/usr/bin/env");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void shouldLeaveNoProcessWhenInterrupted() throws Exception {
        assumeTrue(Files.isExecutable(KILL), KILL + " is not on this machine");
        int port = PortPlan.freeBase(NODES);
        NetworkFolder folder = new NetworkFolder(directory.resolve("network"));
        Process up = up(folder, port);
        try {
            awaitLine(up, "Ctrl-C stops the network");
            List<NodeProcess> nodes = LocalNetwork.open(folder).running();
            assertThat(nodes).hasSize(NODES);

            interrupt(up);

            assertThat(up.waitFor(90, TimeUnit.SECONDS)).as("coco up has ended").isTrue();
            assertThat(nodes).noneMatch(NodeProcess::isAlive);
            assertThat(LocalNetwork.open(folder).running()).isEmpty();
            assertThat(new PortPlan(port).taken(NODES)).isEmpty();
        } finally {
            up.destroyForcibly();
            if (Files.exists(folder.description())) {
                LocalNetwork.stop(LocalNetwork.open(folder).running());
            }
        }
    }

    private static Process up(NetworkFolder folder, int port) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (new ProcessBuilder(ENV.toString(), "--default-signal=INT", "true")
                        .start()
                        .waitFor()
                == 0) {
            // A test run started in the background ignores this signal, and what it starts would inherit that.
            command.addAll(List.of(ENV.toString(), "--default-signal=INT"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path", ""),
                "coco.cli.Main",
                "up",
                "--dir",
                folder.root().toString(),
                "--port",
                Integer.toString(port),
                "--heap",
                "256"));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static void awaitLine(Process process, String words) throws IOException {
        List<String> said = new ArrayList<>();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            said.add(line);
            if (line.contains(words)) {
                return;
            }
        }
        throw new AssertionError("it ended after saying:\n" + String.join("\n", said));
    }

    private static void interrupt(Process process) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder(KILL.toString(), "-INT", Long.toString(process.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }
}
