package coco.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Certificates;
import coco.crypto.KeyEncryption;
import coco.crypto.P256;
import coco.journal.BlockContent;
import coco.journal.BlockSealer;
import coco.journal.ChainHead;
import coco.journal.CollectedShares;
import coco.journal.EpochSecrets;
import coco.journal.EpochShares;
import coco.journal.EpochShares.Kind;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.LogFrontier;
import coco.journal.MalformedException;
import coco.journal.Recovery;
import coco.journal.SealRoot;
import coco.journal.SealedBlock;
import coco.journal.SealerChange;
import coco.journal.SealerDirectory;
import coco.journal.SealerEndorsement;
import coco.journal.SealerIdentity;
import coco.journal.ServiceId;
import coco.journal.ServiceIdentity;
import coco.kv.Cursor;
import coco.kv.Draft;
import coco.kv.MalformedWriteSetException;
import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Transaction;
import coco.kv.Version;
import coco.kv.WriteSet;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a block decides beside its transactions, on the leader, and what the others make of it. */
final class SuccessionTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant TO = FROM.plusSeconds(1_000_000);
    private static final long BORN_SECONDS = 1_800_000_000L;

    private final KeyPair serviceKey = P256.generate(RANDOM);
    private final X509Certificate service = Certificates.selfSigned("service", serviceKey, FROM, TO, RANDOM);
    private final byte[] serviceId = ServiceId.of(new byte[] {1}, serviceKey.getPublic());
    private final Node leader = new Node("node-1");
    private final Node follower = new Node("node-2");
    private final Node third = new Node("node-3");
    private final Node newcomer = new Node("node-4");
    private Set<String> quarantined = Set.of();
    private Set<String> voters = Set.of();
    private Roster roster = roster(Roster.EpochPolicy.NEVER, leader, follower, third);

    /** One node's part in it, with a state of its own. */
    private final class Node {
        final KeyPair key = P256.generate(RANDOM);
        final Roster.Node entry;
        final Store store = new Store(ServiceMaps.ALL, StoreLimits.DEFAULT);
        Version version = store.leaseHead();
        Keyring keys = new Keyring();
        ChainHead head = ChainHead.NONE;

        @Nullable
        InForce inForce;

        @Nullable
        Roster sees;

        @Nullable
        Succession succession;

        Node(String id) {
            entry = new Roster.Node(id, Certificates.selfSigned(id, key, FROM, TO, RANDOM), key.getPublic());
        }

        void begin(JournalEntry genesis) throws MalformedException {
            keys = GenesisBlock.open(genesis.block(), serviceId, entry.id(), key.getPrivate())
                    .map(Secrets::keyring)
                    .orElseGet(Keyring::new);
            Succession.Self self =
                    new Succession.Self(SealerChange.digest(entry.certificate()), key.getPrivate(), RANDOM);
            succession = new Succession(
                    serviceId, administration(), keys, new SealerDirectory.Tracked(), self, CoreLimits.DEFAULTS);
            succession.begin(genesis.block());
            take(genesis.block());
        }

        private Administration administration() {
            return new Administration() {
                @Override
                public LedgerFactory ledger() {
                    return new UnusedFactory();
                }

                @Override
                public Roster roster(Reader state) {
                    return sees == null ? roster : sees;
                }

                @Override
                public Set<String> quarantined(Reader state, long height) {
                    return quarantined;
                }

                @Override
                public Set<String> voters() {
                    return voters;
                }
            };
        }

        InForce inForce() {
            return Objects.requireNonNull(inForce);
        }

        Succession.Decision decide(Draft draft, long timestampSeconds) {
            return (Succession.Decision) ruling(draft, timestampSeconds, true);
        }

        Succession.Ruling ruling(Draft draft, long timestampSeconds, boolean administrative) {
            return Objects.requireNonNull(succession)
                    .decide(inForce(), draft, head.height() + 1, timestampSeconds, administrative);
        }

        void take(SealedBlock block) {
            Draft draft = store.draft(version);
            try {
                draft.apply(WriteSet.parse(block.publicWrites(), ServiceMaps.ALL));
            } catch (MalformedWriteSetException e) {
                throw new AssertionError(e);
            }
            version = draft.seal();
            inForce = Objects.requireNonNull(succession).take(inForce, block, version, true);
            head = head.next(block);
        }

        List<String> wraps() {
            List<String> ids = new ArrayList<>();
            Cursor cursor = version.scanPrefix(ServiceMaps.EPOCHS, new byte[0]);
            while (cursor.next()) {
                ids.add(HexFormat.of().formatHex(cursor.key()));
            }
            return ids;
        }
    }

    /** Nothing asks it for a ledger here. */
    private static final class UnusedFactory implements LedgerFactory {
        @Override
        public String id() {
            return "unused";
        }

        @Override
        public Ledger create(LedgerContext context) {
            throw new AssertionError("no ledger is made");
        }
    }

    private static Roster roster(Roster.EpochPolicy policy, Node... nodes) {
        List<Roster.Node> entries = new ArrayList<>();
        for (Node node : nodes) {
            entries.add(node.entry);
        }
        return new Roster(entries, 0, 0, true, Roster.Limits.NONE, policy, Recovery.NONE);
    }

    private static Roster changed(Roster before, int generation, long rollovers, Node... nodes) {
        Roster listed = roster(before.policy(), nodes);
        return new Roster(
                listed.nodes(), generation, rollovers, true, before.limits(), before.policy(), before.recovery());
    }

    @BeforeEach
    void found() throws MalformedException {
        found(roster);
    }

    private void found(Roster first) throws MalformedException {
        roster = first;
        JournalEntry genesis = GenesisBlock.make(
                new GenesisBlock.Ingredients(
                        new byte[] {1},
                        first.nodes(),
                        service,
                        serviceKey,
                        List.of(),
                        null,
                        Map.of(),
                        BORN_SECONDS * 1_000,
                        first.recovery()),
                RANDOM);
        for (Node node : List.of(leader, follower, third)) {
            node.inForce = null;
            node.head = ChainHead.NONE;
            node.begin(genesis);
        }
    }

    /** The leader builds a block, as this changes what it writes in public. */
    private SealedBlock build(long timestampSeconds, UnaryOperator<WriteSet> change) {
        Draft draft = leader.store.draft(leader.version);
        Succession.Decision decision = leader.decide(draft, timestampSeconds);
        draft.discard();
        SealerIdentity identity =
                new SealerIdentity(serviceId, SealerChange.digest(leader.entry.certificate()), leader.key.getPrivate());
        return new BlockSealer(identity, RANDOM, JournalLimits.DEFAULT)
                .seal(
                        leader.head,
                        1,
                        leader.inForce().sealingKeys(),
                        new BlockContent(timestampSeconds * 1_000, List.of()),
                        change.apply(decision.writes()).serialise());
    }

    private SealedBlock commit(long timestampSeconds) {
        SealedBlock block = build(timestampSeconds, UnaryOperator.identity());
        for (Node node : List.of(leader, follower, third)) {
            if (node.inForce().listed()) {
                node.take(block);
            }
        }
        return block;
    }

    private long epoch(Node node) {
        return node.inForce().epoch().epoch();
    }

    @Test
    void shouldGiveTheNewEpochToTheNodesAfterTheBlockAndToNobodyElse() {
        roster = changed(roster, 1, 0, leader, follower, newcomer);
        SealedBlock block = commit(BORN_SECONDS + 1);

        assertThat(epoch(leader)).isEqualTo(1);
        assertThat(epoch(follower)).isEqualTo(1);
        assertThat(follower.inForce().epoch().secret())
                .isEqualTo(leader.inForce().epoch().secret());
        assertThat(third.inForce().listed()).isFalse();
        assertThat(third.keys.epoch(1)).isNull();
        assertThat(third.keys.generation(1)).isNull();
        assertThat(follower.wraps())
                .containsExactly(
                        HexFormat.of().formatHex(Wraps.key(1, "node-1")),
                        HexFormat.of().formatHex(Wraps.key(1, "node-2")),
                        HexFormat.of().formatHex(Wraps.key(1, "node-4")));
        assertThat(block.header().epoch()).as("of the block that brings it").isZero();
    }

    @Test
    void shouldMakeNoBlockWhenAMajorityMayNotHaveTheSecretsThatItDemands() {
        roster = changed(roster, 1, 0, leader, follower, newcomer);
        Draft draft = leader.store.draft(leader.version);
        for (Set<String> many : List.of(Set.of("node-2", "node-4"), Set.of("node-1", "node-2", "node-4"))) {
            quarantined = many;
            assertThat(leader.ruling(draft, BORN_SECONDS + 1, true))
                    .as("%s", many)
                    .isEqualTo(new Succession.Ruling.Denied());
        }
        quarantined = Set.of("node-2", "node-3");
        assertThat(leader.ruling(draft, BORN_SECONDS + 1, true))
                .as("one of them leaves")
                .isInstanceOf(Succession.Decision.class);
        draft.discard();
    }

    @Test
    void shouldCountTheVotersOfTheLogAndNotTheNodesOfTheRoster() {
        voters = Set.of("node-1", "node-2", "node-3");
        roster = changed(roster, 1, 0, leader, follower, third, newcomer);
        Draft draft = leader.store.draft(leader.version);
        quarantined = Set.of("node-4");
        assertThat(leader.ruling(draft, BORN_SECONDS + 1, true))
                .as("it does not vote yet")
                .isInstanceOf(Succession.Decision.class);
        quarantined = Set.of("node-3");
        assertThat(leader.ruling(draft, BORN_SECONDS + 1, true)).isInstanceOf(Succession.Decision.class);
        quarantined = Set.of("node-2", "node-3");
        assertThat(leader.ruling(draft, BORN_SECONDS + 1, true)).isEqualTo(new Succession.Ruling.Denied());
        roster = changed(roster, 1, 0, leader, third, newcomer);
        quarantined = Set.of("node-3");
        assertThat(leader.ruling(draft, BORN_SECONDS + 1, true))
                .as("one that leaves votes until consensus has let it go")
                .isEqualTo(new Succession.Ruling.Denied());
        draft.discard();
    }

    @Test
    void shouldGoOnInTheEpochThatThePolicyEndsWhenAMajorityIsInQuarantine() throws MalformedException {
        found(roster(new Roster.EpochPolicy(0, 60), leader, follower, third));
        quarantined = Set.of("node-1", "node-3");
        commit(BORN_SECONDS + 60);
        assertThat(epoch(leader)).isZero();
        assertThat(epoch(third)).isZero();
        quarantined = Set.of();
        commit(BORN_SECONDS + 61);
        assertThat(epoch(follower)).isEqualTo(2);
    }

    @Test
    void shouldBeginAGenerationThatTheOneBeforeEndorses() {
        byte[] firstKey =
                Objects.requireNonNull(follower.keys.newest().serviceKey()).getEncoded();
        roster = changed(roster, 1, 0, leader, follower);
        commit(BORN_SECONDS + 1);
        roster = changed(roster, 3, 0, leader);
        commit(BORN_SECONDS + 2);

        List<ServiceIdentity> identities = ServiceMaps.identities(leader.version);
        assertThat(identities).extracting(ServiceIdentity::generation).containsExactly(0, 1, 3);
        assertThat(identities).extracting(ServiceIdentity::height).containsExactly(0L, 1L, 2L);
        for (int i = 1; i < identities.size(); i++) {
            X509Certificate before = identities.get(i - 1).certificate();
            assertThat(identities.get(i).isEndorsedBy(serviceId, before.getPublicKey()))
                    .isTrue();
            assertThat(identities.get(i).certificate().getSubjectX500Principal())
                    .isEqualTo(service.getSubjectX500Principal());
        }
        assertThat(leader.inForce().sealingKeys().generation()).isEqualTo(3);
        assertThat(Objects.requireNonNull(leader.keys.newest().serviceKey()).getEncoded())
                .isNotEqualTo(firstKey);
        assertThat(Objects.requireNonNull(leader.keys.generation(0)).serviceKey())
                .isNull();
        assertThat(follower.keys.newest().number()).as("of the one who left").isEqualTo(1);
    }

    @Test
    void shouldDropWhatADroppedBlockBrought() {
        roster = changed(roster, 1, 0, leader, follower);
        build(BORN_SECONDS + 1, UnaryOperator.identity());
        assertThat(leader.keys.epoch(1)).isNull();
        assertThat(leader.keys.newest().number()).isZero();
        assertThat(epoch(leader)).isZero();

        SealedBlock second = commit(BORN_SECONDS + 1);
        assertThat(second.header().height()).isEqualTo(1);
        assertThat(epoch(leader)).isEqualTo(1);
    }

    @Test
    void shouldEndAnEpochAfterItsBlocks() throws MalformedException {
        found(roster(new Roster.EpochPolicy(3, 0), leader, follower, third));
        List<Long> epochs = new ArrayList<>();
        for (int height = 1; height <= 9; height++) {
            epochs.add(commit(BORN_SECONDS).header().epoch());
        }
        // Three blocks each, genesis being the first of the first.
        assertThat(epochs).containsExactly(0L, 0L, 2L, 2L, 2L, 5L, 5L, 5L, 8L);
        assertThat(follower.wraps()).hasSize(3);
    }

    @Test
    void shouldEndAnEpochByItsAge() throws MalformedException {
        found(roster(new Roster.EpochPolicy(0, 60), leader, follower, third));
        commit(BORN_SECONDS + 59);
        assertThat(epoch(follower)).isZero();
        commit(BORN_SECONDS + 60);
        assertThat(epoch(follower)).isEqualTo(2);
        commit(BORN_SECONDS + 119);
        assertThat(epoch(follower)).isEqualTo(2);
        commit(BORN_SECONDS + 500);
        assertThat(epoch(follower)).isEqualTo(4);
    }

    @Test
    void shouldMakeAnEpochWhenOneIsDemandedAndNotWhenOnlyLimitsChange() {
        Roster.Limits limits = new Roster.Limits(10, 100, 1 << 20, 2);
        roster = new Roster(roster.nodes(), 0, 0, true, limits, roster.policy(), Recovery.NONE);
        SealedBlock limited = commit(BORN_SECONDS);
        assertThat(epoch(follower)).isZero();
        assertThat(limited.publicWrites()).isEqualTo(PublicWrites.NONE);
        assertThat(follower.inForce().limits().batchMaxTransactions()).isEqualTo(10);
        assertThat(follower.inForce().limits().batchMinIntervalMillis()).isEqualTo(100);
        assertThat(follower.inForce().limits().window()).isEqualTo(2);

        roster = changed(roster, 0, 1, leader, follower, third);
        commit(BORN_SECONDS);
        assertThat(epoch(follower)).isEqualTo(2);
        assertThat(follower.inForce().generation().number()).isZero();
    }

    @Test
    void shouldSpeakForEachSealerInTheGenerationThatIsInForce() throws MalformedException {
        roster = changed(roster, 0, 0, leader, follower);
        assertSpokenFor(0, commit(BORN_SECONDS), List.of());
        roster = changed(roster, 0, 0, leader, follower, third);
        assertSpokenFor(0, commit(BORN_SECONDS), List.of(third));
        roster = changed(roster, 1, 0, leader, third);
        assertSpokenFor(1, commit(BORN_SECONDS), List.of(leader, third));
    }

    private void assertSpokenFor(int generation, SealedBlock block, List<Node> expected) throws MalformedException {
        long height = block.header().height();
        PublicKey service = leader.inForce().serviceCertificate().getPublicKey();
        List<X509Certificate> spokenFor = new ArrayList<>();
        for (SealerChange change :
                new ServiceMaps().read(height, block.publicWrites()).sealers()) {
            if (change instanceof SealerChange.Admitted(X509Certificate certificate, SealerEndorsement endorsement)) {
                spokenFor.add(certificate);
                assertThat(endorsement).isNotNull();
                assertThat(endorsement.generation()).isEqualTo(generation);
                assertThat(endorsement.height()).isEqualTo(height);
                assertThat(endorsement.isBy(service, serviceId, SealerChange.digest(certificate)))
                        .isTrue();
            }
        }
        assertThat(spokenFor)
                .containsExactlyInAnyOrderElementsOf(
                        expected.stream().map(node -> node.entry.certificate()).toList());
    }

    @Test
    void shouldNotFollowALeaderThatSawAnotherRoster() {
        Roster before = roster;
        Roster without = changed(before, 1, 0, leader, follower);
        Roster grown = changed(before, 1, 0, leader, follower, third);
        Roster rolled = changed(before, 0, 1, leader, follower, third);

        assertNotFollowed(before, without, "brings a new epoch");
        assertNotFollowed(before, rolled, "brings a new epoch");
        assertNotFollowed(without, before, "a generation begins when the roster says so");
        assertNotFollowed(rolled, changed(before, 0, 1, leader, follower), "sealers change as the roster does");
        assertNotFollowed(without, grown, "sealers change as the roster does");
        assertNotFollowed(rolled, grown, "a generation begins when the roster says so");
        assertNotFollowed(grown, rolled, "a generation begins when the roster says so");
        assertNotFollowed(grown, changed(before, 2, 0, leader, follower, third), "endorsed by the one before");
    }

    private void assertNotFollowed(Roster leads, Roster follows, String words) {
        leader.sees = leads;
        follower.sees = follows;
        SealedBlock block = build(BORN_SECONDS + 1, UnaryOperator.identity());
        InForce before = follower.inForce();
        Version version = follower.version;
        assertThatThrownBy(() -> follower.take(block))
                .isInstanceOf(BrokenInvariantException.class)
                .hasMessageContaining(words);
        follower.inForce = before;
        follower.version = version;
        follower.store.rollBackTo(version);
    }

    @Test
    void shouldNotFollowALeaderThatLeavesANodeOfTheRosterWithoutTheSecret() {
        roster = changed(roster, 0, 1, leader, follower, third);
        SealedBlock block = build(BORN_SECONDS, writes -> {
            Transaction fewer = new Transaction(leader.version);
            byte[] left = Wraps.key(1, follower.entry.id());
            writes.forEach((map, key, value) -> {
                if (value != null && !Arrays.equals(key, left)) {
                    fewer.put(map, key, value);
                }
            });
            return fewer.writes();
        });
        assertThatThrownBy(() -> follower.take(block))
                .isInstanceOf(BrokenInvariantException.class)
                .hasMessageContaining("for every node of the roster");
        third.take(block);
        assertThat(epoch(third)).isEqualTo(1);
    }

    // ---------------------------------------------------------------- shares

    private static Recovery recovery(int threshold, String... members) {
        List<Recovery.Recipient> recipients = new ArrayList<>();
        for (String member : members) {
            recipients.add(new Recovery.Recipient(
                    member,
                    RECOVERY_KEYS
                            .computeIfAbsent(member, _ -> P256.generate(RANDOM))
                            .getPublic()));
        }
        return new Recovery(threshold, recipients);
    }

    private static final Map<String, KeyPair> RECOVERY_KEYS = new HashMap<>();

    private static Roster with(Roster before, long rollovers, Recovery recovery) {
        return new Roster(
                before.nodes(), before.generation(), rollovers, true, before.limits(), before.policy(), recovery);
    }

    /** What the members open with their shares of a record. */
    private @Nullable SortedMap<Long, SealRoot> open(EpochShares record, String... members) throws MalformedException {
        CollectedShares collected = new CollectedShares(serviceId, record);
        for (String member : members) {
            KeyPair key = Objects.requireNonNull(RECOVERY_KEYS.get(member));
            byte[] share = record.open(
                    serviceId, member, (context, enclosed) -> KeyEncryption.open(key.getPrivate(), context, enclosed));
            collected.add(record.numberOf(member), Objects.requireNonNull(share));
        }
        return collected.open();
    }

    private static List<EpochShares.Id> records(Node node) throws MalformedException {
        List<EpochShares.Id> ids = new ArrayList<>();
        Cursor cursor = node.version.scanPrefix(ServiceMaps.SHARES, new byte[0]);
        while (cursor.next()) {
            ids.add(EpochShares.decode(cursor.key(), cursor.value()).id());
        }
        return ids;
    }

    @Test
    void shouldDealEachEpochToTheMembersAndOlderOnesAgainWhenTheMembersChange() throws MalformedException {
        found(with(roster, 0, recovery(2, "alice", "bob", "carol")));
        roster = with(roster, 1, roster.recovery());
        SealedBlock rolled = commit(BORN_SECONDS + 1);
        List<EpochShares> first = ServiceMaps.shares(1, rolled.publicWrites());
        assertThat(first).hasSize(1);
        assertThat(open(first.getFirst(), "carol")).isNull();
        SortedMap<Long, SealRoot> opened = Objects.requireNonNull(open(first.getFirst(), "carol", "alice"));
        assertThat(opened.keySet()).containsExactly(1L);
        assertThat(Objects.requireNonNull(opened.get(1L)).secret())
                .isEqualTo(follower.inForce().epoch().sealRoot().secret());

        roster = with(roster, 1, recovery(1, "alice", "dave"));
        SealedBlock changed = commit(BORN_SECONDS + 2);
        assertThat(epoch(follower)).as("another recovery brings an epoch").isEqualTo(2);
        List<EpochShares> second = ServiceMaps.shares(2, changed.publicWrites());
        assertThat(second)
                .extracting(record -> record.id().kind())
                .containsExactlyInAnyOrder(Kind.EPOCH, Kind.RECOVERY);
        for (EpochShares record : second) {
            SortedMap<Long, SealRoot> dealt = Objects.requireNonNull(open(record, "dave"));
            List<Long> expected = record.id().kind() == Kind.EPOCH ? List.of(2L) : List.of(0L, 1L);
            assertThat(dealt.keySet()).containsExactlyElementsOf(expected);
            dealt.forEach((id, root) -> assertThat(root.secret())
                    .isEqualTo(
                            Objects.requireNonNull(follower.keys.sealRoot(id)).secret()));
        }
        roster = with(roster, 2, roster.recovery());
        commit(BORN_SECONDS + 3);
        assertThat(records(follower))
                .as("the newest of each kind")
                .containsExactly(new EpochShares.Id(2, Kind.RECOVERY), new EpochShares.Id(3, Kind.EPOCH));
        roster = with(roster, 2, Recovery.NONE);
        commit(BORN_SECONDS + 4);
        assertThat(records(follower)).isEmpty();
    }

    @Test
    void shouldOpenNoOlderEpochWhenWhoRecoversStaysTheSame() throws MalformedException {
        found(with(roster, 0, recovery(2, "alice", "bob", "carol")));
        Draft draft = leader.store.draft(leader.version);
        EpochSecrets epoch = new EpochSecrets(serviceId, 5, new byte[32]);
        Supplier<List<SealRoot>> untouched = () -> {
            throw new AssertionError("opened");
        };
        Transaction writes = new Transaction(draft);
        Sharing.write(writes, draft, roster.recovery(), roster.recovery(), epoch, untouched, RANDOM);
        List<EpochShares> records = ServiceMaps.shares(5, writes.writes().serialise());
        Sharing.check(records, roster.recovery(), roster.recovery(), epoch, untouched);
        Recovery others = recovery(1, "dave");
        assertThatThrownBy(() -> Sharing.write(
                        new Transaction(draft), draft, roster.recovery(), others, epoch, untouched, RANDOM))
                .isInstanceOf(AssertionError.class);
        draft.discard();
    }

    @Test
    void shouldRefuseOthersWhoRecoverWhenThereAreMoreEpochsThanARecordHolds() throws MalformedException {
        found(with(roster(new Roster.EpochPolicy(0, 60), leader, follower, third), 0, recovery(1, "alice")));
        leader.head = new ChainHead(200_000, new byte[32], BORN_SECONDS, 1, 0, LogFrontier.EMPTY);
        for (int epoch = 1; epoch < CoreLimits.EPOCHS_BY_POLICY; epoch++) {
            leader.keys.add(new EpochSecrets(serviceId, epoch, new byte[32]));
        }
        Draft draft = leader.store.draft(leader.version);
        assertThat(leader.decide(draft, BORN_SECONDS + 61).after().epoch().epoch())
                .as("the policy begins no more")
                .isZero();
        roster = with(roster, 1, roster.recovery());
        assertThat(leader.decide(draft, BORN_SECONDS + 61).after().epoch().epoch())
                .as("who demands one gets it")
                .isEqualTo(200_001);
        for (int epoch = CoreLimits.EPOCHS_BY_POLICY; epoch <= EpochShares.EPOCHS_MAX; epoch++) {
            leader.keys.add(new EpochSecrets(serviceId, epoch, new byte[32]));
        }
        assertThat(leader.ruling(draft, BORN_SECONDS + 62, true)).isInstanceOf(Succession.Decision.class);
        roster = with(roster, 1, recovery(1, "dave"));
        assertThat(leader.ruling(draft, BORN_SECONDS + 62, true)).isEqualTo(new Succession.Ruling.TooManyEpochs());
        draft.discard();
    }

    @Test
    void shouldDealEpochsOfBlocksInFlightAgainAsWell() throws MalformedException {
        found(with(roster, 0, recovery(1, "alice")));
        roster = with(roster, 1, roster.recovery());
        Draft draft = leader.store.draft(leader.version);
        Succession.Decision flying = leader.decide(draft, BORN_SECONDS + 1);
        Version speculative = draft.seal();
        roster = with(roster, 1, recovery(1, "bob"));
        Draft next = leader.store.draft(speculative);
        Succession.Decision decision = (Succession.Decision) Objects.requireNonNull(leader.succession)
                .decide(flying.after(), next, leader.head.height() + 2, BORN_SECONDS + 2, true);
        next.discard();
        List<EpochShares> records = ServiceMaps.shares(2, decision.writes().serialise());
        EpochShares again = records.stream()
                .filter(record -> record.id().kind() == Kind.RECOVERY)
                .findFirst()
                .orElseThrow();
        assertThat(again.epochs()).containsExactly(0L, 1L);
    }

    @Test
    void shouldNotFollowALeaderThatDealsOtherwiseThanTheRosterSays() {
        Recovery two = recovery(2, "alice", "bob");
        Recovery one = recovery(1, "alice", "bob");
        Recovery others = recovery(2, "alice", "carol");
        Map<String, UnaryOperator<WriteSet>> lies = new LinkedHashMap<>();
        lies.put("no shares at all", writes -> filtered(writes, (map, key) -> map != ServiceMaps.SHARES));
        lies.put(
                "nothing of older epochs",
                writes -> filtered(writes, (map, key) -> map != ServiceMaps.SHARES || key[Long.BYTES] == 1));
        lies.put(
                "nothing of its own epoch",
                writes -> filtered(writes, (map, key) -> map != ServiceMaps.SHARES || key[Long.BYTES] == 2));
        lies.forEach((lie, change) -> {
            assertThatCode(() -> found(with(roster, 0, two))).doesNotThrowAnyException();
            roster = with(roster, 1, others);
            SealedBlock block = build(BORN_SECONDS + 1, change);
            assertThatThrownBy(() -> follower.take(block)).as(lie).isInstanceOf(BrokenInvariantException.class);
        });
        for (Recovery wrong : List.of(one, two, Recovery.NONE)) {
            assertThatCode(() -> found(with(roster, 0, two))).doesNotThrowAnyException();
            leader.sees = with(roster, 1, wrong);
            roster = with(roster, 1, others);
            SealedBlock block = build(BORN_SECONDS + 1, UnaryOperator.identity());
            leader.sees = null;
            assertThatThrownBy(() -> follower.take(block))
                    .as("%d of %s", wrong.threshold(), wrong.recipients())
                    .isInstanceOf(BrokenInvariantException.class);
        }
    }

    private static WriteSet filtered(WriteSet writes, BiPredicate<MapSpec, byte[]> kept) {
        Store store = new Store(ServiceMaps.ALL, StoreLimits.DEFAULT);
        Draft draft = store.draft(store.head());
        Transaction some = new Transaction(draft);
        writes.forEach((map, key, value) -> {
            if (value != null && kept.test(map, key)) {
                some.put(map, key, value);
            }
        });
        WriteSet result = some.writes();
        draft.discard();
        return result;
    }
}
