package coco.consensus;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One node's end of the replicated log.
 *
 * <p>Lifecycle: {@link #start} once, then anything, then {@link #close}. Before start and after close the queries
 * answer {@link Role#STOPPED}, null and 0, and requests are refused or unavailable. All methods but {@link #propose}
 * may be called from any thread; none may be called from within {@link StateMachine#preAppend}.
 */
public interface ReplicatedLog extends AutoCloseable {
    /**
     * Checks what lies on disk, opens the node channel and joins the group. Callbacks may begin before this returns:
     * first the replay of what is above {@link StateMachine#durable} as far as it is known to be committed.
     *
     * @throws ConsensusException if storage is damaged or lost, or the channel cannot be opened
     */
    void start(StateMachine machine);

    /**
     * Offers {@code payload} to the log; leader only, else refused.
     *
     * <p>Call it from one thread only: the order of calls is the order in the log. It returns when the payload has been
     * appended to this node's log (or was refused), about a millisecond; only a full disk queue holds it longer. {@link
     * StateMachine#preAppend} has then been called, on another thread, so the caller must hold no lock that {@code
     * preAppend} takes. The future completes after commit and apply, on a thread that must not be blocked.
     *
     * @param callId the proposal's number, by which a retry would be known: the height. Numbers need not be contiguous;
     *     the same number may be used again after the first use was refused or became unknown
     * @param payload not changed by either side afterwards
     */
    CompletableFuture<ProposeReply> propose(long callId, byte[] payload);

    /**
     * Confirms with a majority, once, that this node has applied all that was committed at the time of the call. Any
     * node may ask.
     */
    CompletableFuture<ReadReply> readIndex();

    /**
     * Tells followers the newest commit index now. The commit index otherwise travels with the next payload or
     * heartbeat, so that followers would apply the last block of a burst late. Called by the leader when its pipeline
     * has drained; elsewhere it does nothing. Returns at once; repeated calls are merged.
     */
    void nudge();

    /** Gives up leadership, if this node has it; asynchronous. {@link StateMachine#notLeader} tells when it is done. */
    void stepDown();

    /**
     * Asks {@code successor} to take over. Proposals are refused from now until it has, or until the attempt has
     * failed.
     *
     * @return true if another node leads afterwards; false if this node did not lead, or still does
     */
    CompletableFuture<Boolean> transferLeadership(PeerId successor);

    /**
     * The voting peers as this node's log has them, by id; empty when the log does not run, and at a node that waits to
     * be added. At a leader a change shows when it can no longer fail, a little before it is committed; elsewhere when
     * the node hears of it, which a removed one may never do.
     */
    List<Peer> peers();

    /**
     * Adds or removes one peer; leader only, else refused. Proposals go on meanwhile.
     *
     * <p>Refused without effect: if the peers are not those expected; while another change, or a transfer of
     * leadership, is under way or the leader is not ready; if a new peer is not heard of, or stops catching up, for a
     * few seconds. A new peer counts for the majority only when it has caught up.
     *
     * <p>A removed peer is sent nothing from the moment of the change, and may learn of it only by asking for votes: it
     * should be admitted to the node channel until {@link StateMachine#removed} came there, or it was stopped.
     *
     * @param expected the peers that the change starts from, in any order: whoever decides on a change decides on
     *     what it leads to
     */
    CompletableFuture<ChangeReply> changePeers(List<Peer> expected, PeerChange change);

    Role role();

    /** Who leads as far as this node knows; null when nobody is known to. */
    @Nullable
    PeerId leader();

    /** The newest term this node has seen. Safe to call within {@link StateMachine#preAppend}. */
    long term();

    /** Leaves without giving up membership; idempotent. No callback runs after it has returned. */
    @Override
    void close();
}
