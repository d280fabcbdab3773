package coco.journal;

import coco.crypto.Certificates;
import coco.journal.PublicWritesReader.PublicFacts;
import coco.journal.Report.Finding;
import coco.journal.Report.Grade;
import coco.journal.Report.Level;
import coco.journal.Report.LevelResult;
import coco.journal.Report.Verdict;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks a journal from its files and the service certificate, and nothing else. It trusts no node and shares with the
 * writing side only the formats: an entry that a node would never write must not pass here either.
 *
 * <p>What it proves: the chain from genesis to the last header is the one that nodes of this service signed, each of
 * them admitted in public by a block before and not removed by one, under the epoch and the generation in force; each
 * generation of the service identity is endorsed by the one before; and every block in it committed. That admissions
 * and removals were voted for is for whoever judges governance again. What it cannot prove: that there is no longer
 * journal elsewhere; for that, compare the head with others'. Contents are checked for those epochs whose seal root it
 * is given.
 *
 * <p>It reads only. One instance may be used again, by one thread at a time.
 */
public final class JournalVerifier {
    /** Seal roots of the epochs that were opened to the auditor. */
    @FunctionalInterface
    public interface SealRoots {
        /** The seal root of this epoch, or null if it was not opened. */
        @Nullable
        SealRoot of(long epoch);

        /** No epoch is opened. */
        SealRoots NONE = epoch -> null;
    }

    /**
     * Judges again what was decided in public. The journal does not know what governs a network: the composition root
     * passes a judge in. Blocks come in order from genesis on; after a gap none comes any more.
     */
    @FunctionalInterface
    public interface Decisions {
        /**
         * Judges what one block decided.
         *
         * @param facts what the block says of sealers and identities
         */
        Decision judge(SealedBlock block, PublicFacts facts);

        /** Nothing is judged, and the report says nothing of it. */
        Decisions NONE = (block, facts) -> Decision.SKIPPED;
    }

    /**
     * How one block's decisions were judged.
     *
     * @param judged whether they were
     * @param problem what is wrong, or null
     * @param recovered whether the block begins a generation by the ballots of members, and these were found to be
     *     enough and to mean this block: without it no generation is believed that the one before does not endorse
     * @param firstWithoutEvidence of a recovery: the first block before it whose nonce is lost, and that the ballots
     *     take as committed; -1 if there is none
     */
    public record Decision(boolean judged, @Nullable String problem, boolean recovered, long firstWithoutEvidence) {
        /** There was nobody to judge them, or nothing to judge them by. */
        public static final Decision SKIPPED = new Decision(false, null);

        /** How a block's decisions were judged that recovers nothing. */
        public Decision(boolean judged, @Nullable String problem) {
            this(judged, problem, false, -1);
        }

        /** A recovery that members decided. */
        public static Decision recovery(long firstWithoutEvidence) {
            return new Decision(true, null, true, firstWithoutEvidence);
        }

        /** They are the ones that the rules give. */
        public static final Decision RIGHT = new Decision(true, null);
    }

    private final PublicWritesReader publicWrites;
    private final Decisions decisions;
    private final SealRoots sealRoots;
    private final JournalLimits limits;

    /**
     * @param publicWrites reads node certificates out of public write sets
     * @param sealRoots of the epochs that were opened
     * @param limits of blocks and of the report
     */
    public JournalVerifier(PublicWritesReader publicWrites, SealRoots sealRoots, JournalLimits limits) {
        this(publicWrites, Decisions.NONE, sealRoots, limits);
    }

    /** The same with a judge, who is good for one journal. */
    public JournalVerifier(
            PublicWritesReader publicWrites, Decisions decisions, SealRoots sealRoots, JournalLimits limits) {
        this.decisions = decisions;
        this.publicWrites = publicWrites;
        this.sealRoots = sealRoots;
        this.limits = limits;
    }

    /**
     * Verifies the journal in this folder.
     *
     * @param folder with the chunk files
     * @param serviceCertificate of the service's first generation; null if the auditor has none: then the one that the
     *     journal names is taken, for which nobody vouches
     */
    public Report verify(Path folder, @Nullable X509Certificate serviceCertificate) {
        return verify(new FileStorage(folder), serviceCertificate);
    }

    /** The same for any storage. */
    public Report verify(Storage storage, @Nullable X509Certificate serviceCertificate) {
        return verify(storage, new Run(serviceCertificate, false));
    }

