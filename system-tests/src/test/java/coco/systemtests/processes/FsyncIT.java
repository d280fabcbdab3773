package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import coco.cli.network.NetworkFolder;
import coco.consensus.LogPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a kill cannot show: that an answer leaves only after a majority has forced the entry to disk. Three nodes run
 * with every system call recorded; the recordings are held against each other, and the nodes are started again from
 * what their disks surely held at some moment, all power cut at once.
 */
@Tag("processes")
class FsyncIT {
    private static final int ACKNOWLEDGED = 300;
    private static final int MOMENTS = 3;

    @TempDir
    private static Path folder = Path.of("");

    private static Recording recording = new Recording(List.of(), Set.of(), new JournalContents(List.of()));

    /** What came of the run that was recorded. */
    private record Recording(List<List<SystemCall>> calls, Set<Acknowledged> acknowledged, JournalContents journal) {
        /** The same without what makes writes durable. */
        Recording withoutSyncs() {
            return new Recording(calls.stream().map(FsyncIT::withoutSyncs).toList(), acknowledged, journal);
        }

        FsyncAudit audit() throws IOException {
            List<Map<LogPosition, Long>> synced = new ArrayList<>();
            Map<Acknowledged, Long> answered = new HashMap<>();
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                List<SystemCall> ofNode = calls.get(node - 1);
                synced.add(FsyncAudit.synced(ofNode, disk(node)));
                FsyncAudit.answered(ofNode, acknowledged)
                        .forEach((transaction, micros) -> answered.merge(transaction, micros, Math::min));
            }
            return new FsyncAudit(synced, answered);
        }
    }

    @BeforeAll
    static void record() throws IOException {
        assumeTrue(Strace.isInstalled(), "strace is not installed");
        Path jvm = folder.resolve("jvm");
        try (ProcessNetwork network =
                new ProcessNetwork(networkFolder(), Map.of(), Strace.record(ProcessNetwork.ordinaryJvm(), jvm))) {
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                DiskImage.copy(network.folder(node), before(node));
            }
            network.startAll();
            network.awaitLevel();
            Set<Acknowledged> acknowledged;
            try (Load load = Load.start(network, Load.bothLedgers())) {
                load.awaitMore(ACKNOWLEDGED / 2);
                changeLeader(network, load);
                load.awaitMore(ACKNOWLEDGED / 2);
                load.stop();
                acknowledged = load.acknowledged();
            }
            network.awaitDurable();
            network.killAll();
            List<List<SystemCall>> calls = new ArrayList<>();
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                Strace.awaitEnd(network.folder(node));
                calls.add(Strace.read(network.folder(node)));
                DiskImage.copy(network.folder(node), after(node));
            }
            recording = new Recording(
                    calls,
                    acknowledged,
                    JournalContents.read(network.local().folder(), 1, folder.resolve("recorded-journal")));
        }
    }

    /** So that votes, a new term and a new file of the log are in the recording. */
    private static void changeLeader(ProcessNetwork network, Load load) {
        int leader = network.awaitLeader();
        int other = 1 + leader % ProcessNetwork.NODES;
        network.freeze(leader);
        ProcessNetwork.await(() -> network.leaderSeenBy(other).orElse(leader) != leader, "another leader");
        load.awaitMore(ACKNOWLEDGED / 10);
        network.thaw(leader);
        network.awaitHeight(leader, network.height(other));
    }

    @Test
    void shouldShowTheFilesAsTheyAreWhenTheRecordingIsReplayed() throws IOException {
        for (int node = 1; node <= ProcessNetwork.NODES; node++) {
            TracedDisk disk = disk(node);
            recording.calls().get(node - 1).forEach(disk::apply);
            Path nodeFolder = new NetworkFolder(networkFolder()).node(node);
            for (Map.Entry<Path, byte[]> file : disk.shown().entrySet()) {
                Path copy = after(node).resolve(nodeFolder.relativize(file.getKey()));
                assertThat(Files.readAllBytes(copy))
                        .as("what the recording makes of %s", file.getKey())
                        .isEqualTo(file.getValue());
            }
            assertThat(disk.shown().keySet().stream().filter(RaftLogFile::isLog))
                    .hasSizeGreaterThan(1);
        }
    }

    @Test
    void shouldHaveSyncedOnAMajorityWhenAnAnswerLeaves() throws IOException {
        FsyncAudit audit = recording.audit();
        System.out.printf(
                "fsync: %d acknowledged, %d answers recorded, entries synced %s%n",
                recording.acknowledged().size(),
                audit.answeredMicros().size(),
                audit.syncedMicros().stream().map(Map::size).toList());
        assertThat(audit.answeredMicros()).hasSizeGreaterThanOrEqualTo(ACKNOWLEDGED);
        assertThat(audit.violations(recording.journal())).isEmpty();
    }

    @Test
    void shouldFindEveryAnswerTooEarlyWhenTheRecordingHasNoSyncs() throws IOException {
        FsyncAudit audit = recording.withoutSyncs().audit();
        assertThat(audit.violations(recording.journal()))
                .hasSize(audit.answeredMicros().size());
    }

    @Test
    void shouldHoldEverythingAcknowledgedWhenOnlySyncedWritesSurviveAPowerCut() throws IOException {
        Map<Acknowledged, Long> answered = recording.audit().answeredMicros();
        List<Long> moments = answered.values().stream().sorted().toList();
        for (int share = 1; share <= MOMENTS; share++) {
            long moment = moments.get(moments.size() * share / MOMENTS - 1);
            Set<Acknowledged> before = answered.entrySet().stream()
                    .filter(each -> each.getValue() <= moment)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
            for (int node = 1; node <= ProcessNetwork.NODES; node++) {
                restoreSynced(recording, node, moment);
            }
            try (ProcessNetwork network = ProcessNetwork.reopen(networkFolder())) {
                network.startAll();
                JournalContents.assertSound(network, before, folder.resolve("cut-" + share));
            }
            System.out.printf("fsync: power cut after %d answers, all of them kept%n", before.size());
        }
    }

    @Test
    void shouldHoldNothingAcknowledgedWhenTheRecordingHasNoSyncs() throws IOException {
        for (int node = 1; node <= ProcessNetwork.NODES; node++) {
            TracedDisk disk = disk(node);
            recording.withoutSyncs().calls().get(node - 1).forEach(disk::apply);
            assertThat(disk.sureFiles().stream()
                            .filter(RaftLogFile::isLog)
                            .flatMap(log -> RaftLogFile.parse(disk.sure(log)).entries().stream()))
                    .isEmpty();
        }
    }

    /** Puts back what the disk of a node surely held at a moment. */
    private static void restoreSynced(Recording from, int node, long moment) throws IOException {
        TracedDisk disk = disk(node);
        from.calls().get(node - 1).stream()
                .takeWhile(call -> call.endMicros() <= moment)
                .forEach(disk::apply);
        Path nodeFolder = new NetworkFolder(networkFolder()).node(node);
        DiskImage.delete(nodeFolder);
        disk.writeSure(nodeFolder);
    }

    private static List<SystemCall> withoutSyncs(List<SystemCall> calls) {
        return calls.stream().filter(call -> !call.name().endsWith("sync")).toList();
    }

    private static Path networkFolder() {
        return folder.resolve("network");
    }

    private static Path before(int node) {
        return folder.resolve("before-" + node);
    }

    private static Path after(int node) {
        return folder.resolve("after-" + node);
    }

    /** A node's files as they were before it ran. */
    private static TracedDisk disk(int node) throws IOException {
        return new TracedDisk(new NetworkFolder(networkFolder()).node(node), before(node));
    }
}
