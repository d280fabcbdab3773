package coco.node;

import coco.attestation.EvidenceVerifier;
import coco.attestation.ReportData;
import coco.consensus.ConsensusLimits;
import coco.consensus.PeerId;
import coco.consensus.ratis.RaftFiles;
import coco.consensus.ratis.RatisSettings;
import coco.core.Generation;
import coco.core.Handover;
import coco.core.RecoveryBlock;
import coco.core.Roster;
import coco.core.Secrets;
import coco.core.ServiceMaps;
import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.crypto.Hex;
import coco.governance.Constitution;
import coco.governance.GovernanceMaps;
import coco.governance.NodeEntry;
import coco.governance.document.DocumentException;
import coco.governance.ledger.GovernanceLedgerFactory;
import coco.governance.ledger.GovernanceReplay;
import coco.governance.ledger.RecoveryElectorate;
import coco.governance.ledger.RecoveryProposal;
import coco.governance.ledger.RecoveryProposal.KeptHead;
import coco.governance.ledger.RecoveryRecord;
import coco.journal.ChainHead;
import coco.journal.EpochSecrets;
import coco.journal.FileStorage;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalVerifier;
import coco.journal.MalformedException;
import coco.journal.ReadResult;
import coco.journal.Report;
import coco.journal.SealRoot;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import coco.journal.ServiceIdentity;
import coco.ledgers.api.LedgerBlock;
import coco.node.config.Configuration;
import coco.node.config.Keys;
import coco.node.recovery.RecordedDecisions;
import coco.node.recovery.RecoveryBallots;
import coco.node.recovery.RecoveryCheck;
import coco.node.recovery.RecoveryMembers;
import coco.node.recovery.RecoveryShares;
import coco.node.recovery.SurvivingJournal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A prepared node as the one with which a service goes on that lost its majority. First it takes a copy of a journal,
 * without any secret, and says what it proposes; members look at that and vote. Then, with their ballots and shares, it
 * opens the journal, writes the first block of the new generation behind it, and is a node like any other. Each step
 * may be repeated; nothing that was voted for is drawn twice.
 */
public final class Recovering {
    private static final String COPYING_SUFFIX = ".copying";

    private final Configuration configuration;
    private final NodeStart.Constitution constitution;
    private final NodePlatform platform;
    private final NodeKeys keys;
    private final NodeFolder folder;
    private final InstantSource clock;
    private final SecureRandom random;

    /** @throws NodeException if the node is not prepared, or its platform or keys are not its own */
    public Recovering(Configuration configuration, InstantSource clock, SecureRandom random) {
        this.configuration = configuration;
        this.clock = clock;
        this.random = random;
        this.constitution = NodeStart.constitution(configuration);
        if (Machine.platformOf(configuration).isHardware()) {
            throw new NodeException(
                    "attestation.platform: a recovery is prepared in one process and finished in another,"
                            + " and on hardware a node's keys live in one process only");
        }
        this.platform = Machine.here(clock, random).open(configuration);
        this.keys = NodeStart.keys(configuration, constitution, platform, clock);
        this.folder = new NodeFolder(configuration.get(Keys.NODE_DATA_DIRECTORY));
        folder.checkFormat();
        if (constitution.isFounder()) {
            throw new NodeException("a service is not recovered with a node that it was founded with: its identity may"
                    + " still be known elsewhere; prepare a new one");
        }
    }

    /**
     * Whether the service goes on with this node since a recovery: then it is the only voter that its group begins
     * with, as a founder is one of several. What says so is the journal's own block, which came by no log and which
     * replaying proves; a file beside it could be the host's.
     */
    static boolean beganWith(Configuration configuration, NodeKeys keys, Journal journal) {
        Path file = NodeKeys.recovery(configuration.get(Keys.NODE_KEYS_DIRECTORY));
        if (!Files.exists(file)) {
            return false;
        }
        try {
            long height = proposal(file).height() + 1;
            if (height > journal.lastHeight()
                    || !(journal.read(height) instanceof ReadResult.Found(JournalEntry entry))) {
                return false;
            }
            SealedBlock block = entry.block();
            return entry.raftIndex() < 0
                    && Arrays.equals(block.header().sealer(), SealerChange.digest(keys.certificate()))
                    && new ServiceMaps().read(height, block.publicWrites()).recovers();
        } catch (MalformedException malformed) {
            return false;
        }
    }

