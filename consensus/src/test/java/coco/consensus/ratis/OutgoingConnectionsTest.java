package coco.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.PeerId;
import coco.consensus.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes back on connections that a member opened, which live for minutes. */
final class OutgoingConnectionsTest {
    @TempDir
    Path directory = Path.of("");

    private RatisGroup group;

    @BeforeEach
    void startGroup() {
        group = new RatisGroup(directory, 3);
        group.peers().forEach(group::start);
    }

    @AfterEach
    void closeGroup() {
        group.close();
    }

    @Test
    void shouldCountNoAcknowledgementOfAMemberThatIsAdmittedNoMore() {
        group.await("a leader", () -> leader().isPresent());
        PeerId leader = leader().orElseThrow();
        List<PeerId> others =
                group.peers().stream().filter(peer -> !peer.equals(leader)).toList();
        others.forEach(peer -> group.await(
                peer + " follows", () -> leader.equals(group.machine(peer).leader())));
        group.isolate(others.getLast());
        long term = group.machine(leader).leads();
        assertThat(term).isPositive();

        // It goes on answering the leader, whom it has no reason to refuse; without it there is no majority.
        group.unadmit(others.getFirst());
        group.await("the leader finds itself alone", () -> group.machine(leader).lost(term));

        group.admit(others.getFirst());
        group.heal();
        group.await("a leader again", () -> leader().isPresent());
    }

    private Optional<PeerId> leader() {
        return group.peers().stream()
                .filter(peer ->
                        group.machine(peer).leads() > 0 && group.log(peer).role() == Role.LEADER)
                .findFirst();
    }
}
