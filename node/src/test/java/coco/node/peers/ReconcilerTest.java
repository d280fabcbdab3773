package coco.node.peers;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.ChangeReply;
import coco.consensus.Peer;
import coco.consensus.PeerChange;
import coco.consensus.PeerId;
import coco.consensus.ProposeReply;
import coco.consensus.ReadReply;
import coco.consensus.ReplicatedLog;
import coco.consensus.Role;
import coco.consensus.StateMachine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ReconcilerTest {
    private final FakeLog log = new FakeLog();
    private List<Peer> wanted = peers("a b c");
    private long now;
    private final Reconciler reconciler = new Reconciler(new PeerId("a"), log, () -> wanted, () -> now);

    @Test
    void shouldDoNothingWhenPeersAndNodesAreTheSame() throws InterruptedException {
        assertThat(reconciler.step()).isFalse();
        assertThat(log.done).isEmpty();
    }

    @Test
    void shouldDoNothingWhenAnotherLeads() throws InterruptedException {
        wanted = peers("a b c d");
        log.role = Role.FOLLOWER;

        assertThat(reconciler.step()).isFalse();
        assertThat(log.done).isEmpty();
    }

    @Test
    void shouldRemoveBeforeItAddsAndOneAtATime() throws InterruptedException {
        wanted = peers("a c d e");

        List<String> steps = new ArrayList<>();
        while (reconciler.step()) {
            steps.add(names(log.peers));
        }

        assertThat(steps).containsExactly("a c", "a c d", "a c d e");
    }

    @Test
    void shouldTryAnotherNewcomerWhileTheFirstIsNotThere() throws InterruptedException {
        wanted = peers("a b c d e");
        log.absent.add(new PeerId("d"));

        assertThat(reconciler.step()).as("d is not heard of").isFalse();
        assertThat(reconciler.step()).as("e").isTrue();
        assertThat(names(log.peers)).isEqualTo("a b c e");
        log.absent.clear();
        now += Reconciler.RETRY.toNanos();
        assertThat(reconciler.step()).as("d has come").isTrue();
        assertThat(names(log.peers)).isEqualTo("a b c d e");
    }

    @Test
    void shouldNotHammerANewcomerThatIsNotThere() throws InterruptedException {
        wanted = peers("a b c d");
        log.absent.add(new PeerId("d"));
        for (int i = 0; i < 10; i++) {
            assertThat(reconciler.step()).isFalse();
        }

        assertThat(log.done).hasSize(1);
    }

    @Test
    void shouldHandTheLeadToOneWhoStaysWhenItselfIsToGo() throws InterruptedException {
        wanted = peers("c");
        log.unwilling.add(new PeerId("b"));

        assertThat(reconciler.step()).isTrue();
        assertThat(log.done).containsExactly("lead to c");
        assertThat(reconciler.step()).isFalse();
    }

    @Test
    void shouldStepDownWhenNobodyTakesOver() throws InterruptedException {
        wanted = peers("b c");
        log.unwilling.addAll(Set.of(new PeerId("b"), new PeerId("c")));

        assertThat(reconciler.step()).isFalse();
        assertThat(log.done).containsExactly("step down");
    }

    private static List<Peer> peers(String words) {
        return Arrays.stream(words.split(" "))
                .map(id -> new Peer(new PeerId(id), "host-" + id, 1))
                .toList();
    }

    private static String names(List<Peer> peers) {
        return String.join(
                " ", peers.stream().map(peer -> peer.id().value()).sorted().toList());
    }

    /** A log whose peers change as told, unless one is absent. */
    private static final class FakeLog implements ReplicatedLog {
        private List<Peer> peers = ReconcilerTest.peers("a b c");
        private Role role = Role.LEADER;
        private final Set<PeerId> absent = new HashSet<>();
        private final Set<PeerId> unwilling = new HashSet<>();
        private final List<String> done = new ArrayList<>();

        @Override
        public CompletableFuture<ChangeReply> changePeers(List<Peer> expected, PeerChange change) {
            done.add(change.toString());
            String fault = change.fault(expected, peers, new PeerId("a"));
            if (fault == null && change instanceof PeerChange.Add(Peer peer) && absent.contains(peer.id())) {
                fault = "not heard of";
            }
            if (fault != null) {
                return CompletableFuture.completedFuture(new ChangeReply.Refused(fault));
            }
            peers = change.applyTo(peers);
            return CompletableFuture.completedFuture(new ChangeReply.Changed(peers));
        }

        @Override
        public CompletableFuture<Boolean> transferLeadership(PeerId successor) {
            if (unwilling.contains(successor)) {
                return CompletableFuture.completedFuture(false);
            }
            done.add("lead to " + successor);
            role = Role.FOLLOWER;
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void stepDown() {
            done.add("step down");
            role = Role.FOLLOWER;
        }

        @Override
        public List<Peer> peers() {
            return peers;
        }

        @Override
        public Role role() {
            return role;
        }

        @Override
        public PeerId leader() {
            return new PeerId("a");
        }

        @Override
        public long term() {
            return 1;
        }

        @Override
        public void start(StateMachine machine) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<ProposeReply> propose(long callId, byte[] payload) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<ReadReply> readIndex() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void nudge() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
