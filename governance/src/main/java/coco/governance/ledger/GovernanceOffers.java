package coco.governance.ledger;

import coco.crypto.Sha256;
import coco.governance.Constitution;
import coco.governance.cose.CoseSign1;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Rejection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

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

    /** Whose word a message is. */
    public sealed interface Signer {
        /** This member's. */
        record Of(String member) implements Signer {}

        /** Nobody's that counts, for this reason. */
        record Nobody(Rejection reason) implements Signer {}
    }

    /**
     * Which member of this constitution has signed this, for this service. The ledger asks that again, and much
     * besides, on the thread that makes blocks: whoever is no member shall not get so far. Costs some signatures.
     *
     * @param serviceId 32 bytes
     * @param at service time
     */
    public static Signer signer(
            CoseSign1 signed, Message message, byte[] serviceId, Constitution constitution, Instant at) {
        return switch (Envelope.authenticate(signed, message, serviceId, constitution, at)) {
            case Envelope.Opened opened -> new Signer.Of(opened.member());
            case Envelope.Refused(Rejection reason) -> new Signer.Nobody(reason);
        };
    }

    /** A node's request to join, verified by the node that it knocked at. */
    public static Offer join(JoinRequest request) {
        byte[] content = request.encode();
        return new Offer(GovernanceLedgerFactory.ID, Sha256.hash(JOIN_LABEL, content), Submission.JOIN.frame(content));
    }
}
