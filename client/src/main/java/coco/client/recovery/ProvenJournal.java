package coco.client.recovery;

import coco.journal.EpochShares;
import coco.journal.EpochShares.Kind;
import coco.journal.FileStorage;
import coco.journal.JournalException;
import coco.journal.JournalLimits;
import coco.journal.JournalReader;
import coco.journal.JournalVerifier;
import coco.journal.JournalVerifier.Decision;
import coco.journal.MalformedException;
import coco.journal.PublicWritesReader;
import coco.journal.PublicWritesReader.PublicFacts;
import coco.journal.Report;
import coco.journal.SealedBlock;
import coco.journal.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A copy of a journal that was verified against the service's certificate, and the records of shares in it. Only
 * records of blocks that follow from genesis without a gap are here: those were sealed by nodes that the members
 * admitted, and committed.
 */
public final class ProvenJournal {
    /** How a journal is read and judged: the composition root knows the maps and what governs. */
    public interface Knowledge {
        /** What the journal has to know of public write sets. */
        PublicWritesReader publicWrites();

        /** A judge of decisions, good for one journal. */
        JournalVerifier.Decisions decisions();

        /** The records of shares that a block at this height brings. */
        List<EpochShares> shares(long height, byte[] publicWrites) throws MalformedException;
    }

    private final Storage storage;
    private final Report report;
    private final byte[] serviceId;
    private final SortedMap<Long, EpochShares> ofEpochs;
    private final @Nullable EpochShares newestAgain;

    private ProvenJournal(Storage storage, Report report, Records records) {
        this.storage = storage;
        this.report = report;
        this.serviceId = records.serviceId;
        this.ofEpochs = Collections.unmodifiableSortedMap(records.ofEpochs);
        this.newestAgain = records.newestAgain;
    }

    /**
     * Verifies a journal.
     *
     * @param folder of the chunk files; nothing in it is changed
     * @param serviceCertificate of the service's first generation, which the caller trusts
     * @throws RecoveryException if the journal is invalid, or does not begin with genesis
     */
    public static ProvenJournal verify(Path folder, X509Certificate serviceCertificate, Knowledge knowledge) {
        if (!Files.isDirectory(folder)) {
            throw new RecoveryException(folder + " is no folder");
        }
        return verify(new FileStorage(folder), serviceCertificate, knowledge);
    }

    /** The same for any storage. */
    public static ProvenJournal verify(Storage storage, X509Certificate serviceCertificate, Knowledge knowledge) {
        Records records = new Records(knowledge);
        try {
            Report report = new JournalVerifier(
                            knowledge.publicWrites(), records, JournalVerifier.SealRoots.NONE, JournalLimits.DEFAULT)
                    .verify(storage, serviceCertificate);
            if (report.verdict() == Report.Verdict.INVALID) {
                throw new RecoveryException(
                        "the journal is not valid:\n" + report.toText().strip());
            }
            if (records.serviceId.length == 0) {
                throw new RecoveryException("the journal does not begin with genesis: nothing in it is proven");
            }
            return new ProvenJournal(storage, report, records);
        } catch (JournalException e) {
            throw new RecoveryException("the journal cannot be read: " + e.getMessage(), e);
        }
    }

    /** Gathers what the blocks bring while the verifier goes through them; it asks for none after a gap. */
    private static final class Records implements JournalVerifier.Decisions {
        private final Knowledge knowledge;
        private final JournalVerifier.Decisions decisions;
        private final SortedMap<Long, EpochShares> ofEpochs = new TreeMap<>();
        private @Nullable EpochShares newestAgain;
        private byte[] serviceId = new byte[0];

        Records(Knowledge knowledge) {
            this.knowledge = knowledge;
            this.decisions = knowledge.decisions();
        }

        @Override
        public Decision judge(SealedBlock block, PublicFacts facts) {
            serviceId = block.header().serviceId();
            long height = block.header().height();
            if (facts.bringsEpoch()) {
                try {
                    for (EpochShares record : knowledge.shares(height, block.publicWrites())) {
                        if (record.id().kind() == Kind.EPOCH) {
                            ofEpochs.put(height, record);
                        } else {
                            newestAgain = record;
                        }
                    }
                } catch (MalformedException e) {
                    return new Decision(true, "shares: " + e.getMessage());
                }
            }
            return decisions.judge(block, facts);
        }
    }

    /** How it was verified. */
    public Report report() {
        return report;
    }

    /** 32 bytes. */
    public byte[] serviceId() {
        return serviceId.clone();
    }

    /** The records of single epochs by their ids. */
    public SortedMap<Long, EpochShares> epochs() {
        return ofEpochs;
    }

    /**
     * The record of one epoch, from which an auditor is answered.
     *
     * @throws RecoveryException if the proven part of the journal has none
     */
    public EpochShares ofEpoch(long epoch) {
        EpochShares record = ofEpochs.get(epoch);
        if (record == null) {
            throw new RecoveryException(
                    ofEpochs.isEmpty()
                            ? "the journal holds no shares: the network has no recovery"
                            : "epoch " + epoch + " was not dealt in this journal; the epochs are " + ofEpochs.keySet());
        }
        return record;
    }

    /**
     * The records that together open everything to those who are members at the end of the journal: the newest that
     * dealt older epochs again, and those of the epochs since.
     */
    public List<EpochShares> forRecovery() {
        List<EpochShares> records = new ArrayList<>();
        EpochShares again = newestAgain;
        if (again != null) {
            records.add(again);
        }
        records.addAll(ofEpochs.tailMap(again == null ? 0 : again.id().height()).values());
        return records;
    }

    /** Its entries. */
    public JournalReader reader() {
        return new JournalReader(storage, JournalLimits.DEFAULT);
    }
}
