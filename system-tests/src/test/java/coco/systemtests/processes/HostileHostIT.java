package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import coco.cli.network.LocalNetwork;
import coco.cli.network.NetworkFolder;
import coco.cli.network.NodeJvm;
import coco.cli.network.NodeProcess;
import coco.cli.network.PortPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the host of one node can do to it behind its back: run a copy of it, edit what Raft keeps in clear, set its
 * clock. Each time that node is out, says why, and the others go on under load and lose nothing.
 */
@Tag("processes")
@Timeout(600)
class HostileHostIT {
    private static final int VICTIM = 3;
    private static final int OTHER_VICTIM = 2;

    /** Offsets that are tried, for faketime. A node under it starts slowly: .ci/long tries the past, too. */
    private static final List<String> CLOCKS =
            List.of(System.getProperty("coco.hostile.clocks", "+3650d").split(","));

    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldRefuseTheCopyOfANodeThatRuns() throws Exception {
        try (ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), Map.of());
                Load load = Load.start(network, Load.bothLedgers())) {
            load.awaitMore(20);
            LocalNetwork copies = copyOf(network);
            NodeProcess copy = copies.start(VICTIM, ProcessNetwork.ordinaryJvm());
            try {
                ProcessNetwork.await(() -> refusals(network).contains(": clone: "), "the copy to be refused");
                System.out.printf("clone: %s%n", firstLine(refusals(network), ": clone: "));
                load.awaitMore(100);
                assertThat(copies.status(VICTIM).ready()).as("the copy serves").isFalse();
            } finally {
                copy.kill();
            }
            network.awaitHeight(VICTIM, network.height(1));
            load.stop();
            JournalContents.assertSound(network, load.acknowledged(), folder);
        }
    }

    @Test
    void shouldHaltANodeWhoseRaftConfigurationWasEdited() throws Exception {
        try (ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), Map.of());
                Load load = Load.start(network, Load.bothLedgers())) {
            load.awaitMore(20);
            network.kill(VICTIM);
            Path file = RaftConfigurationFile.of(network.folder(VICTIM));
            byte[] original = Files.readAllBytes(file);
            RaftConfigurationFile configuration = RaftConfigurationFile.read(original);
            assertThat(configuration.peers()).containsExactlyInAnyOrder("node-1", "node-2", "node-3");

            // Peers of the host's own, to be elected by them; and the others dropped, to be elected alone.
            for (RaftConfigurationFile edited : List.of(
                    configuration.adding("intruder-1", "127.0.0.1:1").adding("intruder-2", "127.0.0.1:2"),
                    configuration.dropping("node-1").dropping("node-2"))) {
                Files.write(file, edited.latest().bytes());
                network.start(VICTIM);
                ProcessNetwork.await(() -> network.local().process(VICTIM).isEmpty(), "the edited node to end");
                String said = firstLine(network.log(VICTIM), "the Raft configuration names the voters");
                System.out.printf("edited: %s%n", said);
                assertThat(said).as(network.log(VICTIM)).contains("only one may differ");
                Files.delete(network.local().folder().log(VICTIM));
                load.awaitMore(50);
            }
            Files.write(file, original);
            network.start(VICTIM);
            network.awaitHeight(VICTIM, network.height(1));
            load.stop();
            JournalContents.assertSound(network, load.acknowledged(), folder);
        }
    }

    @Test
    void shouldRefuseANodeWhoseClockIsTenYearsOff() throws Exception {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x86_64";
        Path library = Path.of("/usr/lib/" + machine + "-linux-gnu/faketime/libfaketimeMT.so.1");
        Assumptions.assumeTrue(Files.exists(library), "faketime is not installed");
        try (ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), Map.of());
                Load load = Load.start(network, Load.bothLedgers())) {
            load.awaitMore(20);
            for (String offset : CLOCKS) {
                int victim = offset.startsWith("+") ? VICTIM : OTHER_VICTIM;
                network.kill(victim);
                network.start(victim, withClock(library, offset));
                String words = ": clock: seen certificate valid from " + year(offset);
                ProcessNetwork.await(() -> refusals(network).contains(words), "the node to be refused");
                System.out.printf("clock %s: %s%n", offset, firstLine(refusals(network), words));
                load.awaitMore(50);
                assertThat(network.state(victim, "").path("ready").asBoolean(false))
                        .as("a node of another time serves")
                        .isFalse();
                network.kill(victim);
                network.start(victim);
                network.awaitHeight(victim, network.height(1));
            }
            load.stop();
            JournalContents.assertSound(network, load.acknowledged(), folder);
        }
    }

    // ---------------------------------------------------------------- the host's means

    /** The whole folder of a network at another place, with other ports. */
    private LocalNetwork copyOf(ProcessNetwork network) throws IOException {
        Path from = network.local().folder().root();
        Path to = folder.resolve("copy");
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Path target = to.resolve(from.relativize(path));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else if (Files.exists(path)) {
                    Files.copy(path, target);
                }
            }
        }
        NetworkFolder copied = new NetworkFolder(to);
        Files.deleteIfExists(copied.processFile(VICTIM));
        Files.deleteIfExists(copied.log(VICTIM));
        Path file = copied.configuration(VICTIM);
        Files.writeString(file, Files.readString(file).replace(from.toString(), to.toString()));
        int apart = PortPlan.freeBase(ProcessNetwork.NODES)
                - network.local().description().ports().base();
        movePorts(file, "port: '?", apart);
        // Else questions about the copy would be answered by the original.
        movePorts(to.resolve("network.json"), "\"basePort\" : ", apart);
        return LocalNetwork.open(copied);
    }

    private static void movePorts(Path file, String before, int apart) throws IOException {
        String moved = Pattern.compile("(" + before + ")([0-9]+)")
                .matcher(Files.readString(file))
                .replaceAll(port -> port.group(1) + (Integer.parseInt(port.group(2)) + apart));
        assertThat(moved).isNotEqualTo(Files.readString(file));
        Files.writeString(file, moved);
    }

    /** What looks like another JDK, whose {@code java} sees another time. */
    private NodeJvm withClock(Path library, String offset) throws IOException {
        NodeJvm jvm = ProcessNetwork.ordinaryJvm();
        Path java = folder.resolve("clock" + offset).resolve("bin").resolve("java");
        Files.createDirectories(java.getParent());
        Files.writeString(
                java,
                "#!/bin/sh\nLD_PRELOAD=" + library + " FAKETIME=" + offset + " FAKETIME_DONT_FAKE_MONOTONIC=1 exec "
                        + jvm.javaHome().resolve("bin/java") + " \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        return jvm.withJavaHome(folder.resolve("clock" + offset));
    }

    private static String refusals(ProcessNetwork network) {
        return network.log(1) + network.log(OTHER_VICTIM) + network.log(VICTIM);
    }

    private static int year(String offset) {
        int days = Integer.parseInt(offset.substring(0, offset.length() - 1));
        return LocalDate.now(ZoneOffset.UTC).plusDays(days).getYear();
    }

    private static String firstLine(String log, String words) {
        return log.lines().filter(line -> line.contains(words)).findFirst().orElse("nothing of " + words);
    }
}
