package coco.node.recovery;

import coco.core.PublicState;
import coco.core.ServiceMaps;
import coco.governance.Constitution;
import coco.governance.ledger.GovernanceReplay;
import coco.journal.ChainHead;
import coco.journal.EpochShares;
import coco.journal.FileStorage;
import coco.journal.JournalLimits;
import coco.journal.JournalVerifier;
import coco.journal.JournalVerifier.Decision;
import coco.journal.MalformedException;
import coco.journal.PublicWritesReader.PublicFacts;
import coco.journal.Report;
import coco.journal.SealedBlock;
import coco.journal.ServiceIdentity;
import coco.journal.StartReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a journal, verified from genesis with the service certificate alone, and what it says in public. No secret
 * is needed, and none is learnt.
 */
public final class SurvivingJournal {
    private final Path folder;
    private final Report report;
    private final StartReport.@Nullable Note cut;
    private final Collector found;

    private SurvivingJournal(Path folder, JournalVerifier.Survivor judged, Collector found) {
        this.folder = folder;
        this.report = judged.report();
        this.cut = judged.cut();
        this.found = found;
    }

    /**
     * Reads a copy.
     *
     * @param place a journal's folder, or a node's data folder
     * @param service the service's first certificate
     * @throws coco.journal.JournalException if it cannot be read
     */
    public static SurvivingJournal open(Path place, X509Certificate service) {
        Path inner = place.resolve("journal");
        Path folder = Files.isDirectory(inner) ? inner : place;
        Collector found = new Collector(service);
        JournalVerifier verifier =
                new JournalVerifier(new ServiceMaps(), found, JournalVerifier.SealRoots.NONE, JournalLimits.DEFAULT);
        return new SurvivingJournal(folder, verifier.verifySurvivor(new FileStorage(folder), service), found);
    }

    /** Where its chunks lie. */
    public Path folder() {
        return folder;
    }

    /** How it was verified. */
    public Report report() {
        return report;
    }

    /**
     * What a crash had left at the end, and was cut off what was judged; null if the journal ended in order. Whoever
     * takes the copy over cuts it too, as every start of a node does. What was being written was not durable; a Raft
     * log may hold it.
     */
    public StartReport.@Nullable Note cut() {
        return cut;
    }

    /**
     * Why a service cannot be recovered from this copy; null if it can. Newest blocks without a nonce are no reason: a
     * recovery may take them as committed.
     */
    public @Nullable String problem() {
        if (report.verdict() == Report.Verdict.INVALID || report.firstHeight() != 0) {
            return report.findings().isEmpty()
                    ? "it does not begin with genesis"
                    : report.findings().getFirst().words();
        }
        boolean gap = report.findings().stream().anyMatch(finding -> finding.level() != Report.Level.EVIDENCE);
        if (gap) {
            return report.findings().getFirst().words();
        }
        return found.decisions.replay() == null ? "it holds no constitution whose decisions hold" : null;
    }

    /** The last block. */
    public ChainHead head() {
        return found.state.head();
    }

    /** The first of the newest blocks that have no nonce; -1 if the newest has one. */
    public long firstWithoutEvidence() {
        return report.findings().stream()
                .filter(finding -> finding.level() == Report.Level.EVIDENCE)
                .mapToLong(Report.Finding::height)
                .findFirst()
                .orElse(-1);
    }

    /** Header hash at a height, hexadecimal; null if the copy does not reach it. */
    public @Nullable String headerHash(long height) {
        return found.decisions.headerHash(height);
    }

    /** Of the service, 32 bytes. */
    public byte[] serviceId() {
        return found.serviceId.clone();
    }

    /** The newest certificate of the service. */
    public X509Certificate newestCertificate() {
        return found.newest;
    }

    /** What members decided; only if there is no {@link #problem}. */
    public GovernanceReplay decisions() {
        GovernanceReplay replay = found.decisions.replay();
        if (replay == null) {
            throw new IllegalStateException("a copy whose decisions do not hold");
        }
        return replay;
    }

    /** In force after the last block. */
    public Constitution constitution() {
        return decisions().constitution();
    }

    /** The service's own maps. */
    public PublicState state() {
        return found.state;
    }

    /** The records that together open every epoch: the newest for all older ones, and one of each epoch since. */
    public List<EpochShares> sharesNeeded() {
        long since = found.shares.stream()
                .filter(record -> record.id().kind() == EpochShares.Kind.RECOVERY)
                .mapToLong(record -> record.id().height())
                .max()
                .orElse(-1);
        return found.shares.stream()
                .filter(record -> record.id().kind() == EpochShares.Kind.EPOCH
                        ? record.id().height() >= since
                        : record.id().height() == since)
                .toList();
    }

    /** Epochs of the journal that no record opens: whoever wrote them was in no member's hands. */
    public List<Long> epochsNotShared() {
        TreeSet<Long> missing = new TreeSet<>(found.epochs);
        sharesNeeded().forEach(record -> record.epochs().forEach(missing::remove));
        return List.copyOf(missing);
    }

    /** Takes what it needs from each block that the verifier judges. */
    private static final class Collector implements JournalVerifier.Decisions {
        private final RecordedDecisions decisions = new RecordedDecisions();
        private final PublicState state = new PublicState();
        private final List<EpochShares> shares = new ArrayList<>();
        private final TreeSet<Long> epochs = new TreeSet<>();
        private byte[] serviceId = new byte[0];
        private X509Certificate newest;

        Collector(X509Certificate service) {
            this.newest = service;
        }

        @Override
        public Decision judge(SealedBlock block, PublicFacts facts) {
            Decision decision = decisions.judge(block, facts);
            if (decision.problem() != null) {
                return decision;
            }
            try {
                if (block.header().height() != state.head().height() + 1) {
                    return decision;
                }
                state.apply(block);
                shares.addAll(ServiceMaps.shares(block.header().height(), block.publicWrites()));
            } catch (MalformedException malformed) {
                return new Decision(true, malformed.getMessage());
            }
            serviceId = block.header().serviceId();
            epochs.add(block.header().epoch());
            ServiceIdentity identity = facts.identity();
            if (identity != null) {
                newest = identity.certificate();
            }
            return decision;
        }
    }
}