    /** What became of {@link #finish}. */
    public sealed interface Outcome {
        /** It waits for these. Nothing was written. */
        record Waiting(List<String> reasons) implements Outcome {
            public Waiting {
                reasons = List.copyOf(reasons);
            }
        }

        /** The service goes on: the node may be started. */
        record Done(long height, String hash, int generation) implements Outcome {}
    }

    // ---------------------------------------------------------------- proposing

    /**
     * Takes the copy over and says what is proposed. Once made, the proposal stays what it is.
     *
     * @param from a verified copy
     * @param last what {@link #logged} found behind it
     * @param presented heads that somebody kept
     * @param rollback whether heads that this copy lacks are to be given up
     * @throws NodeException if the service cannot be recovered from this copy, or not with this node
     */
    public RecoveryProposal propose(
            SurvivingJournal from, LastBlocks last, List<KeptHead> presented, boolean rollback) {
        Path file = NodeKeys.recovery(keysFolder());
        NodeFolder.Lock lock = folder.lock();
        try {
            if (Files.exists(file)) {
                return proposal();
            }
            require(from.problem(), "the copy in " + from.folder());
            copyJournal(from);
            append(last.logged);
            SurvivingJournal own = own();
            require(own.problem(), "the journal in " + folder.journal());
            require(
                    isSame(own.head(), last.after(from.head())) ? null : "it does not end as the copy does",
                    "the journal in " + folder.journal());
            RecoveryProposal proposal = made(own, givenUp(own, presented, rollback));
            NodeFiles.write(file, proposal.bytes());
            return proposal;
        } catch (IOException failed) {
            throw new NodeException("the copy cannot be taken over: " + failed.getMessage(), failed);
        } finally {
            lock.release();
        }
    }

    private static void require(@Nullable String problem, String what) {
        if (problem != null) {
            throw new NodeException(what + " cannot be used: " + problem);
        }
    }

    private static boolean isSame(ChainHead one, ChainHead other) {
        return one.height() == other.height() && Arrays.equals(one.hash(), other.hash());
    }

