package coco.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.PeerId;
import coco.consensus.ProposeReply;
import coco.consensus.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that was away for longer than the others keep their log. */
final class MissingEntriesTest {
    @TempDir
    Path directory = Path.of("");

    private RatisGroup group;
    private long nextCallId = 1;

    @BeforeEach
    void startGroup() {
        group = new RatisGroup(directory, 3, RatisGroup.small());
        group.peers().forEach(group::start);
    }

    @AfterEach
    void closeGroup() {
        group.close();
    }

    @Test
    void shouldGoOnBehindWhatTheMachineFetchedWhenTheLeadersLogBeginsTooLate() {
        commit("while all are there");
        PeerId away = group.peers().getLast();
        group.await("it has the beginning", () -> group.machine(away).hasApplied("while all are there"));
        group.machine(away).persist();
        group.stop(away);
        String filling = "x".repeat(8_000);
        for (int i = 0; i < 100; i++) {
            commit(filling + i);
            running().forEach(peer -> group.machine(peer).persist());
        }
        group.await("both have purged", () -> running().stream().allMatch(peer -> firstLogged(peer) > 10));

        group.fetchFrom(away, running().getFirst());
        group.start(away);
        commit("after it was back");
        group.await(
                "all of them follow",
                () -> group.peers().stream()
                        .allMatch(peer -> group.machine(peer).hasApplied("after it was back")));

        List<String> whole = group.machine(running().getFirst()).payloads();
        assertThat(group.machine(away).payloads()).isEqualTo(whole).hasSizeGreaterThan(101);
        assertThat(group.machine(away).handedOver()).as("what the log brought").hasSizeLessThan(90);
        group.machine(away).persist();
        group.stop(away);
        group.start(away);
        commit("after one more start");
        group.await("it follows again", () -> group.machine(away).hasApplied("after one more start"));
    }

    private List<PeerId> running() {
        return group.peers().stream().filter(group::runs).toList();
    }

    private void commit(String payload) {
        boolean committed = false;
        while (!committed) {
            CompletableFuture<ProposeReply> reply =
                    group.log(awaitLeader()).propose(nextCallId++, payload.getBytes(StandardCharsets.UTF_8));
            group.await("a reply", reply::isDone);
            committed = reply.join() instanceof ProposeReply.Committed;
        }
    }

    private PeerId awaitLeader() {
        group.await("a leader", () -> leader().isPresent());
        return leader().orElseThrow();
    }

    private Optional<PeerId> leader() {
        return running().stream()
                .filter(peer ->
                        group.machine(peer).leads() > 0 && group.log(peer).role() == Role.LEADER)
                .findFirst();
    }

    private long firstLogged(PeerId peer) {
        try (Stream<Path> files = Files.list(group.logFolder(peer))) {
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
}
