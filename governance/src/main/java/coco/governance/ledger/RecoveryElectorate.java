package coco.governance.ledger;

import coco.crypto.Certificates;
import coco.governance.Constitution;
import coco.governance.GovernanceLimits;
import coco.governance.Member;
import coco.governance.cose.CoseSign1;
import coco.governance.cose.MalformedCoseException;
import coco.governance.cose.SignerEntry;
import coco.governance.cose.Verification;
import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who recovers a service, for whoever does not know its constitution: the members' entries, and how many ballots it
 * takes. A generation's key signs it ({@link coco.journal.Electorate} in the journal).
 *
 * @param ballots how many decide
 * @param members who may cast one
 */
public record RecoveryElectorate(int ballots, List<Voter> members) {
    /** Copies the list. */
    public RecoveryElectorate {
        members = List.copyOf(members);
    }

    /**
     * One member.
     *
     * @param id of the member
     * @param entry what its signatures are verified by
     */
    public record Voter(String id, SignerEntry entry) {}

    /** Of this constitution; null if it allows no recovery. */
    public static @Nullable RecoveryElectorate of(Constitution constitution) {
        int ballots = RecoveryProposal.ballotsNeeded(constitution);
        List<Voter> voters =
                constitution.members().stream().map(RecoveryElectorate::voter).toList();
        return ballots == 0 ? null : new RecoveryElectorate(ballots, voters);
    }

    private static Voter voter(Member member) {
        return new Voter(member.id(), new SignerEntry(member.certificate(), member.governanceUsage()));
    }

    /**
     * Reads {@link #bytes}.
     *
     * @throws DocumentException if it is something else
     */
    public static RecoveryElectorate parse(byte[] json) {
        Fields fields = new Fields(Documents.json(json, ""), "");
        RecoveryElectorate electorate =
                new RecoveryElectorate(fields.integer("ballots"), fields.list("members", RecoveryElectorate::voter));
        fields.finish();
        if (electorate.ballots() < 1 || electorate.members().size() > GovernanceLimits.ACTORS) {
            throw new DocumentException("ballots", "out of range");
        }
        if (!Arrays.equals(electorate.bytes(), json)) {
            throw new DocumentException("", "not in canonical form");
        }
        return electorate;
    }

    private static Voter voter(Fields fields) {
        try {
            return new Voter(
                    fields.text("id"),
                    new SignerEntry(
                            fields.certificate("certificate"),
                            fields.ifPresent("governanceUsage", usage -> fields.text("governanceUsage"))));
        } catch (IllegalArgumentException unsuitable) {
            throw new DocumentException(fields.at("certificate"), String.valueOf(unsuitable.getMessage()));
        }
    }

    /** Canonical JSON. */
    public byte[] bytes() {
        ObjectNode json = Documents.object().put("ballots", ballots);
        ArrayNode list = json.putArray("members");
        for (Voter voter : members) {
            ObjectNode each = list.addObject()
                    .put("id", voter.id())
                    .put("certificate", Certificates.toPem(voter.entry().certificate()));
            if (voter.entry().governanceUsage() != null) {
                each.put("governanceUsage", voter.entry().governanceUsage());
            }
        }
        return CanonicalJson.write(json, "").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Whether enough of them voted for this recovery.
     *
     * @param serviceId 32 bytes
     * @param generation of the service before it
     */
    public boolean decided(RecoveryRecord record, byte[] serviceId, int generation) {
        RecoveryProposal proposal = record.proposal();
        String service = HexFormat.of().formatHex(serviceId);
        if (!proposal.service().equals(service) || proposal.generation() <= generation) {
            return false;
        }
        Set<String> voted = new HashSet<>();
        for (byte[] ballot : record.ballots()) {
            String member = signer(ballot, proposal, serviceId, generation);
            if (member == null || !voted.add(member)) {
                return false;
            }
        }
        return voted.size() >= ballots;
    }

    /** Who cast this ballot; null if it does not count. */
    private @Nullable String signer(byte[] ballot, RecoveryProposal proposal, byte[] serviceId, int generation) {
        try {
            CoseSign1 signed = CoseSign1.decode(ballot);
            if (!signed.contentType().equals(CoseSign1.GOVERNANCE_CONTENT)
                    || !(Message.parse(signed.payload()) instanceof Message.Recover vote)
                    || !vote.binding().service().equals(proposal.service())
                    || vote.binding().generation() != generation
                    || !vote.recovery().equals(proposal.digest())
                    || vote.rollback() == proposal.rollback().isEmpty()) {
                return null;
            }
            byte[] aad = CoseSign1.externalAad(serviceId);
            // Members' certificates were judged by the service's time when the recovery was; this is about that time.
            Instant at = Objects.requireNonNull(proposal.serviceCertificate().getNotBefore())
                    .toInstant()
                    .plus(RecoveryProposal.CERTIFICATE_EARLIER);
            return members.stream()
                    .filter(voter -> signed.names(voter.entry())
                            && signed.verify(voter.entry(), aad, at) instanceof Verification.Valid)
                    .map(Voter::id)
                    .findFirst()
                    .orElse(null);
        } catch (MalformedCoseException | DocumentException malformed) {
            return null;
        }
    }
}
