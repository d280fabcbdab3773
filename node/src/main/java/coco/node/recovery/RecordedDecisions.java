package coco.node.recovery;

import coco.governance.Constitution;
import coco.governance.document.DocumentException;
import coco.governance.ledger.GovernanceReplay;
import coco.governance.ledger.RecoveryProposal;
import coco.governance.ledger.RecoveryRecord;
import coco.governance.ledger.RecoveryRecord.Judgement;
import coco.journal.JournalVerifier;
import coco.journal.JournalVerifier.Decision;
import coco.journal.PublicWritesReader.PublicFacts;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import coco.journal.ServiceIdentity;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Judges a network's governance again from what stands in public in its blocks: each signature and rule, and that
 * generations and sealers are those of the constitution that follows from them. A generation that no key endorses is
 * judged by the ballots of members that its block carries: that they are enough, and mean this very chain, node and
 * key. After the first difference nothing more is judged, since everything later stands on it.
 */
public final class RecordedDecisions implements JournalVerifier.Decisions {
    private final HeaderHashes headers = new HeaderHashes();
    private byte[] serviceId = new byte[0];
    private @Nullable GovernanceReplay replay;

    /** Everything decided so far; null if nobody governs the network, or something did not hold. */
    @Nullable
    GovernanceReplay replay() {
        return replay;
    }

    /** Header hash at a height, hexadecimal; null if the journal does not reach it. */
    @Nullable
    String headerHash(long height) {
        return headers.at(height);
    }

    @Override
    public Decision judge(SealedBlock block, PublicFacts facts) {
        if (block.header().height() == 0) {
            begin(block, facts);
        }
        GovernanceReplay judge = replay;
        Decision decision = judge == null ? Decision.SKIPPED : judge(judge, block, facts);
        if (decision.problem() != null) {
            replay = null;
        }
        headers.add(block.header().height(), block.headerHash());
        return decision;
    }

    private void begin(SealedBlock block, PublicFacts facts) {
        byte[] document = facts.genesisDocument();
        serviceId = block.header().serviceId();
        try {
            // Networks without an administrative ledger decide nothing.
            if (document != null && GovernanceReplay.isGoverned(block.publicWrites())) {
                replay = new GovernanceReplay(serviceId, document);
            }
        } catch (DocumentException malformed) {
            replay = null;
        }
    }

    private Decision judge(GovernanceReplay judge, SealedBlock block, PublicFacts facts) {
        long height = block.header().height();
        Constitution before = height == 0 ? null : judge.constitution();
        if (before != null && !facts.recovers() && block.header().generation() != before.generation()) {
            return new Decision(
                    true,
                    "sealed under generation " + block.header().generation() + ", decided was " + before.generation());
        }
        String problem =
                judge.block(height, block.publicWrites(), block.header().timestampSeconds());
        if (problem == null) {
            problem = unlisted(judge.constitution(), facts, height);
        }
        if (problem == null) {
            problem = DealtShares.problem(block, facts, judge.constitution());
        }
        if (problem != null) {
            return new Decision(true, problem);
        }
        RecoveryRecord recovery = judge.recovery();
        if (before == null || (recovery == null && !facts.recovers())) {
            return Decision.RIGHT;
        }
        problem = recovery == null
                ? "begins a generation that no key endorses and no member voted for"
                : problem(recovery, before, block, facts);
        return problem == null && recovery != null
                ? Decision.recovery(recovery.proposal().firstWithoutEvidence())
                : new Decision(true, problem);
    }

    /** Whether ballots that are enough mean this block. */
    private @Nullable String problem(
            RecoveryRecord recovery, Constitution before, SealedBlock block, PublicFacts facts) {
        RecoveryProposal proposal = recovery.proposal();
        long height = block.header().height();
        ServiceIdentity identity = facts.identity();
        if (!facts.recovers() || identity == null) {
            return "carries a decision to recover, and does not begin a generation by it";
        }
        if (proposal.height() != height - 1 || !proposal.head().equals(headers.at(height - 1))) {
            return "the recovery that was decided goes on from another block than the one before";
        }
        if (proposal.generation() != block.header().generation()
                || identity.generation() != proposal.generation()
                || !identity.certificate().equals(proposal.serviceCertificate())) {
            return "the recovery that was decided begins another generation, or under another key";
        }
        if (!Arrays.equals(
                SealerChange.digest(proposal.node().certificate()),
                block.header().sealer())) {
            return "the recovery that was decided goes on with another node than the one that sealed this";
        }
        Instant at = Instant.ofEpochSecond(block.header().timestampSeconds());
        return switch (recovery.judge(serviceId, before, at)) {
            case Judgement.Undecided(String why) -> why;
            case Judgement.Decided decided -> {
                RecoveryProposal.KeptHead lacking =
                        RecoveryRecord.lacks(proposal, decided.ballots().values(), headers::at);
                yield lacking == null
                        ? null
                        : "lacks block " + lacking.height() + " with the hash " + lacking.hash()
                                + ", which a member kept and nobody gave up";
            }
        };
    }

    private static @Nullable String unlisted(Constitution constitution, PublicFacts facts, long height) {
        for (SealerChange change : facts.sealers()) {
            if (height > 0
                    && change instanceof SealerChange.Admitted(X509Certificate certificate, var endorsement)
                    && constitution.nodes().byCertificate(certificate) == null) {
                return "admits a sealer that no decision put on the list of nodes";
            }
        }
        return null;
    }
}
