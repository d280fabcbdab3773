package coco.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * What every {@link ReplicatedLog} must do. One group serves all tests; each leaves it with the same three peers. Tests
 * name their payloads after themselves, so they need not know what earlier ones left in the log.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ReplicatedLogContract {
    /** Leaders may change meanwhile, but not that often. */
    private static final int CHANGE_ATTEMPTS = 20;

    private LogGroup group;
    private long nextCallId = 1;

    protected abstract LogGroup newGroup();

    protected final LogGroup group() {
        return group;
    }

    @BeforeAll
    void startGroup() {
        group = newGroup();
    }

    @AfterAll
    void closeGroup() {
        group.close();
    }

    @BeforeEach
    void startAll() {
        group.heal();
        for (PeerId peer : group.peers()) {
            if (!group.runs(peer)) {
                group.start(peer);
            }
        }
    }

    // ---- helpers

    /** The node that was told it leads and still says so; waits for one. */
    protected final PeerId awaitLeader() {
        List<PeerId> found = new ArrayList<>();
        group.await("a ready leader", () -> {
            found.clear();
            group.nodes().stream().filter(this::leads).forEach(found::add);
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    private boolean leads(PeerId peer) {
        return group.runs(peer)
                && group.machine(peer).leads() > 0
                && group.machine(peer).leads() == group.log(peer).term()
                && group.log(peer).role() == Role.LEADER;
    }

    protected final PeerId otherThan(PeerId peer) {
        return group.peers().stream()
                .filter(each -> !each.equals(peer))
                .findFirst()
                .orElseThrow();
    }

    protected final CompletableFuture<ProposeReply> propose(PeerId peer, String payload) {
        return propose(peer, nextCallId++, payload);
    }

    protected final CompletableFuture<ProposeReply> propose(PeerId peer, long callId, String payload) {
        return group.log(peer).propose(callId, payload.getBytes(StandardCharsets.UTF_8));
    }

    protected final <T> T result(CompletableFuture<T> future) {
        group.await("a reply", future::isDone);
        return future.join();
    }

    /** Proposes at whoever leads until committed; for tests that need an entry and do not test how it got there. */
    protected final LogPosition commit(String payload) {
        while (true) {
            PeerId leader = awaitLeader();
            if (result(propose(leader, payload)) instanceof ProposeReply.Committed committed) {
                return committed.position();
            }
        }
    }

    protected final void awaitAppliedEverywhere(String payload) {
        for (PeerId peer : group.peers()) {
            if (group.runs(peer)) {
                group.await(
                        peer + " applies " + payload, () -> group.machine(peer).hasApplied(payload));
            }
        }
    }

    private void assertAllAgree() {
        commit("marker " + nextCallId);
        awaitAppliedEverywhere("marker " + (nextCallId - 1));
        List<RecordingMachine.Applied> first =
                group.machine(group.peers().getFirst()).applied();
        for (PeerId peer : group.peers()) {
            assertThat(group.machine(peer).applied())
                    .as("what %s applied", peer)
                    .isEqualTo(first);
        }
    }

    // ---- the contract

    @Test
    void shouldHaveOneReadyLeaderWhenAllNodesRun() {
        PeerId leader = awaitLeader();
        assertThat(group.machine(leader).readyTerms()).doesNotHaveDuplicates();
        for (PeerId peer : group.peers()) {
            group.await(
                    peer + " knows the leader",
                    () -> leader.equals(group.log(peer).leader()));
        }
    }

    @Test
    void shouldApplyInOrderOnAllNodesWhenProposalsArePipelined() {
        // A pipeline may break at any entry; then what came through is a prefix here, as a fence would make it.
        List<String> sent = new ArrayList<>();
        boolean whole = false;
        for (int round = 0; !whole; round++) {
            PeerId leader = awaitLeader();
            List<CompletableFuture<ProposeReply>> replies = new ArrayList<>();
            sent.clear();
            for (int i = 0; i < 100; i++) {
                String payload = "pipelined " + round + " " + i;
                sent.add(payload);
                replies.add(propose(leader, payload));
            }
            whole = replies.stream().map(this::result).allMatch(ProposeReply.Committed.class::isInstance);
            if (whole) {
                List<Long> indexes = replies.stream()
                        .map(reply -> ((ProposeReply.Committed) result(reply))
                                .position()
                                .index())
                        .toList();
                assertThat(indexes).isSorted().doesNotHaveDuplicates();
            }
        }
        awaitAppliedEverywhere(sent.getLast());
        for (PeerId peer : group.peers()) {
            assertThat(group.machine(peer).payloads()).containsSubsequence(sent);
        }
        assertAllAgree();
    }

    @Test
    void shouldRefuseAndLeaveNoGapWhenAPayloadIsVetoed() {
        LogPosition before = commit("before veto");
        PeerId leader = awaitLeader();
        group.machine(leader).veto("vetoed"::equals);
        assertThat(result(propose(leader, "vetoed"))).isInstanceOf(ProposeReply.Refused.class);
        LogPosition after = commit("after veto");
        assertThat(after.term()).as("a veto costs no leadership").isGreaterThanOrEqualTo(before.term());
        awaitAppliedEverywhere("after veto");
        for (PeerId peer : group.peers()) {
            assertThat(group.machine(peer).payloads()).doesNotContain("vetoed");
        }
        assertAllAgree();
    }

    @Test
    void shouldRefuseWithoutSteppingDownWhenAPayloadIsTooLarge() {
        PeerId leader = awaitLeader();
        long term = group.machine(leader).leads();
        byte[] oversize = new byte[ConsensusLimits.standard().payloadBytesMax() + 1];
        assertThat(result(group.log(leader).propose(nextCallId++, oversize))).isInstanceOf(ProposeReply.Refused.class);
        assertThat(group.machine(leader).lost(term)).isFalse();
        commit("after oversize");
    }

    @Test
    void shouldCommitWhenAPayloadIsAsLargeAsAllowed() {
        String largest = "x".repeat(ConsensusLimits.standard().payloadBytesMax());
        commit(largest);
        awaitAppliedEverywhere(largest);
    }

    @Test
    void shouldRefuseWhenAFollowerProposes() {
        PeerId follower = otherThan(awaitLeader());
        assertThat(result(propose(follower, "from a follower"))).isInstanceOf(ProposeReply.Refused.class);
        assertAllAgree();
        assertThat(group.machine(follower).hasApplied("from a follower")).isFalse();
    }

    @Test
    void shouldApplyTheLastPayloadOnFollowersWhenTheLeaderNudges() {
        commit("the last one");
        PeerId leader = awaitLeader();
        group.log(leader).nudge();
        group.log(otherThan(leader)).nudge();
        awaitAppliedEverywhere("the last one");
    }

    @Test
    void shouldReallyAppendWhenARestartedNodeProposesTheSameCallIds() {
        PeerId leader = awaitLeader();
        for (long callId = 1; callId <= 3; callId++) {
            result(propose(leader, callId, "first life " + callId));
        }
        group.peers().forEach(group::stop);
        group.peers().forEach(group::start);
        // The replies of the first life are in caches that replay has filled again.
        PeerId again = awaitLeader();
        for (long callId = 1; callId <= 3; callId++) {
            String payload = "second life " + callId;
            if (result(propose(again, callId, payload)) instanceof ProposeReply.Committed) {
                assertThat(group.machine(again).hasApplied(payload)).isTrue();
            }
        }
        commit("end of second life");
        awaitAppliedEverywhere("end of second life");
        assertAllAgree();
    }

    @Test
    void shouldResolveByApplyWhenLeadershipIsLostUnderWay() {
        PeerId old = awaitLeader();
        long term = group.machine(old).leads();
        group.isolate(old);
        List<CompletableFuture<ProposeReply>> replies = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            replies.add(propose(old, "cut off " + i));
        }
        for (CompletableFuture<ProposeReply> reply : replies) {
            assertThat(result(reply)).isNotInstanceOf(ProposeReply.Committed.class);
        }
        group.await("the old leader steps down", () -> group.machine(old).lost(term));
        PeerId next = awaitLeader();
        assertThat(next).isNotEqualTo(old);
        assertThat(group.machine(next).leads()).isGreaterThan(term);
        commit("of the majority");
        group.heal();
        awaitAppliedEverywhere("of the majority");
        assertAllAgree();
    }

    @Test
    void shouldReplayBehindTheDurablePositionWhenANodeRestarts() {
        commit("durable");
        awaitAppliedEverywhere("durable");
        PeerId node = group.peers().getLast();
        group.machine(node).persist();
        commit("volatile 1");
        commit("volatile 2");
        awaitAppliedEverywhere("volatile 2");
        group.stop(node);
        group.start(node);
        group.await("replay", () -> group.machine(node).hasApplied("volatile 2"));
        assertThat(group.machine(node).startedBehind().index()).isPositive();
        assertThat(group.machine(node).handedOver()).doesNotHaveDuplicates();
        assertAllAgree();
    }

    @Test
    void shouldSeeEverythingCommittedWhenAFollowerReadsTheIndex() {
        commit("before the read");
        PeerId follower = otherThan(awaitLeader());
        boolean current = false;
        while (!current) {
            current = result(group.log(follower).readIndex()) instanceof ReadReply.Current;
        }
        assertThat(group.machine(follower).hasApplied("before the read")).isTrue();
    }

    @Test
    void shouldNotAnswerAReadWhenNoMajorityIsHeard() {
        PeerId old = awaitLeader();
        long term = group.machine(old).leads();
        group.isolate(old);
        commit("unseen by the isolated node");
        assertThat(result(group.log(old).readIndex())).isInstanceOf(ReadReply.Unavailable.class);
        group.await("the old leader steps down", () -> group.machine(old).lost(term));
    }

    @Test
    void shouldConfirmEveryReadAnewWhenNothingWasWrittenSinceTheLast() {
        commit("read twice");
        PeerId leader = awaitLeader();
        PeerId follower = otherThan(leader);
        boolean current = false;
        while (!current) {
            // Both: whatever could be remembered of the first question is remembered then.
            current = result(group.log(leader).readIndex()) instanceof ReadReply.Current
                    && result(group.log(follower).readIndex()) instanceof ReadReply.Current;
        }
        group.isolate(leader);
        assertThat(result(group.log(leader).readIndex())).isInstanceOf(ReadReply.Unavailable.class);
    }

    @Test
    void shouldLeadInALaterTermOnlyWhenSteppedDown() {
        PeerId old = awaitLeader();
        long term = group.machine(old).leads();
        group.log(old).stepDown();
        group.await(
                "leadership of term " + term + " ends", () -> group.machine(old).lost(term));
        PeerId next = awaitLeader();
        assertThat(group.machine(next).leads()).isGreaterThan(term);
        assertAllAgree();
    }

    @Test
    void shouldHandOverWhenLeadershipIsTransferred() {
        commit("before the transfer");
        awaitAppliedEverywhere("before the transfer");
        PeerId old = awaitLeader();
        PeerId successor = otherThan(old);
        if (result(group.log(old).transferLeadership(successor))) {
            group.await("the successor leads", () -> leads(successor) || !leads(old));
        }
        assertAllAgree();
    }

    @Test
    void shouldCatchUpWhenANodeWasDownDuringCommits() {
        PeerId down = otherThan(awaitLeader());
        group.stop(down);
        for (int i = 0; i < 20; i++) {
            commit("while down " + i);
        }
        group.start(down);
        awaitAppliedEverywhere("while down 19");
        assertAllAgree();
    }

    // ---- changes of the peers

    /** What the leader says the peers are, as ids. */
    private List<PeerId> peersNow() {
        return group.log(awaitLeader()).peers().stream().map(Peer::id).toList();
    }

    private ChangeReply change(PeerChange change) {
        ReplicatedLog log = group.log(awaitLeader());
        return result(log.changePeers(log.peers(), change));
    }

    /** Asks whoever leads until it is done; for tests that do not test how it gets there. */
    private void changeSurely(PeerChange change, List<PeerId> expected) {
        ChangeReply last = new ChangeReply.Unknown("not asked");
        for (int attempts = 0; attempts < CHANGE_ATTEMPTS && !peersNow().equals(expected); attempts++) {
            last = change(change);
        }
        assertThat(peersNow()).as("after %s", last).isEqualTo(expected);
    }

    private List<PeerId> with(PeerId newcomer) {
        List<PeerId> all = new ArrayList<>(group.peers());
        all.add(newcomer);
        return all;
    }

    private PeerId join() {
        PeerId newcomer = group.install();
        group.start(newcomer);
        changeSurely(new PeerChange.Add(group.address(newcomer)), with(newcomer));
        return newcomer;
    }

    /** Hands leadership to one of the first three if need be, then removes the newcomer. */
    private void leave(PeerId newcomer) {
        while (awaitLeader().equals(newcomer)) {
            result(group.log(newcomer).transferLeadership(group.peers().getFirst()));
        }
        changeSurely(new PeerChange.Remove(newcomer), group.peers());
    }

    private void retire(PeerId newcomer) {
        leave(newcomer);
        group.stop(newcomer);
        assertAllAgree();
    }

    @Test
    void shouldNameTheSamePeersEverywhereWhenNothingWasChanged() {
        commit("peers are known");
        awaitAppliedEverywhere("peers are known");
        List<Peer> expected = group.peers().stream().map(group::address).toList();
        for (PeerId peer : group.peers()) {
            assertThat(group.log(peer).peers()).isEqualTo(expected);
            assertThat(group.machine(peer).configured()).isEqualTo(expected);
        }
    }

    @Test
    void shouldHandEverythingToAPeerWhenItIsAdded() {
        commit("before the newcomer");
        PeerId newcomer = join();
        commit("after the newcomer");
        group.await("the newcomer applies all", () -> group.machine(newcomer).hasApplied("after the newcomer"));
        assertThat(group.machine(newcomer).applied())
                .startsWith(group.machine(awaitLeader()).applied().getFirst())
                .containsAll(group.machine(awaitLeader()).applied());
        for (PeerId node : with(newcomer)) {
            group.await(
                    node + " is told of four",
                    () -> group.machine(node).configured().size() == 4);
            assertThat(group.log(node).peers()).extracting(Peer::id).isEqualTo(with(newcomer));
        }
        retire(newcomer);
    }

    @Test
    void shouldCountANewPeerForTheMajorityWhenOthersAreDown() {
        PeerId newcomer = join();
        PeerId down = group.peers().stream()
                .filter(each -> !each.equals(awaitLeader()))
                .findFirst()
                .orElseThrow();
        group.stop(down);
        commit("three of four");
        // Two of four are no majority, though they were one of three.
        PeerId leader = awaitLeader();
        PeerId third = leader.equals(newcomer) ? otherThan(down) : newcomer;
        group.stop(third);
        CompletableFuture<ProposeReply> halved = propose(leader, "two of four");
        assertThat(result(group.log(leader).readIndex())).isInstanceOf(ReadReply.Unavailable.class);
        assertThat(group.machine(leader).hasApplied("two of four")).isFalse();
        group.start(third);
        commit("three of four again");
        result(halved);
        group.start(down);
        awaitAppliedEverywhere("three of four again");
        retire(newcomer);
    }

    @Test
    void shouldSendNothingMoreToAPeerWhenItIsRemoved() {
        PeerId removed = join();
        commit("while a peer");
        group.await("the newcomer applies", () -> group.machine(removed).hasApplied("while a peer"));
        leave(removed);
        commit("after removal");
        awaitAppliedEverywhere("after removal");
        group.await("it is told", () -> group.machine(removed).wasRemoved());
        assertThat(group.log(removed).role()).isEqualTo(Role.STOPPED);
        assertThat(group.log(removed).peers()).isEmpty();
        assertThat(result(propose(removed, "of the removed"))).isInstanceOf(ProposeReply.Refused.class);
        assertThat(result(group.log(removed).readIndex())).isInstanceOf(ReadReply.Unavailable.class);
        assertThat(group.machine(removed).hasApplied("after removal")).isFalse();
        assertThat(group.machine(removed).failure()).isNull();
        group.stop(removed);
        assertAllAgree();
    }

    @Test
    void shouldNotLeadWhenARemovedPeerIsStartedAgain() {
        PeerId removed = join();
        leave(removed);
        group.stop(removed);
        long term = group.log(awaitLeader()).term();
        group.start(removed);
        // Two of three without it, so that it would be needed if it still counted; and an election that it may join.
        PeerId old = awaitLeader();
        group.stop(old);
        commit("by the two that are left");
        assertThat(awaitLeader()).isNotEqualTo(removed);
        assertThat(group.log(awaitLeader()).term()).isGreaterThan(term);
        assertThat(group.machine(removed).readyTerms()).isEmpty();
        assertThat(group.machine(removed).hasApplied("by the two that are left"))
                .isFalse();
        group.start(old);
        group.stop(removed);
        assertAllAgree();
    }

    @Test
    void shouldRefuseAChangeWhenThisNodeDoesNotLead() {
        PeerId follower = otherThan(awaitLeader());
        ReplicatedLog log = group.log(follower);
        assertThat(result(log.changePeers(log.peers(), new PeerChange.Remove(awaitLeader()))))
                .isInstanceOf(ChangeReply.Refused.class);
        assertThat(peersNow()).isEqualTo(group.peers());
    }

    @Test
    void shouldRefuseAChangeWhenThePeersAreNotThoseExpected() {
        PeerId leader = awaitLeader();
        List<Peer> stale = group.log(leader).peers().subList(0, 2);
        assertThat(result(group.log(leader).changePeers(stale, new PeerChange.Remove(otherThan(leader)))))
                .isInstanceOf(ChangeReply.Refused.class);
        assertThat(peersNow()).isEqualTo(group.peers());
    }

    @Test
    void shouldRefuseAChangeWhenItMakesNoSense() {
        PeerId leader = awaitLeader();
        Peer known = group.address(otherThan(leader));
        for (PeerChange senseless : List.of(
                new PeerChange.Remove(leader),
                new PeerChange.Remove(new PeerId("nobody")),
                new PeerChange.Add(known),
                new PeerChange.Add(new Peer(new PeerId("namesake"), known.host(), known.port())))) {
            assertThat(change(senseless)).isInstanceOf(ChangeReply.Refused.class);
        }
        assertThat(peersNow()).isEqualTo(group.peers());
    }

    @Test
    void shouldRefuseToAddAPeerWhenItIsNotHeardOf() {
        PeerId absent = group.install();
        assertThat(change(new PeerChange.Add(group.address(absent)))).isInstanceOf(ChangeReply.Refused.class);
        assertThat(peersNow()).isEqualTo(group.peers());
        commit("after the refusal");
        assertAllAgree();
    }

    @Test
    void shouldGoOnCommittingWhenThePeersChange() {
        PeerId newcomer = group.install();
        group.start(newcomer);
        boolean undisturbed = false;
        for (int round = 0; !undisturbed; round++) {
            PeerId leader = awaitLeader();
            ReplicatedLog log = group.log(leader);
            boolean adds = peersNow().equals(group.peers());
            CompletableFuture<ChangeReply> changed = log.changePeers(
                    log.peers(), adds ? new PeerChange.Add(group.address(newcomer)) : new PeerChange.Remove(newcomer));
            List<CompletableFuture<ProposeReply>> replies = new ArrayList<>();
            do {
                replies.add(propose(leader, "during change " + round + " " + replies.size()));
                result(replies.getLast());
            } while (!changed.isDone());
            undisturbed = adds
                    && result(changed) instanceof ChangeReply.Changed
                    && replies.stream().map(this::result).allMatch(ProposeReply.Committed.class::isInstance);
        }
        retire(newcomer);
    }

    @Test
    void shouldAnswerAsStoppedWhenClosed() {
        PeerId node = otherThan(awaitLeader());
        ReplicatedLog log = group.log(node);
        group.stop(node);
        assertThat(log.role()).isEqualTo(Role.STOPPED);
        assertThat(log.leader()).isNull();
        assertThat(result(log.propose(1, new byte[1]))).isInstanceOf(ProposeReply.Refused.class);
        assertThat(result(log.readIndex())).isInstanceOf(ReadReply.Unavailable.class);
        assertThat(log.peers()).isEmpty();
        assertThat(result(log.changePeers(List.of(), new PeerChange.Remove(node))))
                .isInstanceOf(ChangeReply.Refused.class);
        log.nudge();
        log.stepDown();
        log.close();
    }
}
