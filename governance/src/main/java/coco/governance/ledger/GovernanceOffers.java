package coco.governance.ledger;

import coco.crypto.Sha256;
import coco.governance.cose.CoseSign1;
import coco.ledgers.api.Offer;
import java.nio.charset.StandardCharsets;

/** Offers to the administrative ledger, for {@link coco.ledgers.api.LedgerContext#submit}. */
public final class GovernanceOffers {
    private static final byte[] JOIN_LABEL = "coco join request v1\0".getBytes(StandardCharsets.US_ASCII);

    private GovernanceOffers() {}

    /**
     * A signed message. The offer's id is the message's id, and a proposal's id is that of its message.
     *
     * @param serviceId 32 bytes
     */
    public static Offer signed(CoseSign1 message, byte[] serviceId) {
        return new Offer(
                GovernanceLedgerFactory.ID,
                message.contentDigest(CoseSign1.externalAad(serviceId)),
                Submission.SIGNED.frame(message.bytes()));
    }

    /** A node's request to join, verified by the node that it knocked at. */
    public static Offer join(JoinRequest request) {
        byte[] content = request.encode();
        return new Offer(GovernanceLedgerFactory.ID, Sha256.hash(JOIN_LABEL, content), Submission.JOIN.frame(content));
    }
}