    /**
     * Verifies what a node left that ended in the middle of a write, as if the journal had been opened since: what a
     * crash leaves at the end of the last chunk is cut off what is judged. The files stay as they are.
     */
    public Survivor verifySurvivor(Storage storage, X509Certificate serviceCertificate) {
        Run run = new Run(serviceCertificate, true);
        return new Survivor(verify(storage, run), run.cut);
    }

    /**
     * How a survivor was judged.
     *
     * @param report of everything but what was cut
     * @param cut what a crash had left at the end; null if it ended in order
     */
    public record Survivor(Report report, StartReport.@Nullable Note cut) {}

    private static Report verify(Storage storage, Run run) {
        List<String> names = storage.list().stream()
                .filter(name -> ChunkFormat.firstHeight(name) >= 0)
                .toList();
        for (int i = 0; i < names.size(); i++) {
            run.chunk(storage, names.get(i), i + 1 == names.size());
        }
        for (String name : storage.list()) {
            String original = name.substring(0, Math.max(0, name.length() - ChunkFormat.QUARANTINED_SUFFIX.length()));
            // One that was fetched again stands under its own name and was verified.
            if (name.endsWith(ChunkFormat.SUFFIX + ChunkFormat.QUARANTINED_SUFFIX) && !names.contains(original)) {
                run.incomplete(-1, name, "was put aside as damaged by the node");
            }
        }
        return run.report(names.size());
    }

    /** The state of one verification. */
    private final class Run {
        private final boolean isVouchedFor;
        /** Whether what a crash leaves is passed over. */
        private final boolean isSurvivor;

        private StartReport.@Nullable Note cut;
        /** Of the first generation: given, or else the one that the journal names. */
        private @Nullable X509Certificate serviceCertificate;
        /** Of the newest generation seen. */
        private @Nullable X509Certificate identity;

        private final SealerDirectory.Tracked sealers = new SealerDirectory.Tracked();
        private final Set<String> foreign = new HashSet<>();
        private final Map<Level, long[]> counts = new EnumMap<>(Level.class);
        private final List<Finding> findings = new ArrayList<>();
        private long findingCount;
        private long firstBadHeight = -1;

        /** The first of the newest blocks read whose nonce is lost; -1 if the newest block has one. */
        private long firstWithoutEvidence = -1;

        private boolean isInvalid;
        private boolean isIncomplete;

        /** Null until a header was seen, and after a gap: then links are taken up again from the next header. */
        private @Nullable ChainHead head;

        private boolean logIsWhole = true;
        private boolean sealersAreKnown;
        /** Whether block 0 names the service's identity, which then speaks for sealers. */
        private boolean speaksForSealers;

        private byte @Nullable [] serviceId;
        private String file = "";
        private long firstHeight = -1;
        private long lastHeight = -1;
        private long blocks;
        private long transactions;
        private byte[] headHash = new byte[0];

        Run(@Nullable X509Certificate serviceCertificate, boolean isSurvivor) {
            this.isSurvivor = isSurvivor;
            this.isVouchedFor = serviceCertificate != null;
            this.serviceCertificate = serviceCertificate;
            this.identity = serviceCertificate;
            for (Level level : Level.values()) {
                counts.put(level, new long[3]);
            }
        }

        void chunk(Storage storage, String name, boolean isLast) {
            file = name;
            try (Storage.File open = storage.openForReading(name)) {
                byte[] header = new byte[ChunkFormat.HEADER_LENGTH];
                ByteBuffer target = ByteBuffer.wrap(header);
                open.read(target, 0);
                count(Level.CHUNKS, 0);
                switch (ChunkFormat.readHeader(header, target.position(), null)) {
                    case ChunkFormat.Header.Bad(String words) -> {
                        if (isSurvivor && isLast && StartCheck.isEmpty(storage, name)) {
                            cut = new StartReport.EmptyFileRemoved(name);
                        } else {
                            failChunk(-1, words);
                        }
                    }
                    case ChunkFormat.Header.Foreign(String words) -> failChunk(-1, words);
                    case ChunkFormat.Header.Good(long first) -> {
                        if (first != ChunkFormat.firstHeight(name)) {
                            failChunk(-1, "its header says that it begins at height " + first);
                        } else {
                            entries(open, header, first, isLast);
                        }
                    }
                }
            }
        }

