package coco.governance.ledger;

import coco.governance.Constitution;
import coco.governance.GovernanceLimits;
import coco.governance.Member;
import coco.governance.Participant;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.MalformedCoseException;
import coco.governance.cose.SignerEntry;
import coco.governance.cose.Verification;
import coco.governance.document.DocumentException;
import coco.ledgers.api.Rejection;
import java.security.PublicKey;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/** The checks of a signed message that need nothing but the constitution: who, for which service, until when. */
final class Envelope {
    private Envelope() {}

    sealed interface Opening permits Opened, Refused {}

    /**
     * A message that a member signed for this service and that has not expired.
     *
     * @param id of the message, 32 bytes
     * @param member id of the signer's entry
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Opened(byte[] id, String member, Message message) implements Opening {}

    record Refused(Rejection reason) implements Opening {}

    /**
     * Opens a message.
     *
     * @param height of the block for which it is judged
     * @param at service time of that block
     */
    static Opening open(byte[] content, byte[] serviceId, Constitution constitution, long height, Instant at) {
        CoseSign1 signed;
        Message message;
        try {
            signed = CoseSign1.decode(content);
            if (!signed.contentType().equals(CoseSign1.GOVERNANCE_CONTENT)) {
                return refused(Refusal.MALFORMED, "the content type is not " + CoseSign1.GOVERNANCE_CONTENT);
            }
            message = Message.parse(signed.payload());
        } catch (MalformedCoseException | DocumentException malformed) {
            return refused(Refusal.MALFORMED, String.valueOf(malformed.getMessage()));
        }
        Opening signer = authenticate(signed, message, serviceId, constitution, at);
        if (signer instanceof Refused) {
            return signer;
        }
        Message.Binding binding = message.binding();
        if (binding.generation() != constitution.generation()) {
            return refused(
                    Refusal.OTHER_GENERATION,
                    "made under generation " + binding.generation() + ", " + constitution.generation()
                            + " is in force");
        }
        if (binding.expires() <= height) {
            return refused(Refusal.EXPIRED, "it counted below height " + binding.expires());
        }
        if (binding.expires() - height > GovernanceLimits.MESSAGE_BLOCKS) {
            return refused(
                    Refusal.EXPIRES_TOO_LATE,
                    "a message counts for at most " + GovernanceLimits.MESSAGE_BLOCKS + " blocks");
        }
        return signer;
    }

    /** The part of it that costs most: which member signed it for this service, if any. */
    static Opening authenticate(
            CoseSign1 signed, Message message, byte[] serviceId, Constitution constitution, Instant at) {
        String service = message.binding().service();
        // Before the signature, which covers the service: whoever signed for another one shall learn that.
        return service.equals(HexFormat.of().formatHex(serviceId))
                ? signer(signed, message, CoseSign1.externalAad(serviceId), constitution, at)
                : refused(Refusal.OTHER_SERVICE, "made for the service " + service);
    }

    private static Opening signer(
            CoseSign1 signed, Message message, byte[] externalAad, Constitution constitution, Instant at) {
        for (Member member : constitution.members()) {
            SignerEntry entry = new SignerEntry(member.certificate(), member.governanceUsage());
            if (signed.names(entry)) {
                if (leadsThroughAnother(signed, member, constitution)) {
                    return refused(Refusal.CHAIN, "a certificate of the chain is another actor's entry");
                }
                return switch (signed.verify(entry, externalAad, at)) {
                    case Verification.Valid valid ->
                        new Opened(signed.contentDigest(externalAad), member.id(), message);
                    case Verification.Refused(Verification.Reason reason, String words) ->
                        refused(refusal(reason), words);
                };
            }
        }
        for (Participant participant : constitution.participants()) {
            if (signed.names(new SignerEntry(participant.certificate(), null))) {
                return refused(Refusal.NOT_A_MEMBER, participant.id() + " is a participant, who has no vote");
            }
        }
        return refused(Refusal.UNKNOWN_SIGNER, "no member of the constitution in force has this certificate");
    }

    /** Whoever is below two entries, not next to one another, could otherwise speak for both. */
    private static boolean leadsThroughAnother(CoseSign1 signed, Member signer, Constitution constitution) {
        Set<PublicKey> others = new HashSet<>();
        constitution.members().stream()
                .filter(member -> !member.id().equals(signer.id()))
                .forEach(member -> others.add(member.certificate().getPublicKey()));
        constitution
                .participants()
                .forEach(each -> others.add(each.certificate().getPublicKey()));
        return signed.chain().stream().anyMatch(certificate -> others.contains(certificate.getPublicKey()));
    }

    private static Refusal refusal(Verification.Reason reason) {
        return switch (reason) {
            case SIGNER -> Refusal.UNKNOWN_SIGNER;
            case CHAIN -> Refusal.CHAIN;
            case USAGE -> Refusal.USAGE;
            case ALGORITHM, SIGNATURE -> Refusal.SIGNATURE;
        };
    }

    private static Opening refused(Refusal refusal, String words) {
        return new Refused(refusal.because(words));
    }
}
