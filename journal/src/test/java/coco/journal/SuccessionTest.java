package coco.journal;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.journal.OpenResult.Kind;
import coco.journal.OpenResult.Refusal;
import coco.journal.PublicWritesReader.PublicFacts;
import coco.journal.Report.Finding;
import coco.journal.Report.Grade;
import coco.journal.Report.Level;
import coco.journal.Report.Verdict;
import coco.journal.testing.FaultyStorage;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Journals in which sealers, epochs and generations change, and what a verifier and an opener make of wrong ones. */
class SuccessionTest {
    private static final int BLOCKS = 20;
    private static final int EPOCH = 5;
    private static final int ADMISSION = 9;
    private static final int REMOVAL = 13;

    private final TestNetwork network = new TestNetwork(6);
    private final KeyPair secondNodeKeys = P256.generate(new SecureRandom());
    private final X509Certificate secondNode = selfSigned("node-2", secondNodeKeys);
    private final KeyPair secondServiceKeys = P256.generate(new SecureRandom());
    private final X509Certificate secondService = selfSigned("service", secondServiceKeys);

    /** What each block says in public, seals under, and is sealed by: changed by tests before the chain is made. */
    private final Map<Long, PublicFacts> facts = new HashMap<>();

    private final Map<Long, SealingKeys> keys = new HashMap<>();
    private final Map<Long, SealerIdentity> sealers = new HashMap<>();
    private final Set<Long> withoutEvidence = new HashSet<>();

    private static X509Certificate selfSigned(String name, KeyPair keys) {
        return Certificates.selfSigned(name, keys, TestNetwork.FROM, TestNetwork.TO, new SecureRandom());
    }

    private SealingKeys keys(long epoch, int generation) {
        return new SealingKeys(
                new EpochSecrets(network.serviceId, epoch, TestNetwork.fill(100 + (int) epoch)),
                generation,
                new EvidenceKey(network.serviceId, TestNetwork.fill(50 + generation)));
    }

    private SealerIdentity sealer(X509Certificate certificate, PrivateKey key) {
        return new SealerIdentity(network.serviceId, SealerChange.digest(certificate), key);
    }

    private ServiceIdentity endorsed(int generation, X509Certificate certificate, PrivateKey before) {
        byte[] endorsement =
                ServiceIdentity.endorse(network.serviceId, generation, REMOVAL, certificate.getPublicKey(), before);
        return new ServiceIdentity(generation, REMOVAL, certificate, endorsement);
    }

    private SealerChange admitted(int generation, long height, X509Certificate node, KeyPair service) {
        return new SealerChange.Admitted(
                node, SealerEndorsement.of(network.serviceId, generation, height, node, service.getPrivate()));
    }

    private static PublicFacts facts(boolean bringsEpoch, @Nullable ServiceIdentity identity, SealerChange... changes) {
        return new PublicFacts(null, List.of(changes), bringsEpoch, identity);
    }

    @BeforeEach
    void planAGoodJournal() {
        SealerIdentity first = sealer(network.node, network.nodeKeys.getPrivate());
        SealerIdentity second = sealer(secondNode, secondNodeKeys.getPrivate());
        for (long height = 0; height < BLOCKS; height++) {
            facts.put(height, PublicFacts.NONE);
            long epoch = height > REMOVAL ? REMOVAL : height > ADMISSION ? ADMISSION : height > EPOCH ? EPOCH : 0;
            keys.put(height, keys(epoch, height > REMOVAL ? 1 : 0));
            sealers.put(height, height > REMOVAL || (height % 2 == 0 && height > ADMISSION) ? second : first);
        }
        sealers.put(0L, sealer(network.service, network.serviceKeys.getPrivate()));
        byte[] digest = SealerChange.digest(network.service);
        facts.put(
                0L,
                new PublicFacts(
                        TestNetwork.GENESIS_DOCUMENT,
                        List.of(
                                admitted(0, 0, network.node, network.serviceKeys),
                                new SealerChange.Admitted(network.service),
                                new SealerChange.Removed(digest, 0)),
                        true,
                        new ServiceIdentity(0, 0, network.service, new byte[0])));
        facts.put((long) EPOCH, facts(true, null));
        facts.put((long) ADMISSION, facts(true, null, admitted(0, ADMISSION, secondNode, network.serviceKeys)));
        facts.put((long) REMOVAL, removal(true, endorsed(1, secondService, network.serviceKeys.getPrivate())));
    }