        private void entries(Storage.File open, byte[] header, long first, boolean isLast) {
            followOn(first);
            byte[] claimed = ChunkFormat.serviceId(header);
            ChunkScan scan = new ChunkScan(open, open.size(), first, limits);
            ChunkScan.End end = scan.run((buffer, offset, length) -> {
                try {
                    JournalEntry entry = ChunkFormat.entry(buffer, offset, length);
                    if (!Arrays.equals(entry.block().header().serviceId(), claimed)) {
                        fail(Level.HEADERS, entry.height(), "block of another service than its chunk");
                    }
                    entry(entry);
                    return null;
                } catch (MalformedException e) {
                    return String.valueOf(e.getMessage());
                }
            });
            long next = first + scan.count();
            switch (end) {
                case CLOSED -> {}
                case OPEN -> {
                    if (!isLast) {
                        failChunk(next, "the chunk was never closed, but another follows it");
                    }
                }
                case BAD_FOOTER, BAD_ENTRY -> {
                    cut = isSurvivor && isLast
                            ? StartCheck.crash(file, open, open.size(), end, scan, claimed, limits)
                            : null;
                    if (cut == null) {
                        failChunk(end == ChunkScan.End.BAD_FOOTER ? -1 : next, scan.words());
                    }
                }
            }
        }

        /** Notes a gap between what was read and a chunk that begins at this height. */
        private void followOn(long first) {
            long expected = lastHeight + 1;
            if (first != expected) {
                String words = first > expected
                        ? "heights " + expected + " to " + (first - 1) + " are not there"
                        : "begins at height " + first + ", which an earlier chunk holds already";
                if (first > expected) {
                    incomplete(expected, file, words);
                } else {
                    failChunk(first, words);
                }
                head = null;
                logIsWhole = false;
                sealersAreKnown = false;
            }
        }

        private void entry(JournalEntry entry) {
            SealedBlock block = entry.block();
            long height = entry.height();
            blocks++;
            firstHeight = firstHeight < 0 ? height : firstHeight;
            PublicFacts facts = facts(block);
            if (facts != null && facts.recovers() && height > 0 && sealersAreKnown) {
                // It is sealed under what it brings; whether members decided it is judged below.
                sealers.recover(height, facts);
            }
            headers(block);
            Decision decision = facts == null ? Decision.SKIPPED : publicFacts(block, facts);
            signature(block);
            evidence(entry, decision);
            content(block);
            ChainHead before = head;
            head = before != null ? before.next(block) : restart(block);
            lastHeight = height;
            headHash = block.headerHash();
        }

        /** A chain taken up in the middle: everything but the log is known from the header. */
        private ChainHead restart(SealedBlock block) {
            BlockHeader header = block.header();
            if (header.height() == 0) {
                return ChainHead.NONE.next(block);
            }
            return new ChainHead(
                    header.height(),
                    block.headerHash(),
                    header.timestampSeconds(),
                    header.term(),
                    header.generation(),
                    LogFrontier.EMPTY);
        }

        private void headers(SealedBlock block) {
            BlockHeader header = block.header();
            count(Level.HEADERS, 0);
            if (serviceId == null) {
                serviceId = header.serviceId();
            } else if (!Arrays.equals(serviceId, header.serviceId())) {
                fail(Level.HEADERS, header.height(), "made for another service than the blocks before it");
            }
            ChainHead parent = header.height() == 0 ? ChainHead.NONE : head;
            if (parent != null) {
                OpenResult.Refusal refusal =
                        logIsWhole ? BlockOpener.refuseInChain(block, parent) : BlockOpener.refuseLink(block, parent);
                if (refusal != null) {
                    fail(Level.HEADERS, header.height(), refusal);
                }
            }
            OpenResult.Refusal past = sealersAreKnown ? BlockOpener.refuseSuccession(block, sealers) : null;
            if (past != null) {
                fail(Level.HEADERS, header.height(), past);
            }
            OpenResult.Refusal refusal = BlockOpener.refuseHashes(block);
            if (refusal != null) {
                fail(Level.HEADERS, header.height(), refusal);
            }
        }

        private @Nullable PublicFacts facts(SealedBlock block) {
            long height = block.header().height();
            try {
                return publicWrites.read(height, block.publicWrites());
            } catch (MalformedException e) {
                fail(Level.SIGNATURES, height, "public write set: " + e.getMessage());
                return null;
            }
        }

