package coco.governance.ledger;

import coco.governance.Constitution;
import coco.governance.GovernanceLimits;
import coco.governance.GovernanceMaps;
import coco.governance.NodeEntry;
import coco.kv.Cursor;
import coco.kv.Transaction;
import coco.ledgers.api.Rejection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests to join that wait for a vote: one of each node's key, and some of each owner. So a new request can crowd out
 * nobody else's, and what one owner can have recorded in a minute is bounded.
 */
final class JoinQueue {
    private final Transaction state;

    JoinQueue(Transaction state) {
        this.state = state;
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Pending(byte[] key, JoinRequest.Stamp stamp) {}

    /**
     * Why there is no room for a request; null if there is. Costs no signature, and is asked before what does.
     *
     * @param atSeconds service time of the block
     */
    @Nullable
    Rejection noRoom(JoinRequest request, long atSeconds) {
        NodeEntry node = request.node();
        byte[] recorded = state.get(GovernanceMaps.JOINS, JoinRequest.key(node));
        if (recorded != null && request.asksTheSame(JoinRequest.recorded(recorded))) {
            return Refusal.ALREADY_PENDING.because("the request of " + node.id() + " waits for a vote");
        }
        Pending replaced = replaced(request);
        if (replaced != null && atSeconds < replaced.stamp().atSeconds() + GovernanceLimits.JOIN_SECONDS) {
            return Refusal.TOO_MANY_JOINS.because("requests of the nodes of " + request.owner()
                    + " wait for a vote; another one takes a place in " + GovernanceLimits.JOIN_SECONDS + " s");
        }
        return null;
    }

    /**
     * Records a request for which there is room.
     *
     * @param height of the block
     * @param atSeconds service time of the block
     */
    void record(JoinRequest request, long height, long atSeconds) {
        Pending replaced = replaced(request);
        if (replaced != null) {
            state.remove(GovernanceMaps.JOINS, replaced.key());
        }
        state.put(GovernanceMaps.JOINS, JoinRequest.key(request.node()), request.record(height, atSeconds));
    }

    /** What a request takes the place of: the same node's, or the oldest where its owner has all its places. */
    private @Nullable Pending replaced(JoinRequest request) {
        byte[] key = JoinRequest.key(request.node());
        byte[] recorded = state.get(GovernanceMaps.JOINS, key);
        if (recorded != null) {
            return new Pending(key, JoinRequest.stamp(recorded));
        }
        List<Pending> own = of(request.owner());
        return own.size() >= GovernanceLimits.JOINS_PER_OWNER ? oldest(own) : null;
    }

    private List<Pending> of(String owner) {
        return all().stream()
                .filter(pending -> pending.stamp().owner().equals(owner))
                .toList();
    }

    private List<Pending> all() {
        List<Pending> all = new ArrayList<>();
        Cursor cursor = state.scanPrefix(GovernanceMaps.JOINS, new byte[0]);
        while (cursor.next()) {
            all.add(new Pending(cursor.key(), JoinRequest.stamp(cursor.value())));
        }
        return all;
    }

    private static Pending oldest(List<Pending> own) {
        Pending oldest = own.getFirst();
        for (Pending pending : own) {
            if (pending.stamp().atSeconds() < oldest.stamp().atSeconds()) {
                oldest = pending;
            }
        }
        return oldest;
    }

    /** Takes out what this constitution has settled: nodes that are listed, and those of actors that are no more. */
    void settle(Constitution after) {
        after.nodes().nodes().forEach(node -> {
            byte[] key = JoinRequest.key(node);
            if (state.get(GovernanceMaps.JOINS, key) != null) {
                state.remove(GovernanceMaps.JOINS, key);
            }
        });
        for (Pending pending : all()) {
            String owner = pending.stamp().owner();
            if (!owner.isEmpty() && after.member(owner) == null && after.participant(owner) == null) {
                state.remove(GovernanceMaps.JOINS, pending.key());
            }
        }
    }
}
