package coco.core;

import coco.consensus.PeerId;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Verdict;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How this node speaks to the leader: mutually authenticated, attested at both ends, ordered per peer. A failed future
 * says nothing about whether the message was handled.
 */
public interface NodeChannel {
    /**
     * Offers transactions; what comes back is in the same order.
     *
     * @param again as in {@link coco.ledgers.api.Ledger#offer}
     */
    CompletableFuture<Verdicts> forward(PeerId leader, List<Offer> offers, boolean again);

    /** Puts a ledger's question to the leader. */
    CompletableFuture<byte[]> ask(PeerId leader, String ledger, byte[] question);

    /**
     * The leader's answer.
     *
     * @param height the height up to which the leader had executed when it judged. A refusal holds at a node only once
     *     that node has applied this height: until then the transaction may itself be why it was refused
     */
    record Verdicts(long height, List<Verdict> verdicts) {
        public Verdicts {
            verdicts = List.copyOf(verdicts);
        }
    }
}
