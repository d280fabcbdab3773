package coco.governance.ledger;

import coco.governance.cose.CoseSign1;
import coco.ledgers.api.Offer;

/** Offers to the administrative ledger, for {@link coco.ledgers.api.LedgerContext#submit}. */
public final class GovernanceOffers {
    private GovernanceOffers() {}

    /**
     * A signed message. The offer's id is the message's id, and a proposal's id is that of its message.
     *
     * @param serviceId 32 bytes
     */
    public static Offer signed(CoseSign1 message, byte[] serviceId) {
        throw new UnsupportedOperationException();
    }

    /** A node's request to join, verified by the node that it knocked at. */
    public static Offer join(JoinRequest request) {
        throw new UnsupportedOperationException();
    }
}