        private Decision publicFacts(SealedBlock block, PublicFacts facts) {
            if (block.header().height() == 0) {
                sealersAreKnown = true;
            }
            Decision decision = decisions(block, facts);
            if (block.header().height() == 0) {
                genesis(block, facts);
            } else if (sealersAreKnown) {
                succession(block, facts, decision);
            }
            return decision;
        }

        private Decision decisions(SealedBlock block, PublicFacts facts) {
            if (decisions.equals(Decisions.NONE)) {
                return Decision.SKIPPED;
            }
            Decision decision = sealersAreKnown ? decisions.judge(block, facts) : Decision.SKIPPED;
            count(Level.GOVERNANCE, decision.judged() ? 0 : 1);
            if (decision.problem() != null) {
                fail(Level.GOVERNANCE, block.header().height(), decision.problem());
            }
            return decision;
        }

        /** A nonce that is lost is forgiven to the last blocks before a recovery that names them, and to none else. */
        private void evidence(JournalEntry entry, Decision decision) {
            long height = entry.height();
            count(Level.EVIDENCE, 0);
            if (!entry.hasEvidence() && height > 0) {
                firstWithoutEvidence = firstWithoutEvidence < 0 ? height : firstWithoutEvidence;
                return;
            }
            if (!Arrays.equals(
                    EvidenceKey.digest(entry.evidenceNonce()),
                    entry.block().header().evidenceDigest())) {
                fail(Level.EVIDENCE, height, "the nonce is not the one that the header commits to: not committed");
            }
            if (firstWithoutEvidence != decision.firstWithoutEvidence()) {
                if (firstWithoutEvidence >= 0) {
                    failWithoutEvidence();
                } else {
                    fail(Level.EVIDENCE, height, "takes blocks without a nonce as committed that have one");
                }
            }
            firstWithoutEvidence = -1;
        }

        private void failWithoutEvidence() {
            fail(
                    Level.EVIDENCE,
                    firstWithoutEvidence,
                    "it was not committed: there is no nonce, and no recovery took it in");
        }

        /**
         * Who seals first is vouched for by the service: it signs genesis itself, or has issued the certificates of
         * those whom genesis admits.
         */
        private void genesis(SealedBlock block, PublicFacts facts) {
            byte[] document = facts.genesisDocument();
            byte[] id = block.header().serviceId();
            X509Certificate service = serviceCertificate;
            if (service == null && facts.identity() != null) {
                service = facts.identity().certificate();
                serviceCertificate = service;
                identity = service;
            }
            if (service == null) {
                sealersAreKnown = false;
                return;
            }
            if (document != null && !Arrays.equals(ServiceId.of(document, service.getPublicKey()), id)) {
                fail(
                        Level.SIGNATURES,
                        0,
                        "the service id is not that of this genesis document and this service certificate");
            }
            ServiceIdentity first = facts.identity();
            boolean isServices =
                    first != null && first.certificate().getPublicKey().equals(service.getPublicKey());
            if (first != null && (!isServices || first.generation() != 0)) {
                fail(Level.SIGNATURES, 0, "genesis names another service identity than this service certificate's");
            }
            List<SealerChange> trusted = new ArrayList<>();
            for (SealerChange change : facts.sealers()) {
                if (!isServices
                        && change instanceof SealerChange.Admitted(X509Certificate certificate, var endorsement)
                        && !Certificates.issuedBy(certificate, service)) {
                    foreign.add(HexFormat.of().formatHex(SealerChange.digest(certificate)));
                    fail(
                            Level.SIGNATURES,
                            0,
                            "admits the certificate of "
                                    + certificate.getSubjectX500Principal().getName()
                                    + ", which the service did not issue");
                } else {
                    trusted.add(change);
                }
            }
            sealers.apply(0, trusted);
            speaksForSealers = isServices;
            endorsements(0, facts);
        }