    private PublicFacts removal(boolean bringsEpoch, @Nullable ServiceIdentity identity) {
        SealerChange removed = new SealerChange.Removed(SealerChange.digest(network.node), REMOVAL);
        return identity == null
                ? facts(bringsEpoch, null, removed)
                : facts(bringsEpoch, identity, removed, admitted(1, REMOVAL, secondNode, secondServiceKeys));
    }

    private List<JournalEntry> chain() {
        Map<SealerIdentity, BlockSealer> lives = new HashMap<>();
        List<JournalEntry> entries = new ArrayList<>();
        ChainHead head = ChainHead.NONE;
        for (long height = 0; height < BLOCKS; height++) {
            BlockSealer sealer = lives.computeIfAbsent(
                    Objects.requireNonNull(sealers.get(height)),
                    who -> new BlockSealer(who, network.random, TestNetwork.LIMITS));
            SealingKeys under = Objects.requireNonNull(keys.get(height));
            BlockContent content = network.content(TestNetwork.GENESIS_MILLIS + 40L * height, 2, 30);
            SealedBlock block = sealer.seal(head, 3, under, content, Bytes.ofLong(height));
            byte[] nonce = withoutEvidence.contains(height)
                    ? JournalEntry.noEvidence()
                    : under.evidence().nonce(EvidenceKey.seed(block.bytes(), 0));
            entries.add(new JournalEntry(3, 100 + height, nonce, block));
            head = head.next(block);
        }
        return entries;
    }

    private Report verify() {
        return verify(JournalVerifier.Decisions.NONE);
    }

    private Report verify(JournalVerifier.Decisions decisions) {
        return verify(network.service, epoch -> keys(epoch, 0).epoch().sealRoot(), decisions);
    }

    private Report verify(@Nullable X509Certificate certificate, JournalVerifier.SealRoots roots) {
        return verify(certificate, roots, JournalVerifier.Decisions.NONE);
    }

    private Report verify(
            @Nullable X509Certificate certificate,
            JournalVerifier.SealRoots roots,
            JournalVerifier.Decisions decisions) {
        FaultyStorage storage = new FaultyStorage(new Random(1));
        if (Journal.open(storage, network.serviceId, TestNetwork.LIMITS) instanceof Journal.Opening.Ready ready) {
            chain().forEach(ready.journal()::append);
            ready.journal().close();
        }
        return new JournalVerifier(
                        (height, writes) -> facts.getOrDefault(height, PublicFacts.NONE),
                        decisions,
                        roots,
                        TestNetwork.LIMITS)
                .verify(storage, certificate);
    }

    private void assertFinding(Level level, long height, String words) {
        Report report = verify();
        assertThat(report.verdict()).as(report.toText()).isEqualTo(Verdict.INVALID);
        Finding first = report.findings().getFirst();
        assertThat(first.words()).as(report.toText()).contains(words);
        assertThat(first.height()).as(report.toText()).isEqualTo(height);
        assertThat(first.level()).as(report.toText()).isEqualTo(level);
    }

    /** How the opener that a node runs takes the block at this height, having read all blocks before. */
    private OpenResult open(long height) {
        SealerDirectory.Tracked directory = new SealerDirectory.Tracked();
        OpenerKeys all = new OpenerKeys() {
            @Override
            public SealRoot sealRoot(long epoch) {
                return keys(epoch, 0).epoch().sealRoot();
            }

            @Override
            public EvidenceKey evidenceKey(int generation) {
                return keys(0, generation).evidence();
            }
        };
        for (long before = 0; before < height; before++) {
            directory.apply(before, facts.getOrDefault(before, PublicFacts.NONE));
        }
        return new BlockOpener(network.serviceId, all, directory, TestNetwork.LIMITS)
                .open(chain().get((int) height).block());
    }

