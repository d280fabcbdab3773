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
 * What every {@link ReplicatedLog} must do. One group serves all tests; each leaves it with three running nodes. Tests
 * name their payloads after themselves, so they need not know what earlier ones left in the log.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ReplicatedLogContract {
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
            group.peers().stream().filter(this::leads).forEach(found::add);
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

    @Test
    void shouldAnswerAsStoppedWhenClosed() {
        PeerId node = otherThan(awaitLeader());
        ReplicatedLog log = group.log(node);
        group.stop(node);
        assertThat(log.role()).isEqualTo(Role.STOPPED);
        assertThat(log.leader()).isNull();
        assertThat(result(log.propose(1, new byte[1]))).isInstanceOf(ProposeReply.Refused.class);
        assertThat(result(log.readIndex())).isInstanceOf(ReadReply.Unavailable.class);
        log.nudge();
        log.stepDown();
        log.close();
    }
}
