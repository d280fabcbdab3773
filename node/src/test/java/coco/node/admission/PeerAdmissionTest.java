package coco.node.admission;

import static org.assertj.core.api.Assertions.assertThat;

import coco.attestation.CertificateEvidence;
import coco.attestation.Collateral;
import coco.attestation.Evidence;
import coco.attestation.ReportData;
import coco.attestation.Verdict;
import coco.attestation.platforms.EvidenceVerifiers;
import coco.attestation.simulated.SimulatedPlatform;
import coco.crypto.Certificates;
import coco.crypto.Hex;
import coco.crypto.P256;
import coco.crypto.Sha256;
import coco.governance.AccessDefaults;
import coco.governance.BlockLimits;
import coco.governance.CodeEntry;
import coco.governance.Constitution;
import coco.governance.EpochPolicy;
import coco.governance.FormerNode;
import coco.governance.Member;
import coco.governance.NodeEntry;
import coco.governance.NodeList;
import coco.governance.PlatformEntry;
import coco.governance.Preset;
import coco.governance.ServiceStatus;
import coco.governance.rules.Rule;
import coco.governance.rules.VotingRules;
import coco.node.tls.TestIdentity;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every reason for which a certificate is refused, by its name. */
final class PeerAdmissionTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration LEASE = Duration.ofHours(24);
    private static final byte[] SERVICE = filled(1);
    private static final byte[] OTHER_SERVICE = filled(2);
    private static final byte[] GENESIS = filled(3);
    private static final byte[] CODE = filled(4);
    private static final byte[] OTHER_CODE = filled(5);

    private final KeyPair identity = P256.generate(RANDOM);
    private final KeyPair wrapping = P256.generate(RANDOM);
    private final X509Certificate entry = entry(identity);
    private final List<String> counted = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private int verified;
    private Function<Verdict.Verified, Verdict> verdict = honest -> honest;
    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private long nanos;
    private long head = 10;
    private long newest;
    private @Nullable Instant headFollowedAt = now;
    private long durable = 20;
    private final Refusals refusals = new Refusals(() -> now, counted::add, lines::add);
    private final CertificateJudge judge =
            new CertificateJudge(SERVICE, this::counting, new Chain(), GENESIS, () -> now, LEASE);
    private final PeerAdmission admission =
            new PeerAdmission(judge, refusals, List.of(), Standing.of(with(List.of(), CODE, null), 10), () -> nanos);

    @Test
    void shouldAdmitAListedNodeOnFreshEvidenceOfAdmittedCode() {
        assertThat(admission.spoke(issued(SERVICE, CODE))).isNotNull();
        assertThat(admission.admits(issued(SERVICE, CODE))).isFalse();
        assertThat(counted).as("the second process of the same node").containsExactly("clone");
    }

    @Test
    @Tag("T4")
    @Tag("N16")
    void shouldRefuseANodeThatIsNotListedWithoutVerifyingItsEvidence() {
        KeyPair stranger = P256.generate(RANDOM);
        refused(certificates(stranger, SERVICE, CODE, 1).issue(), "listed");
        assertThat(verified).isZero();
        assertThat(admission.admits(issued(SERVICE, CODE))).isTrue();
        assertThat(verified).isEqualTo(1);
    }

    @Test
    void shouldNotTakeACertificateThatIsOnlyShownForANodeThatSpoke() {
        X509Certificate before = issued(SERVICE, CODE);
        X509Certificate restarted = issued(SERVICE, CODE);
        for (int i = 0; i < 3; i++) {
            // Whoever has seen it may show it in a handshake, which he cannot finish.
            assertThat(admission.admits(before)).isTrue();
            assertThat(admission.admitted(before)).isNotNull();
            nanos += PeerAdmission.SILENCE.toNanos() / 2;
        }

        assertThat(admission.spoke(restarted)).as("the node itself").isNotNull();
        assertThat(admission.heard(before))
                .as("a message of the process before")
                .isFalse();
        assertThat(admission.heard(restarted)).isTrue();
    }

    @Test
    void shouldCountThoseOnlyAsStayingThatWereHeardLately() {
        X509Certificate certificate = issued(SERVICE, CODE);
        X509Certificate own =
                certificates(P256.generate(RANDOM), SERVICE, CODE, 2).issue();
        Standing standing = admission.standing();
        List<String> voters = List.of("node-1", "node-2");
        assertThat(admission.admits(certificate)).isTrue();
        assertThat(admission.staying(voters, own, standing)).as("only shown").isEmpty();
        assertThat(admission.staying(voters, certificate, standing))
                .as("this node itself")
                .containsExactly("node-1");
        assertThat(admission.heard(certificate)).isTrue();
        nanos += PeerAdmission.LIVE.toNanos();
        assertThat(admission.staying(voters, own, standing)).containsExactly("node-1");
        assertThat(admission.staying(voters, own, Standing.of(with(List.of(), CODE, 11L), 11)))
                .as("by evidence of code that retires")
                .isEmpty();
        nanos += 1;
        assertThat(admission.staying(voters, own, standing))
                .as("silent for too long")
                .isEmpty();
    }

    @Test
    void shouldRefuseARemovedNodeAlsoOnAConnectionThatLives() {
        X509Certificate certificate = issued(SERVICE, CODE);
        assertThat(admission.admits(certificate)).isTrue();
        FormerNode former = new FormerNode(
                "node-0", Hex.encode(Certificates.fingerprint(entry)), Standing.digest(identity.getPublic()), 11);
        KeyPair other = P256.generate(RANDOM);
        admission.changed(Standing.of(constitution(entry(other), List.of(former), CODE, null), 11));

        refused(certificate, "removed");
    }

    @Test
    @Tag("T2")
    @Tag("T4")
    void shouldRefuseAnAlteredJar() {
        refused(issued(SERVICE, OTHER_CODE), "measurement");
    }

    @Test
    void shouldRefuseRetiredCodeFromItsHeightOnAndNewcomersBefore() {
        admission.changed(Standing.of(with(List.of(), CODE, 12L), 10));
        X509Certificate certificate = issued(SERVICE, CODE);
        assertThat(admission.admits(certificate)).isTrue();
        assertThat(failed(judge.fitness(certificate, admission.standing()))).containsExactly("measurement");
        admission.applied(11);

        refused(certificate, "measurement");
    }

    @Test
    @Tag("I6")
    void shouldRefuseAnotherServicesCertificate() {
        refused(issued(OTHER_SERVICE, CODE), "service");
    }

    @Test
    @Tag("T1")
    void shouldRefuseSimulatedBesideHardware() {
        Constitution hardware = new Constitution(
                "Test",
                Preset.CONSORTIUM,
                List.of(new Member(
                        "acme",
                        TestIdentity.of("acme").certificate(),
                        null,
                        P256.generate(RANDOM).getPublic(),
                        Set.of())),
                List.of(),
                new NodeList(List.of(new NodeEntry(
                        "node-1", "acme", "127.0.0.1", 1, 2, 3, entry, wrapping.getPublic(), new byte[] {1}))),
                List.of(),
                List.of(new PlatformEntry("sev-snp")),
                List.of(),
                List.of(new CodeEntry("sev-snp", "00".repeat(48), "release", null)),
                new VotingRules.ReadyMade(new Rule.Majority(), new TreeMap<>(), null),
                EpochPolicy.DEFAULT,
                1,
                0,
                BlockLimits.defaults(),
                AccessDefaults.of(Preset.CONSORTIUM),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                ServiceStatus.OPEN,
                0,
                0);
        admission.changed(Standing.of(hardware, 10));

        refused(issued(SERVICE, CODE), "platform");
    }

    @Test
    void shouldRefuseAClockThatIsTenYearsOff() {
        Instant right = now;
        now = right.plus(Duration.ofDays(3653));
        X509Certificate fromTheFuture = issued(SERVICE, CODE);
        now = right.minus(Duration.ofDays(3653));
        X509Certificate fromThePast = issued(SERVICE, CODE);
        now = right;

        refused(fromTheFuture, "clock");
        refused(fromThePast, "clock");
    }

    @Test
    void shouldRefuseEvidenceThatOutlivedItsLease() {
        X509Certificate certificate = issued(SERVICE, CODE);
        now = now.plus(LEASE).plusSeconds(1);
        refused(certificate, "clock");
        NodeCertificates longer = new NodeCertificates(
                identityOf(identity, SERVICE),
                platform(CODE, 1).attester(),
                () -> new NodeCertificates.Head(head, hash(head)),
                Optional::empty,
                () -> now,
                LEASE.multipliedBy(2),
                RANDOM);
        headFollowedAt = now;
        refused(longer.issue(), "lease");
    }

    @Test
    @Tag("T4")
    void shouldRefuseEvidenceOverAnOldHeaderOrOneOfAnotherChain() {
        head = 5;
        headFollowedAt = now.minus(LEASE).minus(Duration.ofHours(1));
        refused(issued(SERVICE, CODE), "freshness");
        refused(
                certificates(identity, SERVICE, CODE, 1, new NodeCertificates.Head(7, filled(9)))
                        .issue(),
                "freshness");
        refused(
                certificates(identity, SERVICE, CODE, 1, new NodeCertificates.Head(-1, filled(9)))
                        .issue(),
                "freshness");
    }

    @Test
    @Tag("T4")
    void shouldRefuseWhenTheBlockAfterTheHeaderIsDamagedAndNotWhenItIsNotWrittenYet() {
        headFollowedAt = null;
        head = 5;
        durable = 5;
        X509Certificate certificate = issued(SERVICE, CODE);
        assertThat(admission.refusal(certificate)).isNull();
        durable = 6;
        refused(certificate, "freshness");
        headFollowedAt = now;
        assertThat(admission.refusal(certificate)).as("repaired").isNull();
    }

    @Test
    @Tag("T4")
    void shouldTakeAHeaderThatIsNotKnownYetOnlyIfItFollowsSoon() {
        long last = 10 + CertificateJudge.AHEAD_MAX;
        assertThat(admission.refusal(over(last))).isNull();
        refused(over(last + 1), "freshness");
        refused(over(Long.MAX_VALUE), "freshness");
        newest = 500_000;
        assertThat(admission.refusal(over(last + 1))).as("the head was told").isNull();
        refused(over(newest + CertificateJudge.AHEAD_MAX + 1), "freshness");
    }

    @Test
    @Tag("T4")
    void shouldTakeTheGenesisDocumentForFreshOnlyBeforeTheFirstBlock() {
        X509Certificate founding = certificates(
                        identity, SERVICE, CODE, 1, new NodeCertificates.Head(CertificateEvidence.FOUNDING, GENESIS))
                .issue();
        refused(founding, "freshness");
        admission.changed(Standing.of(with(List.of(), CODE, null), 0));
        assertThat(admission.refusal(founding)).isNull();
        admission.applied(1);
        refused(founding, "freshness");
    }

    @Test
    @Tag("T4")
    void shouldRefuseOldEvidenceBesideAnotherHeightOrProcess() {
        CertificateEvidence old = Objects.requireNonNull(judge.carried(over(5)));
        byte[] process = NodeCertificates.Identity.drawIncarnation(RANDOM);
        refused(showing(old, 700, old.incarnation()), "evidence_report_data");
        refused(showing(old, CertificateEvidence.FOUNDING, old.incarnation()), "evidence_report_data");
        refused(showing(old, 5, process), "evidence_report_data");
    }

    private X509Certificate over(long height) {
        return certificates(identity, SERVICE, CODE, 1, new NodeCertificates.Head(height, hash(height)))
                .issue();
    }

    /** A certificate by the node's key, which somebody has stolen, with evidence that it gave long ago. */
    private X509Certificate showing(CertificateEvidence old, long height, byte[] incarnation) {
        CertificateEvidence changed = new CertificateEvidence(
                old.serviceId(), height, old.freshness(), incarnation, old.wrappingKey(), old.evidence());
        return Certificates.selfIssued(
                identity.getPrivate(),
                new Certificates.EndEntity(
                        "node-1",
                        identity.getPublic(),
                        List.of(),
                        now.minusSeconds(60),
                        now.plusSeconds(60),
                        Map.of(CertificateEvidence.OID, changed.encode())),
                RANDOM);
    }

    @Test
    @Tag("T3")
    @Tag("T4")
    void shouldRefuseACertificateWithoutEvidenceOrWithAnotherNodesEvidence() {
        refused(entry, "evidence");
        X509Certificate genuine = issued(SERVICE, CODE);
        byte[] content = Objects.requireNonNull(Certificates.extension(genuine, CertificateEvidence.OID));
        KeyPair thief = P256.generate(RANDOM);
        X509Certificate stolen = Certificates.selfIssued(
                thief.getPrivate(),
                new Certificates.EndEntity(
                        "node-1",
                        thief.getPublic(),
                        List.of(),
                        now.minusSeconds(60),
                        now.plusSeconds(60),
                        Map.of(CertificateEvidence.OID, content)),
                RANDOM);
        admission.changed(Standing.of(constitution(entry(thief), List.of(), CODE, null), 10));

        refused(stolen, "evidence_report_data");
    }

    @Test
    void shouldRefuseAWrappingKeyThatTheConstitutionDoesNotHave() {
        NodeCertificates other = new NodeCertificates(
                new NodeCertificates.Identity(
                        SERVICE,
                        entry,
                        identity.getPrivate(),
                        P256.generate(RANDOM).getPublic(),
                        NodeCertificates.Identity.drawIncarnation(RANDOM)),
                platform(CODE, 1).attester(),
                () -> new NodeCertificates.Head(head, hash(head)),
                Optional::empty,
                () -> now,
                LEASE,
                RANDOM);

        refused(other.issue(), "wrapping_key");
    }

    @Test
    void shouldRefuseACloneUntilTheFirstHasBeenSilent() {
        NodeCertificates first = certificates(identity, SERVICE, CODE, 1);
        NodeCertificates clone = certificates(identity, SERVICE, CODE, 1);
        X509Certificate one = first.issue();
        X509Certificate two = clone.issue();
        assertThat(admission.spoke(one)).isNotNull();
        nanos += PeerAdmission.SILENCE.toNanos() - 1;
        refused(two, "clone");
        assertThat(admission.spoke(first.issue()))
                .as("a renewed certificate of the first")
                .isNotNull();
        nanos += PeerAdmission.SILENCE.toNanos();

        assertThat(admission.spoke(two)).as("started again").isNotNull();
        refused(one, "former_process");
        refused(certificates(identity, SERVICE, CODE, 1).issue(), "clone");
    }

    @Test
    void shouldRenewAtHalfOfTheLease() {
        NodeCertificates certificates = certificates(identity, SERVICE, CODE, 1);
        X509Certificate first = certificates.issue();
        assertThat(certificates.renewal()).isEmpty();
        now = now.plus(LEASE.dividedBy(2)).minusSeconds(1);
        assertThat(certificates.renewal()).isEmpty();
        now = now.plusSeconds(1);
        Optional<X509Certificate> second = certificates.renewal();

        assertThat(second).isPresent();
        assertThat(second.get().getNotAfter()).isAfter(first.getNotAfter());
        assertThat(certificates.renewal()).isEmpty();
        now = now.minus(Duration.ofDays(1));
        assertThat(certificates.renewal()).as("the clock went back").isPresent();
    }

    @Test
    void shouldKeepWhoWasRefusedAndHowOften() {
        for (int i = 0; i < 3; i++) {
            assertThat(admission.admits(issued(OTHER_SERVICE, CODE))).isFalse();
        }
        assertThat(admission.admits(issued(SERVICE, OTHER_CODE))).isFalse();

        assertThat(refusals.all())
                .extracting(refusal -> refusal.why().check() + " " + refusal.count())
                .containsExactly("service 3", "measurement 1");
        assertThat(counted).containsExactly("service", "service", "service", "measurement");
    }

    @Test
    void shouldWriteFewLinesAndRememberTheNetworksOwnWhenStrangersFlood() {
        assertThat(admission.admits(issued(OTHER_SERVICE, CODE))).isFalse();
        Finding unknown = Finding.of(Check.LISTED, false, "a key", "a listed one");
        Finding version = new Finding("version", false, "join messages 2", "join messages 1");
        for (int i = 0; i < 10_000; i++) {
            refusals.note("stranger " + i, false, i % 2 == 0 ? unknown : version);
        }
        assertThat(lines).hasSize(Refusals.LINES_MAX);
        assertThat(counted).hasSize(10_001);
        assertThat(refusals.all())
                .hasSizeLessThan(300)
                .first()
                .satisfies(kept -> assertThat(kept.why().check()).isEqualTo("service"));
        now = now.plus(Duration.ofMinutes(1));
        refusals.note("another", false, unknown);

        assertThat(lines).hasSize(Refusals.LINES_MAX + 2);
        assertThat(lines.get(Refusals.LINES_MAX)).contains((10_001 - Refusals.LINES_MAX) + " times more");
    }

    @Test
    void shouldTrustNoLongerWhenEvidenceIsRefusedAndStillWhenCollateralIsMissing() {
        X509Certificate certificate = issued(SERVICE, CODE);
        assertThat(judge.trusted(certificate, admission.standing())).isTrue();
        verdict = honest -> new Verdict.Incomplete(honest.claims(), "the list of revoked", honest.checks());
        judge.collateralChanged();
        assertThat(judge.trusted(certificate, admission.standing())).isTrue();
        verdict = honest -> new Verdict.Refused(Verdict.Check.REVOCATION, "its key", "keys that are not revoked");
        judge.collateralChanged();
        assertThat(judge.trusted(certificate, admission.standing())).isFalse();
        refused(certificate, "evidence_revocation");
    }

    private void refused(X509Certificate certificate, String check) {
        Finding refusal = Objects.requireNonNull(admission.refusal(certificate), "admitted");
        assertThat(refusal.check()).as(refusal.words()).isEqualTo(check);
        assertThat(refusal.seen()).isNotEmpty();
        assertThat(refusal.allowed()).isNotEmpty();
    }

    private static List<String> failed(List<Finding> findings) {
        return findings.stream()
                .filter(finding -> !finding.passed())
                .map(Finding::check)
                .toList();
    }

    private Verdict counting(Evidence evidence) {
        verified++;
        Verdict honest = new EvidenceVerifiers(() -> now, () -> Collateral.EMPTY).verify(evidence);
        return honest instanceof Verdict.Verified verified ? verdict.apply(verified) : honest;
    }

    private X509Certificate issued(byte[] service, byte[] code) {
        return certificates(identity, service, code, 1).issue();
    }

    private NodeCertificates certificates(KeyPair keys, byte[] service, byte[] code, int machine) {
        return certificates(keys, service, code, machine, new NodeCertificates.Head(head, hash(head)));
    }

    private NodeCertificates certificates(
            KeyPair keys, byte[] service, byte[] code, int machine, NodeCertificates.Head named) {
        return new NodeCertificates(
                identityOf(keys, service),
                platform(code, machine).attester(),
                () -> named,
                Optional::empty,
                () -> now,
                LEASE,
                RANDOM);
    }

    private NodeCertificates.Identity identityOf(KeyPair keys, byte[] service) {
        return new NodeCertificates.Identity(
                service,
                entry(keys),
                keys.getPrivate(),
                wrapping.getPublic(),
                NodeCertificates.Identity.drawIncarnation(RANDOM));
    }

    private static SimulatedPlatform platform(byte[] code, int machine) {
        return new SimulatedPlatform(filled(machine), code, RANDOM);
    }

    private Constitution with(List<FormerNode> former, byte[] code, @Nullable Long retires) {
        return constitution(entry, former, code, retires);
    }

    private Constitution constitution(
            X509Certificate listed, List<FormerNode> former, byte[] code, @Nullable Long retires) {
        return new Constitution(
                "Test",
                Preset.DEVELOPMENT,
                List.of(),
                List.of(),
                new NodeList(List.of(node(listed))),
                former,
                List.of(new PlatformEntry(PlatformEntry.SIMULATED)),
                List.of(),
                List.of(
                        new CodeEntry(PlatformEntry.SIMULATED, Hex.encode(code), "release", retires),
                        new CodeEntry(PlatformEntry.SIMULATED, "00".repeat(32), "next release", null)),
                new VotingRules.ReadyMade(new Rule.Majority(), new TreeMap<>(), null),
                EpochPolicy.DEFAULT,
                0,
                0,
                BlockLimits.defaults(),
                AccessDefaults.of(Preset.DEVELOPMENT),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                ServiceStatus.OPEN,
                0,
                0);
    }

    private NodeEntry node(X509Certificate certificate) {
        PublicKey key = wrapping.getPublic();
        return new NodeEntry("node-1", null, "127.0.0.1", 1, 2, 3, certificate, key, null);
    }

    private X509Certificate entry(KeyPair keys) {
        return Certificates.selfIssued(
                keys.getPrivate(),
                new Certificates.EndEntity(
                        "node-1",
                        keys.getPublic(),
                        List.of("localhost"),
                        Instant.parse("2026-11-26T00:00:00Z"),
                        Instant.parse("2026-11-26T13:00:00Z"),
                        Map.of()),
                RANDOM);
    }

    private static byte[] hash(long height) {
        return Sha256.hash(new byte[] {(byte) height});
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    /** A chain of which each header's hash follows from its height. */
    private final class Chain implements HeaderLookup {
        @Override
        public byte @Nullable [] hash(long height) {
            return height > 20 ? null : PeerAdmissionTest.hash(height);
        }

        @Override
        public long newest() {
            return newest;
        }

        @Override
        public @Nullable Instant time(long height) {
            return headFollowedAt;
        }

        @Override
        public long durable() {
            return durable;
        }
    }

    @Test
    void shouldBindChallengesToTheNodeThatDrewThem() {
        byte[] nonce = filled(7);
        PublicKey verifier = P256.generate(RANDOM).getPublic();
        byte[] freshness = NodeCertificates.challengeFreshness(nonce, verifier);
        byte[] elsewhere =
                NodeCertificates.challengeFreshness(nonce, P256.generate(RANDOM).getPublic());
        var evidence = platform(CODE, 1)
                .attester()
                .attest(ReportData.of(
                        ReportData.Purpose.CHALLENGE, SERVICE, identity.getPublic(), wrapping.getPublic(), freshness));

        Standing standing = admission.standing();
        assertThat(failed(judge.challenge(evidence, node(entry), freshness, standing)))
                .isEmpty();
        assertThat(failed(judge.challenge(evidence, node(entry), elsewhere, standing)))
                .containsExactly("evidence_report_data");
        assertThat(freshness).as("never what is signed for clients").hasSize(64);
    }
}
