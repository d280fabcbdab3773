package coco.consensus;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link ReplicatedLog} drives. Three kinds of callback, each on its own thread:
 *
 * <ul>
 *   <li><b>append</b>: {@link #preAppend}, on any thread, one call at a time, under Raft's own lock;
 *   <li><b>apply</b>: {@link #apply}, {@link #configured} and {@link #leaderReady}, on one thread, in log order;
 *   <li><b>events</b>: {@link #notLeader}, {@link #leaderChanged}, {@link #removed} and {@link #failed}, on one other
 *       thread, in no order against the first two: late, and more than once.
 * </ul>
 *
 * {@link #durable} is asked from any thread. An exception out of any callback is a broken invariant: the log stops and
 * reports it through {@link #failed}.
 */
public interface StateMachine {
    /**
     * The last look at a proposal of this node before it is appended, in the order of the log; the place for the fence.
     * Must neither block nor call the log (except {@link ReplicatedLog#term}).
     *
     * @param term the term the entry would get
     * @return null to let it in, else why not; vetoed payloads leave no gap and cost no leadership
     */
    @Nullable
    String preAppend(long term, byte[] payload);

    /**
     * Payload {@code payload} is committed at this position. On every node alike, proposer or not, from the same bytes.
     * Positions grow; indexes in between belong to entries of Raft's own. Positions at or below {@link #durable} may be
     * handed over again after a start.
     *
     * @return completes when the effects are visible on this node; a proposer's {@link ProposeReply.Committed} and a
     *     {@link ReadReply.Current} wait for it. It must not complete exceptionally.
     */
    CompletableFuture<?> apply(LogPosition position, byte[] payload);

    /**
     * The peers from this position on, by id, are committed. Often they are the same as before: each leader begins its
     * term by saying them again. What was committed at or below {@link #durable} is not told after a start; {@link
     * ReplicatedLog#peers} has it.
     */
    void configured(LogPosition position, List<Peer> peers);

    /**
     * This node leads {@code term} and has been handed everything committed before it: the only safe moment to begin
     * proposing. Comes at most once for a term, on the apply thread.
     */
    void leaderReady(long term);

    /**
     * This node's leadership of {@code term}, and of every earlier one, is over. Says nothing of later terms. May come
     * before {@link #leaderReady} of the same term, which is then void.
     */
    void notLeader(long term);

    /**
     * Who leads now, as far as this node knows. That nobody does is not always told; ask {@link ReplicatedLog#leader}.
     */
    void leaderChanged(@Nullable PeerId leader);

    /**
     * The log has ended, since this node is a peer no more as far as it can know: nothing will be applied any more, and
     * proposals under way become unknown. Comes at most once, and not at all if nobody can tell this node; closing the
     * log remains the owner's. A node that was told so during a change which was then dropped is still a peer,
     * and goes on when it is started again.
     */
    void removed();

    /**
     * The log has stopped for good (disk failure, broken invariant): nothing will be applied any more, proposals under
     * way become unknown, and the node no longer takes part. Comes once; closing the log remains the owner's.
     */
    void failed(Throwable cause);

    /**
     * The leader's log begins above what this node holds, so that nothing comes through the log any more. The machine
     * gets what it lacks by other ways, durably, and the log goes on behind it. Asked again when it fails; not asked
     * while it is at it. Called on a thread that must not be blocked.
     *
     * @param first where the leader's log begins
     * @return completes with {@link #durable}, at {@code first} minus one entry at least
     */
    default CompletableFuture<LogPosition> missing(LogPosition first) {
        return CompletableFuture.failedFuture(
                new UnsupportedOperationException("nothing but the log can bring what is missing before " + first));
    }

    /**
     * The position of the last entry that is durable outside the log, in the journal. Everything up to it may be purged
     * from the log, and replay after a start begins behind it. Never goes back. Must be cheap: no I/O.
     */
    LogPosition durable();
}