        /** The service, of the generation that is in force after a block, speaks for each sealer that goes on. */
        private void endorsements(long height, PublicFacts facts) {
            if (!speaksForSealers) {
                return;
            }
            for (SealerChange change : facts.sealers()) {
                boolean isItself = height == 0
                        && change instanceof SealerChange.Admitted(X509Certificate certificate, var none)
                        && certificate.equals(identity);
                if (change instanceof SealerChange.Admitted admitted && !isItself && !isSpokenFor(admitted, height)) {
                    fail(
                            Level.SIGNATURES,
                            height,
                            "the service does not speak for the sealer "
                                    + HexFormat.of().formatHex(SealerChange.digest(admitted.certificate())));
                }
            }
            if (height == 0 || facts.identity() == null) {
                return;
            }
            int generation = facts.identity().generation();
            for (SealerDirectory.Sealer sealer : sealers.sealersAt(height + 1)) {
                SealerEndorsement endorsement = sealer.endorsement();
                if (endorsement != null && endorsement.generation() != generation) {
                    fail(
                            Level.SIGNATURES,
                            height,
                            "generation " + generation + " does not speak for a sealer that generation "
                                    + endorsement.generation() + " spoke for");
                }
            }
        }

        private boolean isSpokenFor(SealerChange.Admitted admitted, long height) {
            SealerEndorsement endorsement = admitted.endorsement();
            byte[] id = serviceId;
            X509Certificate service = identity;
            return endorsement != null
                    && id != null
                    && service != null
                    && endorsement.generation() == sealers.generationAt(height + 1)
                    && endorsement.height() == height
                    && endorsement.isBy(service.getPublicKey(), id, SealerChange.digest(admitted.certificate()));
        }

        /**
         * Later changes are vouched for by the sealer of the block that makes them, and by its commitment; a new
         * service identity by the one before.
         */
        private void succession(SealedBlock block, PublicFacts facts, Decision decision) {
            long height = block.header().height();
            ServiceIdentity next = facts.identity();
            boolean removes = facts.sealers().stream().anyMatch(SealerChange.Removed.class::isInstance);
            if ((removes || next != null) && !facts.bringsEpoch()) {
                fail(
                        Level.SIGNATURES,
                        height,
                        (removes ? "removes a sealer" : "begins a generation") + " without beginning an epoch");
            }
            if (facts.recovers()) {
                recovery(block, facts, decision);
                return;
            }
            if (next != null) {
                judge(next, height);
            }
            sealers.apply(height, facts);
            endorsements(height, facts);
        }

        /** Nobody endorses it but members, who must have been found to mean this very block. */
        private void recovery(SealedBlock block, PublicFacts facts, Decision decision) {
            long height = block.header().height();
            ServiceIdentity next = facts.identity();
            long admitted = facts.sealers().stream()
                    .filter(SealerChange.Admitted.class::isInstance)
                    .count();
            if (next == null || !decision.judged() || !decision.recovered()) {
                fail(
                        Level.SIGNATURES,
                        height,
                        "begins a generation of the service identity that the one before does not endorse, and no"
                                + " decision of members to recover was found");
                return;
            }
            if (!facts.bringsEpoch() || admitted != 1) {
                fail(
                        Level.SIGNATURES,
                        height,
                        "a recovery begins an epoch and admits the one sealer that it begins with");
            }
            // What was in force before: the recovery itself is in force from its own height on.
            judgeNumber(next, height, sealers.generationAt(height - 1));
            identity = next.certificate();
            endorsements(height, facts);
        }

        private void judge(ServiceIdentity next, long height) {
            judgeNumber(next, height, sealers.generationAt(height));
            byte[] id = serviceId;
            X509Certificate before = identity;
            if (id == null || before == null || !next.isEndorsedBy(id, before.getPublicKey())) {
                fail(
                        Level.SIGNATURES,
                        height,
                        "the service identity of generation " + next.generation()
                                + " is not endorsed by the one before");
            }
            identity = next.certificate();
        }

        private void judgeNumber(ServiceIdentity next, long height, int inForce) {
            if (next.generation() <= inForce) {
                fail(
                        Level.SIGNATURES,
                        height,
                        "brings generation " + next.generation() + " of the service identity, but generation " + inForce
                                + " is in force already");
            }
            if (next.height() != height) {
                fail(Level.SIGNATURES, height, "brings a service identity of height " + next.height());
            }
            if (!Certificates.issuedBy(next.certificate(), next.certificate())) {
                fail(Level.SIGNATURES, height, "the certificate of a service identity is not signed by its own key");
            }
        }

