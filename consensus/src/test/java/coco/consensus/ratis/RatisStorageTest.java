package coco.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import coco.consensus.ConsensusException;
import coco.consensus.ConsensusException.Code;
import coco.consensus.PeerId;
import coco.consensus.ProposeReply;
import coco.consensus.ratis.RatisSettings.Recovery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A member and its files: a group of one, which is its own majority. Every test begins with a stopped member that
 * committed "one" and "two", and whose journal has nothing durable.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RatisStorageTest {
    @TempDir
    static Path directory = Path.of("");

    private RatisGroup group;
    private PeerId node;
    private Path template;

    @BeforeAll
    void makeTemplate() throws IOException {
        group = new RatisGroup(directory, 1);
        node = group.peers().getFirst();
        template = directory.resolve("template");
        startAndCommit("one", "two");
        group.stop(node);
        copy(group.folder(node), template);
    }

    @BeforeEach
    void restoreTemplate() throws IOException {
        delete(group.folder(node));
        copy(template, group.folder(node));
        group.journal(node).clear();
    }

    @AfterEach
    void stopMember() {
        if (group.runs(node)) {
            group.stop(node);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private void commit(String payload) {
        group.await("a leader", () -> group.machine(node).leads() > 0);
        CompletableFuture<ProposeReply> reply = group.log(node).propose(1, payload.getBytes(StandardCharsets.UTF_8));
        group.await("a reply", reply::isDone);
        assertThat(reply.join()).isInstanceOf(ProposeReply.Committed.class);
    }

    private void startAndCommit(String... payloads) {
        group.start(node);
        for (String payload : payloads) {
            commit(payload);
        }
    }

    private Path openLog() throws IOException {
        try (Stream<Path> files = Files.list(group.logFolder(node))) {
            return files.filter(file -> file.getFileName().toString().startsWith("log_inprogress"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    private void assertRefused(Code code) {
        assertThatExceptionOfType(ConsensusException.class)
                .isThrownBy(() -> group.start(node))
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void shouldRecoverWhenTheLogHasATornTail() throws IOException {
        // An entry of 100 bytes of which ten came to disk, in preallocated space.
        byte[] torn = new byte[4_096];
        torn[0] = 100;
        torn[1] = 1 << 3;
        torn[2] = 1;
        torn[3] = 2 << 3;
        Path log = openLog();
        torn[4] = (byte) entriesIn(log);
        torn[5] = 3 << 3 | 2;
        torn[6] = 94;
        torn[7] = 0x55;
        Files.write(log, torn, StandardOpenOption.APPEND);
        startAndCommit("three");
        assertThat(group.machine(node).payloads()).containsExactly("one", "two", "three");
    }

    @Test
    void shouldGoOnBehindTheJournalWhenTheTornEntryIsInTheJournal() throws IOException {
        delete(group.folder(node));
        startAndCommit("one", "two");
        group.machine(node).persist();
        group.stop(node);
        byte[] bytes = Files.readAllBytes(openLog());
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("two");
        Arrays.fill(bytes, at + 1, bytes.length, (byte) 0);
        Files.write(openLog(), bytes);
        startAndCommit("three");
        assertThat(group.machine(node).payloads()).containsExactly("one", "two", "three");
        assertThat(group.machine(node).handedOver()).hasSize(1);
    }

    private static long entriesIn(Path log) {
        return ((TornLogCheck.Finding.Sound) TornLogCheck.inspect(log, 1 << 23)).entries();
    }

    @Test
    void shouldRefuseWhenTheLogIsDamagedInTheMiddle() throws IOException {
        byte[] bytes = Files.readAllBytes(openLog());
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("one");
        bytes[at] ^= 1;
        Files.write(openLog(), bytes);
        assertRefused(Code.LOG_DAMAGED);
    }

    @Test
    void shouldRefuseWhenTheStorageOfAMemberIsGone() throws IOException {
        delete(group.folder(node).resolve("raft"));
        assertRefused(Code.STORAGE_LOST);
    }

    @Test
    void shouldRefuseOrRejoinBehindTheJournalWhenOnlyTheJournalIsLeft() throws IOException {
        group.start(node);
        group.await("replay", () -> group.machine(node).hasApplied("two"));
        group.machine(node).persist();
        group.stop(node);
        delete(group.folder(node));
        assertRefused(Code.STORAGE_LOST);
        RatisSettings before = group.settings(node);
        group.start(
                node,
                new RatisSettings(
                        before.self(),
                        before.group(),
                        before.directory(),
                        before.listen(),
                        Recovery.REJOIN,
                        before.limits()));
        commit("three");
        assertThat(group.machine(node).payloads()).containsExactly("one", "two", "three");
        assertThat(group.machine(node).handedOver()).hasSize(1);
    }

    @Test
    void shouldRefuseWhenTheMarkerIsAnothers() throws IOException {
        for (byte[] other : List.of("coco-raft 1\nnode-9\n".getBytes(StandardCharsets.UTF_8), new byte[] {-1, 0, 10})) {
            Files.write(group.folder(node).resolve("initialised"), other);
            assertRefused(Code.STORAGE_FOREIGN);
        }
    }

    @Test
    void shouldRefuseWhenAnotherGroupLivesInTheFolder() throws IOException {
        Files.createDirectories(group.folder(node).resolve("raft").resolve("c0c0c0c0-0000-4000-8000-0000000000ff"));
        assertRefused(Code.STORAGE_FOREIGN);
    }

    @Test
    void shouldSayWhichAddressWhenThePortIsTaken() throws IOException {
        int port = group.address(node).port();
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertThatExceptionOfType(ConsensusException.class)
                    .isThrownBy(() -> group.start(node))
                    .withMessageContaining(String.valueOf(port))
                    .satisfies(e -> assertThat(e.code()).isEqualTo(Code.CHANNEL));
        }
    }

    @Test
    void shouldPurgeWhatTheJournalHolds() throws IOException {
        RatisSettings before = group.settings(node);
        group.start(
                node,
                new RatisSettings(
                        before.self(),
                        before.group(),
                        before.directory(),
                        before.listen(),
                        Recovery.RESUME,
                        RatisGroup.small()));
        String payload = "x".repeat(8_000);
        for (int i = 0; i < 100; i++) {
            commit(payload + i);
            group.machine(node).persist();
        }
        group.await("purging", () -> firstLogged() > 0);
        assertThat(firstLogged()).as("preserved entries").isLessThanOrEqualTo(100 - 10);
        group.stop(node);
        startAndCommit("after the purge");
        assertThat(group.machine(node).handedOver()).hasSize(1);
    }

    /** The first index of the oldest log file. */
    private long firstLogged() {
        try (Stream<Path> files = Files.list(group.logFolder(node))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("log_"))
                    .map(name -> name.replace("inprogress_", "").split("[_-]", -1)[1])
                    .mapToLong(Long::parseLong)
                    .min()
                    .orElse(-1);
        } catch (IOException e) {
            return -1;
        }
    }

    @Test
    void shouldReadWhatALogHoldsWhileNobodyRuns() throws IOException {
        List<RaftFiles.Logged> all = RaftFiles.read(
                group.settings(node).directory(), group.settings(node).group(), 1 << 23, payload -> true);
        assertThat(all.stream().map(each -> new String(each.payload(), StandardCharsets.UTF_8)))
                .containsExactly("one", "two");
        assertThat(all.getFirst().index()).isLessThan(all.getLast().index());
        byte[] bytes = Files.readAllBytes(openLog());
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("two");
        bytes[at] ^= 1;
        Files.write(openLog(), bytes);
        assertThat(RaftFiles.read(
                        group.settings(node).directory(), group.settings(node).group(), 1 << 23, payload -> true))
                .as("nothing behind a damaged entry is believed")
                .hasSize(1);
    }

    @Test
    void shouldBeginAGroupWhoseTermsComeAfterAnOlderOne() throws IOException {
        delete(group.folder(node));
        RaftFiles.begin(group.settings(node), 41);
        startAndCommit("three");
        assertThat(group.log(node).term()).isGreaterThan(41);
        assertThat(group.machine(node).payloads()).containsExactly("three");
    }
}
