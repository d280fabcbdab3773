package coco.node.recovery;

import coco.attestation.Claims;
import coco.attestation.Evidence;
import coco.attestation.EvidenceVerifier;
import coco.attestation.ReportData;
import coco.attestation.Verdict;
import coco.crypto.Hex;
import coco.crypto.Sha256;
import coco.governance.Constitution;
import coco.governance.RaftNodes;
import coco.governance.ledger.RecoveryProposal;
import coco.governance.ledger.RecoveryProposal.KeptHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has to hold before a recovery deserves a vote. A member looks at it on its own machine, with a copy of the
 * journal and whatever head it kept; nobody's word is taken.
 */
public final class RecoveryCheck {
    private static final byte[] FRESHNESS = "coco recovery evidence v1\0".getBytes(StandardCharsets.US_ASCII);

    private RecoveryCheck() {}

    /**
     * One thing that was looked at.
     *
     * @param check what
     * @param problem what is wrong; null if it holds
     * @param words what was seen
     */
    public record Finding(String check, @Nullable String problem, String words) {
        /** Whether it holds. */
        public boolean holds() {
            return problem == null;
        }
    }

    /**
     * What the evidence of a recovering node is fresh by, 96 bytes: a length that no node signs for anybody else. It
     * binds the journal's last block, and the key of the generation to come, which must have been made there.
     */
    public static byte[] freshness(byte[] headHash, PublicKey serviceKey) {
        return ByteBuffer.allocate(96)
                .put(Sha256.hash(FRESHNESS))
                .put(headHash)
                .put(Sha256.hash(serviceKey.getEncoded()))
                .array();
    }

    /**
     * Looks at everything.
     *
     * @param copy a journal that the checker has
     * @param kept newest head that the checker kept; null for none
     * @param at now
     */
    public static List<Finding> check(
            SurvivingJournal copy,
            RecoveryProposal proposal,
            @Nullable KeptHead kept,
            EvidenceVerifier verifier,
            Instant at) {
        List<Finding> findings = new ArrayList<>();
        String unreadable = copy.problem();
        findings.add(new Finding(
                "journal",
                unreadable,
                copy.report().blocks() + " blocks from genesis, height "
                        + copy.head().height()));
        if (unreadable != null) {
            return findings;
        }
        findings.add(service(copy, proposal));
        findings.add(head(copy, proposal));
        findings.add(lastBlocks(copy, proposal));
        findings.add(evidence(copy, proposal, verifier));
        findings.add(constitution(copy, proposal, at));
        findings.add(shares(copy));
        findings.add(kept(copy, proposal, kept));
        for (KeptHead given : proposal.rollback()) {
            findings.add(new Finding(
                    "rollback", null, "gives up block " + given.height() + " " + given.hash() + " and what followed"));
        }
        return findings;
    }

    private static Finding service(SurvivingJournal copy, RecoveryProposal proposal) {
        String id = Hex.encode(copy.serviceId());
        int next = copy.constitution().generation() + 1;
        String problem = null;
        if (!proposal.service().equals(id)) {
            problem = "the proposal is of the service " + proposal.service();
        } else if (proposal.generation() != next) {
            problem = "the next generation is " + next;
        }
        return new Finding("service", problem, id + ", generation " + proposal.generation());
    }

    private static Finding head(SurvivingJournal copy, RecoveryProposal proposal) {
        String own = copy.headerHash(proposal.height());
        String problem = null;
        if (!proposal.head().equals(own)) {
            problem = own == null
                    ? "this copy ends at height " + copy.head().height()
                    : "this copy has " + own + " at that height";
        } else if (copy.head().height() > proposal.height()) {
            problem = "this copy goes on to height " + copy.head().height() + ": the proposal would lose blocks";
        }
        return new Finding("head", problem, "height " + proposal.height() + ", " + proposal.head());
    }

    private static Finding lastBlocks(SurvivingJournal copy, RecoveryProposal proposal) {
        long first = copy.firstWithoutEvidence();
        String problem = first == proposal.firstWithoutEvidence()
                ? null
                : "this copy lacks nonces from " + first + " on, the proposal says " + proposal.firstWithoutEvidence();
        return new Finding(
                "last blocks",
                problem,
                first < 0
                        ? "all were proven committed"
                        : first + " to " + proposal.height() + " were found in a Raft log alone, and may be taken");
    }

    /** Against the constitution that was in force before: nobody else has said what may run. */
    private static Finding evidence(SurvivingJournal copy, RecoveryProposal proposal, EvidenceVerifier verifier) {
        Evidence evidence = Evidence.decode(proposal.evidence());
        if (evidence == null) {
            return new Finding("evidence", "malformed", "");
        }
        byte[] expected = ReportData.of(
                ReportData.Purpose.CHALLENGE,
                copy.serviceId(),
                proposal.node().certificate().getPublicKey(),
                proposal.node().wrappingKey(),
                freshness(copy.head().hash(), proposal.serviceCertificate().getPublicKey()));
        return switch (verifier.verify(evidence).expectingReportData(expected)) {
            case Verdict.Refused refused ->
                new Finding(
                        "evidence",
                        refused.check().label() + ": seen " + refused.seen() + ", allowed " + refused.allowed(),
                        evidence.platform().label());
            case Verdict.Incomplete incomplete ->
                new Finding(
                        "evidence",
                        "cannot be judged: " + incomplete.missing(),
                        evidence.platform().label());
            case Verdict.Verified verified -> admitted(copy.constitution(), verified.claims());
        };
    }

    private static Finding admitted(Constitution constitution, Claims claims) {
        String platform = claims.platform().label();
        String measurement = Hex.encode(claims.measurement());
        String problem = constitution.admitsNewcomer(platform, measurement)
                ? null
                : "the constitution admits no such code on that platform";
        return new Finding("evidence", problem, platform + ", measurement " + measurement);
    }

    private static Finding constitution(SurvivingJournal copy, RecoveryProposal proposal, Instant at) {
        Constitution before = copy.constitution();
        int needed = RecoveryProposal.ballotsNeeded(before);
        String problem = needed == 0 ? "it has no recovery threshold, and so allows no recovery" : null;
        Constitution.Situation situation =
                new Constitution.Situation(proposal.height(), at.getEpochSecond(), RaftNodes.listed(List.of()));
        if (problem == null
                && before.recovered(proposal.node(), situation)
                        instanceof Constitution.Application.Failed(String reason)) {
            problem = reason;
        }
        return new Finding(
                "constitution",
                problem,
                needed + " ballots and " + before.recoveryThreshold() + " shares decide; goes on with "
                        + proposal.node().id());
    }

    private static Finding shares(SurvivingJournal copy) {
        List<Long> missing = copy.epochsNotShared();
        return new Finding(
                "shares",
                missing.isEmpty() ? null : "nobody holds shares of the epochs " + missing,
                copy.sharesNeeded().size() + " records open all epochs");
    }

    private static Finding kept(SurvivingJournal copy, RecoveryProposal proposal, @Nullable KeptHead kept) {
        if (kept == null) {
            return new Finding("kept head", null, "you kept none: whether blocks are missing cannot be told");
        }
        boolean contained = kept.hash().equals(copy.headerHash(kept.height()));
        String problem = contained || proposal.rollback().contains(kept)
                ? null
                : "this journal lacks the head that you kept: blocks that were committed would be lost";
        return new Finding(
                "kept head",
                problem,
                "height " + kept.height() + ", " + kept.hash() + (contained ? ", is in this journal" : ""));
    }
}