    /** Begins anew each time: what an interrupted attempt left may be part of a copy, or of another one. */
    private void copyJournal(SurvivingJournal from) throws IOException {
        Path journal = folder.journal();
        if (Files.exists(folder.fetched()) || isFilled(folder.raft())) {
            throw new NodeException("this node took part in the service already, and its journal stays as it is;"
                    + " prepare a new one");
        }
        Path place = from.folder().toRealPath();
        if (place.startsWith(folder.root().toRealPath())) {
            throw new NodeException("the copy lies in this node's own folder, where a recovery begins anew");
        }
        FileStorage target = new FileStorage(journal);
        target.list().forEach(target::delete);
        List<String> chunks = new FileStorage(place)
                .list().stream().filter(name -> name.endsWith(".chunk")).toList();
        for (String chunk : chunks) {
            String temporary = chunk + COPYING_SUFFIX;
            Path copied = journal.resolve(temporary);
            Files.copy(place.resolve(chunk), copied);
            try (FileChannel channel = FileChannel.open(copied, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            target.rename(temporary, chunk);
        }
        target.forceFolder();
    }

    private static boolean isFilled(Path place) throws IOException {
        if (!Files.isDirectory(place)) {
            return false;
        }
        try (Stream<Path> there = Files.list(place)) {
            return there.findAny().isPresent();
        }
    }

    /**
     * Blocks that a node's Raft log holds behind a copy of its journal, in order: it writes the log before it answers,
     * and the journal after. Whether they were committed only the other nodes could say.
     *
     * @param place a node's data folder, or a copy of it
     */
    public static LastBlocks logged(Path place, SurvivingJournal copy) {
        List<RaftFiles.Logged> behind = RaftFiles.read(
                place.resolve("raft"),
                Node.group(copy.serviceId()),
                ConsensusLimits.standard().entryBytesMax(),
                payload -> RecoveryBlock.logged(payload)
                        .filter(block -> block.header().height() > copy.head().height())
                        .isPresent());
        List<RaftFiles.Logged> following = new ArrayList<>();
        ChainHead head = copy.head();
        for (RaftFiles.Logged each : behind) {
            SealedBlock block = RecoveryBlock.logged(each.payload()).orElseThrow();
            if (block.header().height() == head.height() + 1
                    && Arrays.equals(block.header().parent(), head.hash())) {
                following.add(each);
                head = head.next(block);
            }
        }
        return new LastBlocks(following);
    }

    /** Blocks that a Raft log holds behind a journal, each following the one before. */
    public static final class LastBlocks {
        /** None. */
        public static final LastBlocks NONE = new LastBlocks(List.of());

        private final List<RaftFiles.Logged> logged;

        private LastBlocks(List<RaftFiles.Logged> logged) {
            this.logged = List.copyOf(logged);
        }

        /** How many. */
        public int count() {
            return logged.size();
        }

        /** Where a journal ends to which these are added. */
        private ChainHead after(ChainHead head) {
            ChainHead last = head;
            for (RaftFiles.Logged each : logged) {
                last = last.next(RecoveryBlock.logged(each.payload()).orElseThrow());
            }
            return last;
        }

        /** Raft term of the last entry; -1 if there is none. */
        public long term() {
            return logged.isEmpty() ? -1 : logged.getLast().term();
        }
    }

    /** Blocks that only a Raft log holds may have been acknowledged: they are taken, and members are told so. */
    private void append(List<RaftFiles.Logged> logged) {
        Journal journal = openJournal();
        try {
            for (RaftFiles.Logged each : logged) {
                SealedBlock block = RecoveryBlock.logged(each.payload()).orElseThrow();
                if (block.header().height() > journal.lastHeight()) {
                    journal.append(new JournalEntry(each.term(), each.index(), JournalEntry.noEvidence(), block));
                }
            }
            journal.force();
        } finally {
            journal.close();
        }
    }

    private static List<KeptHead> givenUp(SurvivingJournal own, List<KeptHead> presented, boolean rollback) {
        List<KeptHead> lacking = presented.stream()
                .filter(head -> !head.hash().equals(own.headerHash(head.height())))
                .distinct()
                .toList();
        if (!lacking.isEmpty() && !rollback) {
            throw new NodeException(
                    "this journal lacks block " + lacking.getFirst().height() + " with the hash "
                            + lacking.getFirst().hash()
                            + ", which was committed: find a copy that holds it, or have members decide on a rollback");
        }
        return lacking;
    }

    private RecoveryProposal made(SurvivingJournal own, List<KeptHead> rollback) throws IOException {
        KeyPair key = RecoveryBlock.drawServiceKey(random);
        X509Certificate service = RecoveryBlock.successor(
                own.newestCertificate(), key, now(own).minus(RecoveryProposal.CERTIFICATE_EARLIER), random);
        byte[] pem = Certificates.toPem(key.getPrivate()).getBytes(StandardCharsets.US_ASCII);
        Path file = NodeKeys.serviceKey(keysFolder());
        Files.deleteIfExists(file);
        NodeFiles.writePrivate(file, platform.sealing().seal(keyLabel(), pem));
        Arrays.fill(pem, (byte) 0);
        byte[] reportData = ReportData.of(
                ReportData.Purpose.CHALLENGE,
                constitution.serviceId(),
                keys.certificate().getPublicKey(),
                self().wrappingKey(),
                RecoveryCheck.freshness(own.head().hash(), service.getPublicKey()));
        return new RecoveryProposal(
                Hex.encode(constitution.serviceId()),
                own.constitution().generation() + 1,
                own.head().height(),
                Hex.encode(own.head().hash()),
                own.firstWithoutEvidence(),
                self(),
                service,
                platform.attester().attest(reportData).encode(),
                rollback);
    }

    // ---------------------------------------------------------------- finishing

    /** What was proposed. */
    public RecoveryProposal proposal() {
        Path file = NodeKeys.recovery(keysFolder());
        if (!Files.exists(file)) {
            throw new NodeException("nothing is proposed with this node yet");
        }
        return proposal(file);
    }

    private static RecoveryProposal proposal(Path file) {
        try {
            return RecoveryProposal.parse(
                    NodeFiles.read(file, NodeLimits.GENESIS_FILE_BYTES_MAX, "node.keysDirectory"));
        } catch (DocumentException malformed) {
            throw new NodeException(file + ": " + malformed.getMessage(), malformed);
        }
    }

    /**
     * Goes on as far as ballots and shares allow.
     *
     * @param ballots signed messages of members, in any order
     * @param answers shares of members, encrypted to this node, in any order
     * @param verifier judges this node's own evidence, against the constitution before
     */
    public Outcome finish(List<byte[]> ballots, List<byte[]> answers, EvidenceVerifier verifier) {
        RecoveryProposal proposal = proposal();
        NodeFolder.Lock lock = folder.lock();
        try {
            SurvivingJournal own = own();
            require(own.problem(), "the journal in " + folder.journal());
            if (own.head().height() > proposal.height()) {
                require(
                        own.constitution().generation() >= proposal.generation()
                                ? null
                                : "it goes on beyond what was proposed, and not by this recovery",
                        "the journal in " + folder.journal());
                return done(proposal, own);
            }
            for (RecoveryCheck.Finding finding : RecoveryCheck.check(own, proposal, null, verifier, clock.instant())) {
                require(finding.problem(), finding.check());
            }
            Instant at = now(own);
            RecoveryBallots counted = RecoveryBallots.count(own, proposal, ballots, at);
            RecoveryShares shares = RecoveryShares.collect(own, answers, keys.wrapping());
            List<String> missing = new ArrayList<>(counted.waitsFor());
            missing.addAll(shares.waitsFor());
            return missing.isEmpty()
                    ? recover(own, new RecoveryRecord(proposal, counted.ballots()), shares.open(), at)
                    : new Outcome.Waiting(missing);
        } catch (IOException failed) {
            throw new NodeException("the recovery cannot be written: " + failed.getMessage(), failed);
        } finally {
            lock.release();
        }
    }

    private Outcome recover(SurvivingJournal own, RecoveryRecord record, SortedMap<Long, SealRoot> roots, Instant at)
            throws IOException {
        requireOpens(roots);
        LedgerBlock decision = switch (own.decisions().recover(record, at)) {
            case GovernanceReplay.Recovery.Refused(String why) -> throw new NodeException("not decided: " + why);
            case GovernanceReplay.Recovery.Made(LedgerBlock block) -> block;
        };
        RecoveryProposal proposal = record.proposal();
        PrivateKey serviceKey = serviceKey();
        Roster.Node node = new Roster.Node(self().id(), self().certificate(), self().wrappingKey());
        RecoveryBlock.Made made = RecoveryBlock.make(
                new RecoveryBlock.Ingredients(
                        constitution.serviceId(),
                        own.state(),
                        node,
                        keys.signing(),
                        new ServiceIdentity(
                                proposal.generation(),
                                proposal.height() + 1,
                                proposal.serviceCertificate(),
                                new byte[0]),
                        serviceKey,
                        RecoveryMembers.of(own.constitution()),
                        electorate(own.constitution()),
                        GovernanceLedgerFactory.ID,
                        decision,
                        GovernanceMaps.ALL,
                        Math.max(clock.millis(), own.head().timestampSeconds() * 1000)),
                random);
        // First what the node needs to open the block; without the block it is good for nothing.
        keep(node, roots, made);
        RaftFiles.begin(raft(), made.entry().block().header().term());
        Journal journal = openJournal();
        try {
            journal.append(made.entry());
            journal.force();
        } finally {
            journal.close();
        }
        SurvivingJournal after = own();
        require(
                after.report().verdict() == Report.Verdict.VALID
                        ? null
                        : String.valueOf(after.report().findings().getFirst().words()),
                "the recovered journal");
        return done(proposal, after);
    }

    private Outcome done(RecoveryProposal proposal, SurvivingJournal own) throws IOException {
        // What it was sealed for is in the handover now.
        Files.deleteIfExists(NodeKeys.serviceKey(keysFolder()));
        return new Outcome.Done(
                proposal.height() + 1, String.valueOf(own.headerHash(proposal.height() + 1)), proposal.generation());
    }

    private static byte[] electorate(Constitution constitution) {
        RecoveryElectorate electorate = RecoveryElectorate.of(constitution);
        if (electorate == null) {
            throw new NodeException("this constitution has no recovery threshold, and so allows no recovery");
        }
        return electorate.bytes();
    }

    /** Every block of every epoch, before anything new stands on them. */
    private void requireOpens(Map<Long, SealRoot> roots) {
        JournalVerifier verifier = new JournalVerifier(
                new ServiceMaps(), new RecordedDecisions(), roots::get, NodeStart.journalLimits(configuration));
        Report report = verifier.verify(new FileStorage(folder.journal()), constitution.service());
        report.levels().stream()
                .filter(level -> level.level() == Report.Level.CONTENT)
                .forEach(level -> require(
                        level.failed() == 0 && level.skipped() == 0
                                ? null
                                : level.failed() + " blocks do not open with what the shares gave, " + level.skipped()
                                        + " not at all",
                        "the journal in " + folder.journal()));
    }

    private void keep(Roster.Node node, SortedMap<Long, SealRoot> roots, RecoveryBlock.Made made) throws IOException {
        List<EpochSecrets> epochs = new ArrayList<>();
        roots.values().forEach(root -> epochs.add(EpochSecrets.opened(constitution.serviceId(), root)));
        epochs.add(made.epoch());
        Generation generation = made.generation();
        Secrets secrets = new Secrets(epochs, List.of(generation));
        Path handover = NodeKeys.handover(keysFolder());
        Files.deleteIfExists(handover);
        NodeFiles.writePrivate(handover, Handover.seal(secrets.keyring(), constitution.serviceId(), node, random));
        Path approved = NodeKeys.approved(keysFolder());
        Files.deleteIfExists(approved);
        Constitution before = own().constitution();
        NodeFiles.write(approved, (Hex.encode(before.digest()) + "\n").getBytes(StandardCharsets.US_ASCII));
        Path fetched = folder.fetched();
        if (!Files.exists(fetched)) {
            NodeFiles.write(fetched, new byte[0]);
        }
    }

    private PrivateKey serviceKey() {
        Path file = NodeKeys.serviceKey(keysFolder());
        byte[] pem = platform.sealing()
                .unseal(keyLabel(), NodeFiles.read(file, NodeLimits.SMALL_FILE_BYTES_MAX, "node.keysDirectory"));
        if (pem == null) {
            throw new NodeException(file + " does not open on this platform");
        }
        try {
            return Certificates.privateKeyFromPem(new String(pem, StandardCharsets.US_ASCII));
        } catch (CryptoException malformed) {
            throw new NodeException(file + " holds no key", malformed);
        } finally {
            Arrays.fill(pem, (byte) 0);
        }
    }

    private String keyLabel() {
        return "coco service key of a recovery with " + self().id();
    }

    // ---------------------------------------------------------------- parts

    private SurvivingJournal own() {
        return SurvivingJournal.open(folder.journal(), constitution.service());
    }

    private Journal openJournal() {
        return NodeStart.journal(
                new FileStorage(folder.journal()), constitution, NodeStart.journalLimits(configuration));
    }

    private RatisSettings raft() {
        return new RatisSettings(
                new PeerId(self().id()),
                Node.group(constitution.serviceId()),
                folder.raft(),
                new InetSocketAddress(configuration.get(Keys.RAFT_ADDRESS), configuration.get(Keys.RAFT_PORT)),
                RatisSettings.Recovery.REJOIN,
                ConsensusLimits.standard());
    }

    private Instant now(SurvivingJournal own) {
        Instant last = Instant.ofEpochSecond(own.head().timestampSeconds());
        Instant now = clock.instant();
        return now.isBefore(last) ? last : now;
    }

    private NodeEntry self() {
        return constitution.self();
    }

    private Path keysFolder() {
        return configuration.get(Keys.NODE_KEYS_DIRECTORY);
    }
}