        private void signature(SealedBlock block) {
            BlockHeader header = block.header();
            if (!sealersAreKnown) {
                count(Level.SIGNATURES, 1);
                return;
            }
            count(Level.SIGNATURES, 0);
            OpenResult.Refusal refusal = BlockOpener.refuseSignature(block, sealers);
            if (refusal != null) {
                if (foreign.contains(HexFormat.of().formatHex(header.sealer()))) {
                    fail(
                            Level.SIGNATURES,
                            header.height(),
                            "sealed by a node whose certificate the service did not issue");
                } else {
                    fail(Level.SIGNATURES, header.height(), refusal);
                }
            }
        }

        private void content(SealedBlock block) {
            BlockHeader header = block.header();
            SealRoot root = sealRoots.of(header.epoch());
            if (root == null) {
                count(Level.CONTENT, 1);
                return;
            }
            count(Level.CONTENT, 0);
            switch (BlockOpener.decrypt(block, root, limits)) {
                case OpenResult.Opened opened ->
                    transactions += opened.content().entryCount();
                case OpenResult.Refusal refusal -> fail(Level.CONTENT, header.height(), refusal);
            }
        }

        private void count(Level level, int column) {
            levels(level)[column]++;
        }

        private long[] levels(Level level) {
            long[] row = counts.get(level);
            Invariant.check(row != null, "a level without a count");
            return row == null ? new long[3] : row;
        }

        private void failChunk(long height, String words) {
            fail(Level.CHUNKS, height, words);
            // Whatever follows in this file was not read: links cannot be followed beyond it.
            head = null;
            logIsWhole = false;
        }

        private void fail(Level level, long height, OpenResult.Refusal refusal) {
            fail(
                    level,
                    height,
                    refusal.words().substring(BlockOpener.prefix(height).length()));
        }

        private void fail(Level level, long height, String words) {
            isInvalid = true;
            levels(level)[2]++;
            note(level, height, file, words);
        }

        void incomplete(long height, String name, String words) {
            isIncomplete = true;
            note(Level.CHUNKS, height, name, words);
        }

        private void note(Level level, long height, String name, String words) {
            findingCount++;
            if (height >= 0 && firstBadHeight < 0) {
                firstBadHeight = height;
            }
            if (findings.size() < limits.findings()) {
                findings.add(new Finding(level, height, name, words));
            }
        }

        /** How far the verification went: each grade needs something more than the files. */
        private List<Grade> grades() {
            List<Grade> grades = new ArrayList<>(List.of(Grade.FILES));
            if (isVouchedFor && isWholly(Level.SIGNATURES)) {
                grades.add(Grade.SERVICE);
                if (isWholly(Level.GOVERNANCE)) {
                    grades.add(Grade.GOVERNANCE);
                }
                if (isWholly(Level.CONTENT)) {
                    grades.add(Grade.CONTENT);
                }
            }
            return grades;
        }

        private boolean isWholly(Level level) {
            return levels(level)[0] > 0 && levels(level)[1] == 0;
        }

        Report report(int chunks) {
            if (firstWithoutEvidence >= 0) {
                // Not wrong, as a recovery may still take them; but nothing says that they committed.
                isIncomplete = true;
                note(
                        Level.EVIDENCE,
                        firstWithoutEvidence,
                        file,
                        "there is no nonce from here on, and no recovery that took these blocks as committed");
            }
            if (blocks == 0 && !isInvalid) {
                incomplete(-1, "journal", "there is no block in this folder");
            }
            List<LevelResult> levels = new ArrayList<>();
            for (Level level : Level.values()) {
                if (level == Level.GOVERNANCE && decisions.equals(Decisions.NONE)) {
                    continue;
                }
                long[] row = levels(level);
                levels.add(new LevelResult(level, row[0], row[1], row[2]));
            }
            Verdict verdict = isInvalid ? Verdict.INVALID : isIncomplete ? Verdict.INCOMPLETE : Verdict.VALID;
            byte[] id = serviceId;
            X509Certificate service = serviceCertificate;
            return new Report(
                    verdict,
                    grades(),
                    service == null ? "" : HexFormat.of().formatHex(SealerChange.digest(service)),
                    id == null ? "" : HexFormat.of().formatHex(id),
                    firstHeight,
                    lastHeight,
                    blocks,
                    transactions,
                    chunks,
                    HexFormat.of().formatHex(headHash),
                    levels,
                    firstBadHeight,
                    findings,
                    findingCount);
        }
    }
}
