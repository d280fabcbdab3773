package coco.cli;

import coco.governance.Constitution;
import coco.governance.document.DocumentException;
import coco.governance.ledger.GovernanceReplay;
import coco.journal.JournalVerifier;
import coco.journal.JournalVerifier.Decision;
import coco.journal.PublicWritesReader.PublicFacts;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * Judges a network's governance again from what stands in public in its blocks: each signature and rule, and that
 * generations and sealers are those of the constitution that follows from them. After the first difference nothing more
 * is judged, since everything later stands on it.
 */
final class RecordedDecisions implements JournalVerifier.Decisions {
    private @Nullable GovernanceReplay replay;

    @Override
    public Decision judge(SealedBlock block, PublicFacts facts) {
        if (block.header().height() == 0) {
            begin(block, facts);
        }
        GovernanceReplay judge = replay;
        if (judge == null) {
            return Decision.SKIPPED;
        }
        String problem = problem(judge, block, facts);
        if (problem != null) {
            replay = null;
        }
        return new Decision(true, problem);
    }

    private void begin(SealedBlock block, PublicFacts facts) {
        byte[] document = facts.genesisDocument();
        try {
            // Networks without an administrative ledger decide nothing.
            if (document != null && GovernanceReplay.isGoverned(block.publicWrites())) {
                replay = new GovernanceReplay(block.header().serviceId(), document);
            }
        } catch (DocumentException malformed) {
            replay = null;
        }
    }

    private static @Nullable String problem(GovernanceReplay judge, SealedBlock block, PublicFacts facts) {
        long height = block.header().height();
        if (height > 0 && block.header().generation() != judge.constitution().generation()) {
            return "sealed under generation " + block.header().generation() + ", decided was "
                    + judge.constitution().generation();
        }
        String problem =
                judge.block(height, block.publicWrites(), block.header().timestampSeconds());
        return problem == null ? unlisted(judge.constitution(), facts, height) : problem;
    }

    private static @Nullable String unlisted(Constitution constitution, PublicFacts facts, long height) {
        for (SealerChange change : facts.sealers()) {
            if (height > 0
                    && change instanceof SealerChange.Admitted(X509Certificate certificate)
                    && constitution.nodes().byCertificate(certificate) == null) {
                return "admits a sealer that no decision put on the list of nodes";
            }
        }
        return null;
    }
}
