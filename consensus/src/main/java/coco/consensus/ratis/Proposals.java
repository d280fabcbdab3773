package coco.consensus.ratis;

import coco.consensus.Invariant;
import coco.consensus.LogPosition;
import coco.consensus.ProposeReply;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * The proposals of this node that are under way, and the one place where their outcome is decided.
 *
 * <p>Ratis' own replies decide as little as possible, because they are wrong in two directions. A <em>success</em> may
 * come from its cache of earlier replies, which log replay fills again, without anything having been appended: hence a
 * new random client id for every pipeline, and success is believed only of a proposal that was seen in apply. A
 * <em>failure</em> may come after the entry was appended: hence a failure is Refused only if the entry never passed
 * {@code preAppend}, the last step before appending, and Unknown otherwise.
 *
 * <p>Threads: {@link #begin} on the proposer's, the rest on any.
 */
final class Proposals {
    private record Key(ByteString client, long callId) {}

    /** One payload on its way into the log. */
    static final class Proposal {
        private final Key key;
        private final byte[] payload;
        private final CompletableFuture<ProposeReply> reply = new CompletableFuture<>();
        private final long appliedBefore;
        private volatile boolean admitted;
        private volatile @Nullable LogPosition position;

        private Proposal(Key key, byte[] payload, long appliedBefore) {
            this.key = key;
            this.payload = payload;
            this.appliedBefore = appliedBefore;
        }

        ByteString clientId() {
            return key.client();
        }

        byte[] payload() {
            return payload;
        }

        CompletableFuture<ProposeReply> reply() {
            return reply;
        }

        /** It passed the veto: from now on it may be in the log. */
        void admitted() {
            admitted = true;
        }
    }

    private final ConcurrentMap<Key, Proposal> underWay = new ConcurrentHashMap<>();
    private final AtomicLong lastApplied = new AtomicLong(-1);
    private volatile boolean renewClient = true;
    private ByteString client = ByteString.EMPTY;
    private long lastCallId;

    /** The next proposal begins a new pipeline, under a new client id. */
    void newPipeline() {
        renewClient = true;
    }

    Proposal begin(long callId, byte[] payload) {
        if (renewClient || callId <= lastCallId) {
            renewClient = false;
            client = ClientId.randomId().toByteString();
        }
        lastCallId = callId;
        Proposal proposal = new Proposal(new Key(client, callId), payload, lastApplied.get());
        Proposal before = underWay.put(proposal.key, proposal);
        Invariant.check(before == null, "two proposals share client id and call id");
        return proposal;
    }

    /** The proposal that this request carries; null if it is none of ours. */
    @Nullable
    Proposal find(ByteString clientId, long callId) {
        return underWay.get(new Key(clientId, callId));
    }

    /** An entry is being applied; answers the proposal that it came from, if that is still under way here. */
    @Nullable
    Proposal applying(ByteString clientId, long callId, LogPosition position) {
        long before = lastApplied.getAndSet(position.index());
        Invariant.check(
                position.index() > before, () -> "entry " + position.index() + " applied after entry " + before);
        Proposal proposal = find(clientId, callId);
        if (proposal != null) {
            proposal.position = position;
        }
        return proposal;
    }

    /** Entries up to this index are behind us. */
    void startAt(long index) {
        lastApplied.set(index);
    }

    /** Its effects are visible on this node. */
    void applied(Proposal proposal) {
        LogPosition position = proposal.position;
        Invariant.check(position != null, "a proposal was applied nowhere");
        if (position != null) {
            finish(proposal, new ProposeReply.Committed(position));
        }
    }

    /** Ratis answered success at this index; apply has completed the proposal before, or something is very wrong. */
    void succeeded(Proposal proposal, long index) {
        LogPosition position = proposal.position;
        Invariant.check(
                position != null && position.index() == index && index > proposal.appliedBefore,
                () -> "proposal " + proposal.key.callId() + " was answered with success at index " + index
                        + ", which was not applied for it (" + position + ", before it " + proposal.appliedBefore
                        + ")");
    }

    /** Ratis answered with a failure. */
    void failed(Proposal proposal, String why) {
        newPipeline();
        if (proposal.position != null) {
            // Apply has it in hand and will answer.
            return;
        }
        finish(proposal, proposal.admitted ? new ProposeReply.Unknown(why) : new ProposeReply.Refused(why));
    }

    /** Nothing will be applied any more. */
    void abandon(String why) {
        underWay.values().forEach(proposal -> finish(proposal, new ProposeReply.Unknown(why)));
    }

    private void finish(Proposal proposal, ProposeReply reply) {
        underWay.remove(proposal.key, proposal);
        proposal.reply.complete(reply);
    }
}