    private void assertRefused(long height, Kind kind) {
        assertThat(open(height))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(kind));
    }

    @Test
    void shouldFindAJournalValidThroughEpochsAndGenerations() {
        Report report = verify();
        assertThat(report.verdict()).as(report.toText()).isEqualTo(Verdict.VALID);
        assertThat(report.levels()).allMatch(level -> level.failed() == 0 && level.skipped() == 0);
        for (long height = 1; height < BLOCKS; height++) {
            assertThat(open(height)).as("block %d", height).isInstanceOf(OpenResult.Opened.class);
        }
    }

    @Test
    void shouldRefuseAnEndorsementByAnyoneButTheGenerationBefore() {
        facts.put((long) REMOVAL, removal(true, endorsed(1, secondService, secondServiceKeys.getPrivate())));
        assertFinding(Level.SIGNATURES, REMOVAL, "not endorsed by the one before");
    }

    @Test
    void shouldRefuseAnEndorsementForAnotherGenerationOrHeight() {
        PrivateKey before = network.serviceKeys.getPrivate();
        byte[] forTwo = endorsed(2, secondService, before).endorsement();
        facts.put((long) REMOVAL, removal(true, new ServiceIdentity(1, REMOVAL, secondService, forTwo)));
        assertFinding(Level.SIGNATURES, REMOVAL, "not endorsed by the one before");

        byte[] elsewhere =
                ServiceIdentity.endorse(network.serviceId, 1, REMOVAL - 1, secondService.getPublicKey(), before);
        facts.put((long) REMOVAL, removal(true, new ServiceIdentity(1, REMOVAL - 1, secondService, elsewhere)));
        assertFinding(Level.SIGNATURES, REMOVAL, "service identity of height " + (REMOVAL - 1));
    }

    @Test
    void shouldRefuseAGenerationThatDoesNotGrow() {
        facts.put((long) REMOVAL, removal(true, endorsed(0, secondService, network.serviceKeys.getPrivate())));
        assertFinding(Level.SIGNATURES, REMOVAL, "generation 0 is in force already");
    }

    @Test
    void shouldRefuseAServiceCertificateThatItsOwnKeyDidNotSign() {
        X509Certificate other = Certificates.issue(
                network.service,
                network.serviceKeys.getPrivate(),
                "service",
                secondServiceKeys.getPublic(),
                List.of(),
                TestNetwork.FROM,
                TestNetwork.TO,
                new SecureRandom());
        facts.put((long) REMOVAL, removal(true, endorsed(1, other, network.serviceKeys.getPrivate())));
        assertFinding(Level.SIGNATURES, REMOVAL, "not signed by its own key");
    }

    @Test
    void shouldRefuseASealerForWhomTheServiceDoesNotSpeak() {
        String words = "the service does not speak for the sealer";
        facts.put((long) ADMISSION, facts(true, null, new SealerChange.Admitted(secondNode)));
        assertFinding(Level.SIGNATURES, ADMISSION, words);
        facts.put((long) ADMISSION, facts(true, null, admitted(0, ADMISSION, secondNode, secondServiceKeys)));
        assertFinding(Level.SIGNATURES, ADMISSION, words);
        facts.put((long) ADMISSION, facts(true, null, admitted(0, ADMISSION - 1, secondNode, network.serviceKeys)));
        assertFinding(Level.SIGNATURES, ADMISSION, words);
        facts.put((long) ADMISSION, facts(true, null, admitted(1, ADMISSION, secondNode, network.serviceKeys)));
        assertFinding(Level.SIGNATURES, ADMISSION, words);
    }

    @Test
    void shouldRefuseAGenerationThatDoesNotSpeakForASealerThatStays() {
        ServiceIdentity next = endorsed(1, secondService, network.serviceKeys.getPrivate());
        SealerChange removed = new SealerChange.Removed(SealerChange.digest(network.node), REMOVAL);
        facts.put((long) REMOVAL, facts(true, next, removed));
        assertFinding(Level.SIGNATURES, REMOVAL, "generation 1 does not speak for a sealer");
    }

    @Test
    void shouldSayWhatAVerificationIsWorth() {
        JournalVerifier.SealRoots one = epoch -> epoch == 0 ? keys(0, 0).epoch().sealRoot() : null;
        assertThat(verify().grades()).containsExactly(Grade.FILES, Grade.SERVICE, Grade.CONTENT);
        assertThat(verify(network.service, one).grades()).containsExactly(Grade.FILES, Grade.SERVICE);
        Report alone = verify(null, JournalVerifier.SealRoots.NONE);
        assertThat(alone.verdict()).as(alone.toText()).isEqualTo(Verdict.VALID);
        assertThat(alone.grades()).containsExactly(Grade.FILES);
        assertThat(alone.toText())
                .contains(
                        "not checked  nodes of this service",
                        HexFormat.of().formatHex(SealerChange.digest(network.service)));

        sealers.put(15L, sealer(network.node, network.nodeKeys.getPrivate()));
        assertThat(verify(null, JournalVerifier.SealRoots.NONE).verdict()).isEqualTo(Verdict.INVALID);
    }

    @Test
    void shouldRefuseARemovedSealer() {
        sealers.put(15L, sealer(network.node, network.nodeKeys.getPrivate()));
        assertFinding(Level.SIGNATURES, 15, "not allowed to seal at this height");
        assertRefused(15, Kind.UNKNOWN_SEALER);
    }

    @Test
    void shouldRefuseASealerInTheVeryBlockThatAdmitsIt() {
        sealers.put((long) ADMISSION, sealer(secondNode, secondNodeKeys.getPrivate()));
        assertFinding(Level.SIGNATURES, ADMISSION, "not allowed to seal at this height");
        assertRefused(ADMISSION, Kind.UNKNOWN_SEALER);
    }

    @Test
    void shouldRefuseAnEpochThatIsOverOrSkipped() {
        keys.put(EPOCH + 1L, keys(0, 0));
        assertFinding(Level.HEADERS, EPOCH + 1, "sealed under epoch 0, but epoch 5 is in force");
        assertRefused(EPOCH + 1, Kind.WRONG_EPOCH);

        keys.put(EPOCH + 1L, keys(EPOCH + 1, 0));
        assertFinding(Level.HEADERS, EPOCH + 1, "sealed under epoch 6, but epoch 5 is in force");
        assertRefused(EPOCH + 1, Kind.WRONG_EPOCH);
    }

    @Test
    void shouldRefuseTheKeyOfAGenerationThatIsOver() {
        for (long height = REMOVAL + 1; height < BLOCKS; height++) {
            keys.put(height, keys(REMOVAL, 0));
        }
        assertFinding(Level.HEADERS, REMOVAL + 1, "names generation 0 of the service identity, but generation 1");
        assertRefused(REMOVAL + 1, Kind.WRONG_GENERATION);
        assertRefused(BLOCKS - 1, Kind.WRONG_GENERATION);
    }

    @Test
    void shouldRefuseARemovalWithoutANewEpoch() {
        facts.put((long) REMOVAL, removal(false, null));
        assertFinding(Level.SIGNATURES, REMOVAL, "removes a sealer without beginning an epoch");
    }

    @Test
    void shouldRefuseAGenesisThatNamesAnotherService() {
        facts.put(
                0L,
                new PublicFacts(
                        TestNetwork.GENESIS_DOCUMENT,
                        List.of(new SealerChange.Admitted(network.node)),
                        true,
                        new ServiceIdentity(0, 0, secondService, new byte[0])));
        assertFinding(Level.SIGNATURES, 0, "another service identity than this service certificate's");
    }

    @Test
    void shouldLetANodeSealAgainThatCameBackAndStillKnowItsOldBlocks() {
        SealerDirectory.Tracked directory = new SealerDirectory.Tracked();
        byte[] digest = SealerChange.digest(network.node);
        directory.apply(0, List.of(new SealerChange.Admitted(network.node)));
        directory.apply(4, List.of(new SealerChange.Removed(digest, 4)));
        directory.apply(8, List.of(new SealerChange.Admitted(network.node)));

        List<Long> allowed = new ArrayList<>();
        for (long height = 0; height < 12; height++) {
            if (directory.publicKey(digest, height) != null) {
                allowed.add(height);
            }
        }
        assertThat(allowed).containsExactly(0L, 1L, 2L, 3L, 4L, 9L, 10L, 11L);
    }

    // ---------------------------------------------------------------- recovery

    /** From the removal on the journal goes on under what that block brings itself, with the second node alone. */
    private void planARecovery() {
        SealerIdentity second = sealer(secondNode, secondNodeKeys.getPrivate());
        facts.remove((long) ADMISSION);
        for (long height = 1; height < BLOCKS; height++) {
            boolean after = height >= REMOVAL;
            keys.put(height, keys(after ? REMOVAL : height > EPOCH ? EPOCH : 0, after ? 1 : 0));
            sealers.put(height, after ? second : sealer(network.node, network.nodeKeys.getPrivate()));
        }
        facts.put((long) REMOVAL, removal(true, new ServiceIdentity(1, REMOVAL, secondService, new byte[0])));
    }

    private JournalVerifier.Decisions recovering(long firstWithoutEvidence) {
        return (block, seen) -> seen.recovers()
                ? JournalVerifier.Decision.recovery(firstWithoutEvidence)
                : JournalVerifier.Decision.RIGHT;
    }

    @Test
    void shouldFollowARecoveryOnlyWhenMembersWereFoundToHaveDecidedIt() {
        planARecovery();
        Report valid = verify(recovering(-1));
        assertThat(valid.verdict()).as(valid.toText()).isEqualTo(Verdict.VALID);
        String words = "no decision of members to recover was found";
        assertFinding(Level.SIGNATURES, REMOVAL, words);
        Report undecided = verify((block, seen) -> JournalVerifier.Decision.RIGHT);
        assertThat(undecided.verdict()).isEqualTo(Verdict.INVALID);
        assertThat(undecided.findings().getFirst().words()).contains(words);
        Report skipped = verify((block, seen) -> JournalVerifier.Decision.SKIPPED);
        assertThat(skipped.verdict()).isEqualTo(Verdict.INVALID);
    }

    @Test
    void shouldRefuseARecoveryThatAdmitsTwoOrThatOldSealersSurvive() {
        planARecovery();
        facts.put(
                (long) REMOVAL,
                facts(
                        true,
                        new ServiceIdentity(1, REMOVAL, secondService, new byte[0]),
                        admitted(1, REMOVAL, secondNode, secondServiceKeys),
                        admitted(1, REMOVAL, network.node, secondServiceKeys)));
        assertThat(verify(recovering(-1)).verdict()).isEqualTo(Verdict.INVALID);
        planARecovery();
        sealers.put(16L, sealer(network.node, network.nodeKeys.getPrivate()));
        Report survived = verify(recovering(-1));
        assertThat(survived.findings().getFirst().words()).contains("not allowed to seal at this height");
    }

    @Test
    void shouldForgiveALostNonceToTheLastBlocksBeforeARecoveryThatNamesThem() {
        planARecovery();
        withoutEvidence.addAll(Set.of(REMOVAL - 2L, REMOVAL - 1L));
        Report valid = verify(recovering(REMOVAL - 2L));
        assertThat(valid.verdict()).as(valid.toText()).isEqualTo(Verdict.VALID);
        for (long named : new long[] {-1, REMOVAL - 1L, REMOVAL - 3L}) {
            assertThat(verify(recovering(named)).verdict())
                    .as("first %d", named)
                    .isEqualTo(Verdict.INVALID);
        }
        withoutEvidence.clear();
        withoutEvidence.add(3L);
        assertThat(verify(recovering(-1)).verdict()).isEqualTo(Verdict.INVALID);
        withoutEvidence.clear();
        withoutEvidence.add(BLOCKS - 1L);
        assertThat(verify(recovering(-1)).verdict()).isEqualTo(Verdict.INCOMPLETE);
    }
}
