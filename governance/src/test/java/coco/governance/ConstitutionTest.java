package coco.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Certificates;
import coco.governance.Constitution.Application;
import coco.governance.Constitution.Situation;
import coco.governance.rules.Rule;
import coco.governance.rules.VotingRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a constitution may be, and what single actions make of it. */
final class ConstitutionTest {
    private static final String SNP = "sev-snp";
    private static final String TDX = "tdx";
    private static final String OLD = "aa".repeat(48);
    private static final String NEW = "bb".repeat(48);

    private final Consortium consortium = new Consortium();
    private final Constitution plain = consortium.of("alice", "bob", "carol");

    /** On two kinds of hardware: one node on TDX, two on SEV-SNP. */
    private Constitution onHardware() {
        return changed(
                plain,
                List.of(
                        new PlatformEntry(
                                SNP, new TreeMap<>(Map.of("microcode", 7L)), List.of("out-of-date"), List.of()),
                        new PlatformEntry(TDX)),
                List.of(new CodeEntry(SNP, OLD, "1", null), new CodeEntry(TDX, OLD, "1", null)));
    }

    private static Constitution changed(Constitution c, List<PlatformEntry> platforms, List<CodeEntry> code) {
        return changed(c, c.formerNodes(), platforms, code);
    }

    private static Constitution changed(
            Constitution c, List<FormerNode> former, List<PlatformEntry> platforms, List<CodeEntry> code) {
        return new Constitution(
                c.service(),
                c.preset(),
                c.members(),
                c.participants(),
                c.nodes(),
                former,
                platforms,
                List.of(),
                code,
                c.rules(),
                c.epoch(),
                c.recoveryThreshold(),
                c.noticeBlocks(),
                c.limits(),
                c.access(),
                c.oidcIssuers(),
                c.enrolment(),
                c.auditors(),
                c.contractAccess(),
                c.status(),
                c.generation(),
                c.rollovers());
    }

    /** Consensus of all listed nodes, which run this. */
    private static Situation running(Constitution c, Map<String, CodeEntry> code) {
        Set<String> ids = new HashSet<>();
        c.nodes().nodes().forEach(node -> ids.add(node.id()));
        return new Situation(10, 1_800_000_000L, new RaftNodes() {
            @Override
            public Set<String> ids() {
                return ids;
            }

            @Override
            public Set<String> admitted(Constitution candidate, long height) {
                Set<String> admitted = new HashSet<>();
                code.forEach((node, entry) -> {
                    if (candidate.admitsCode(entry.platform(), entry.measurement(), height)) {
                        admitted.add(node);
                    }
                });
                return admitted;
            }
        });
    }

    private static Situation listed(Constitution c) {
        List<String> ids = c.nodes().nodes().stream().map(NodeEntry::id).toList();
        return new Situation(10, 1_800_000_000L, RaftNodes.listed(ids));
    }

    private static Constitution applied(Application application) {
        assertThat(application).isInstanceOf(Application.Applied.class);
        return ((Application.Applied) application).constitution();
    }

    private static String failed(Application application) {
        assertThat(application).isInstanceOf(Application.Failed.class);
        return ((Application.Failed) application).reason();
    }

    @Test
    @Tag("N8")
    @Tag("T5")
    void shouldDropAPlatformByVoteOnlyWhileAMajorityRunsOnAnother() {
        Constitution c = onHardware();
        CodeEntry snp = c.code().get(0);
        CodeEntry tdx = c.code().get(1);
        Situation situation = running(c, Map.of("node-alice", snp, "node-bob", snp, "node-carol", tdx));

        Constitution after = applied(c.apply(List.of(new Action.RetirePlatform(TDX)), situation));
        assertThat(after.platform(TDX)).isNull();
        assertThat(after.code()).containsExactly(snp);
        assertThat(after.generation()).isEqualTo(1);
        assertThat(failed(c.apply(List.of(new Action.RetirePlatform(SNP)), situation)))
                .contains("only 1 of the 3 nodes in consensus would stay");
        assertThat(failed(c.apply(List.of(new Action.AddPlatform(new PlatformEntry("simulated"))), situation)))
                .contains("never mixed with hardware");
    }

    @Test
    void shouldForgetTheFirstFormerNodeForAnotherOnceItLeftLongAgo() {
        List<FormerNode> former = new ArrayList<>();
        for (int i = 0; i < GovernanceLimits.FORMER_NODES; i++) {
            String key = String.format("%064x", 9_000 + i);
            former.add(new FormerNode("old-" + i, String.format("%064x", i), key, 10L + i));
        }
        Constitution full = changed(plain, former, plain.platforms(), plain.code());
        List<String> ids = plain.nodes().nodes().stream().map(NodeEntry::id).toList();
        List<Action> removal = List.of(new Action.RemoveNode("node-carol"));
        long soon = 10 + GovernanceLimits.FORMER_BLOCKS;
        assertThat(failed(full.apply(removal, new Situation(soon, 1_800_000_000L, RaftNodes.listed(ids)))))
                .contains("formerNodes");
        Constitution after =
                applied(full.apply(removal, new Situation(soon + 1, 1_800_000_000L, RaftNodes.listed(ids))));
        assertThat(after.formerNodes()).hasSize(GovernanceLimits.FORMER_NODES);
        assertThat(after.formerNodes().getFirst().id()).isEqualTo("old-1");
        assertThat(after.formerNodes().getLast().id()).isEqualTo("node-carol");
    }

    @Test
    void shouldOnlyEverDemandMoreOfAPlatform() {
        Constitution c = onHardware();
        record Case(Map<String, Long> minimum, List<String> accepted, String problem) {}
        for (Case each : List.of(
                new Case(Map.of("microcode", 6L), List.of(), "minimum.microcode: only grows, and is 7 now"),
                new Case(Map.of(), List.of(), "minimum.microcode: only grows"),
                new Case(Map.of("microcode", 8L), List.of("revoked"), "accepted: only shrinks"),
                new Case(Map.of("microcode", 8L, "tee", 1L), List.of(), ""))) {
            PlatformEntry entry = new PlatformEntry(SNP, new TreeMap<>(each.minimum()), each.accepted(), List.of());
            Application application = c.apply(List.of(new Action.SetPlatform(entry)), listed(c));
            if (each.problem().isEmpty()) {
                assertThat(applied(application).generation()).isEqualTo(1);
            } else {
                assertThat(failed(application)).contains(each.problem());
            }
        }
    }

    @Test
    void shouldDemandOfAPlatformThatReturnsWhatWasDemandedBefore() {
        PlatformEntry strict = new PlatformEntry(TDX, new TreeMap<>(Map.of("tee", 5L)), List.of(), List.of(OLD));
        PlatformEntry lax = new PlatformEntry(TDX, new TreeMap<>(Map.of("tee", 4L)), List.of(), List.of(OLD));
        PlatformEntry anySigner = new PlatformEntry(TDX, new TreeMap<>(Map.of("tee", 6L)), List.of(), List.of());
        PlatformEntry stricter = new PlatformEntry(TDX, new TreeMap<>(Map.of("tee", 6L)), List.of(), List.of(OLD));
        Constitution c = changed(
                plain,
                List.of(new PlatformEntry(SNP), strict),
                List.of(new CodeEntry(SNP, OLD, "1", null), new CodeEntry(TDX, OLD, "1", null)));
        Action retire = new Action.RetirePlatform(TDX);

        for (PlatformEntry looser : List.of(lax, anySigner, new PlatformEntry(TDX))) {
            Action add = new Action.AddPlatform(looser);
            for (List<Action> together : List.of(List.of(retire, add), List.of(add, retire))) {
                assertThat(failed(c.apply(together, listed(c)))).contains("platforms.tdx");
            }
        }
        Constitution without = applied(c.apply(List.of(retire), listed(c)));
        assertThat(without.formerPlatforms()).containsExactly(strict);
        assertThat(Constitution.parse(without.bytes()).formerPlatforms()).containsExactly(strict);
        Constitution longAfter = applied(without.apply(List.of(new Action.NewEpoch()), listed(c)));
        for (PlatformEntry looser : List.of(lax, anySigner, new PlatformEntry(TDX))) {
            assertThat(failed(longAfter.apply(List.of(new Action.AddPlatform(looser)), listed(c))))
                    .contains("platforms.tdx");
        }
        Constitution back = applied(longAfter.apply(List.of(new Action.AddPlatform(stricter)), listed(c)));
        assertThat(back.formerPlatforms()).isEmpty();
        assertThat(back.platform(TDX)).isEqualTo(stricter);
    }

    @Test
    @Tag("N7")
    @Tag("N22")
    void shouldRetireCodeOnlyWhenAMajorityRunsOtherCodeAlready() {
        Constitution c = onHardware();
        Constitution both = applied(c.apply(List.of(new Action.AddCode(SNP, NEW, "2")), listed(c)));
        CodeEntry old = both.code().get(0);
        CodeEntry fresh = both.code().get(2);
        Action retire = new Action.RetireCode(SNP, OLD, 5);

        assertThat(failed(both.apply(
                        List.of(retire),
                        running(both, Map.of("node-alice", old, "node-bob", fresh, "node-carol", old)))))
                .contains("no majority");
        Constitution retiring = applied(both.apply(
                List.of(retire), running(both, Map.of("node-alice", fresh, "node-bob", fresh, "node-carol", old))));
        assertThat(retiring.admitsCode(SNP, OLD, 15)).isTrue();
        assertThat(retiring.admitsCode(SNP, OLD, 16)).isFalse();
        assertThat(retiring.admitsNewcomer(SNP, OLD)).isFalse();
        assertThat(retiring.nextRetirement()).isEqualTo(15);
    }

    @Test
    @Tag("N12")
    void shouldTakePoliciesFromAVote() {
        Constitution after = applied(plain.apply(
                List.of(
                        new Action.SetEpochPolicy(new EpochPolicy(500, 60)),
                        new Action.SetNotice(20),
                        new Action.SetRecoveryThreshold(2),
                        new Action.SetEnrolmentQuota(new EnrolmentQuota("shop", 5)),
                        new Action.SetContractAccess(new ContractAccess("kv", "0a", "{}"))),
                listed(plain)));
        assertThat(after.epoch()).isEqualTo(new EpochPolicy(500, 60));
        assertThat(after.noticeBlocks()).isEqualTo(20);
        assertThat(after.recoveryThreshold()).isEqualTo(2);
        assertThat(after.enrolment()).containsExactly(new EnrolmentQuota("shop", 5));
        assertThat(after.contractAccess()).hasSize(1);
        Constitution again = applied(after.apply(
                List.of(
                        new Action.SetEnrolmentQuota(new EnrolmentQuota("shop", 0)),
                        new Action.RemoveContractAccess("kv", "0a")),
                listed(after)));
        assertThat(again.enrolment()).isEmpty();
        assertThat(again.contractAccess()).isEmpty();
    }

    @Test
    @Tag("N17")
    @Tag("N19")
    void shouldTakeANewMemberAndItsNodeTogetherInAnyOrderOrOneAfterTheOther() {
        Action member = new Action.AddMember(consortium.member("dora"));
        Action node = new Action.AdmitNode(consortium.node("node-dora", "dora", 9_700));

        assertThat(applied(plain.apply(List.of(member, node), listed(plain)))
                        .nodes()
                        .byId("node-dora"))
                .isNotNull();
        Constitution first = applied(plain.apply(List.of(member), listed(plain)));
        assertThat(applied(first.apply(List.of(node), listed(first))).nodes().nodes())
                .hasSize(4);
        assertThat(failed(plain.apply(List.of(node), listed(plain))))
                .contains("no member or participant is called dora");
    }

    @Test
    void shouldRefuseAParticipantWhenItsKeyCouldNeverSign() throws IOException {
        X509Certificate rsa;
        try (InputStream pem = ConstitutionTest.class.getResourceAsStream("cose/rsa.pem")) {
            rsa = Certificates.fromPem(
                    new String(Objects.requireNonNull(pem).readAllBytes(), StandardCharsets.US_ASCII));
        }
        Action added = new Action.AddParticipant(new Participant("depot", rsa));
        assertThat(failed(plain.apply(List.of(added), listed(plain)))).contains("not of RSA");
    }

    @Test
    @Tag("I3")
    void shouldKeepTheTwoIdentitiesOfOneOrganisationApart() {
        Participant trading = new Participant("alice-trading", consortium.certificate("alice trading"));
        assertThat(applied(plain.apply(List.of(new Action.AddParticipant(trading)), listed(plain)))
                        .participants())
                .hasSize(2);
        Participant sameKey = new Participant("alice-trading", consortium.certificate("alice"));
        assertThat(failed(plain.apply(List.of(new Action.AddParticipant(sameKey)), listed(plain))))
                .contains("the same key appears twice");
        Participant sameId = new Participant("alice", consortium.certificate("alice trading"));
        assertThat(failed(plain.apply(List.of(new Action.AddParticipant(sameId)), listed(plain))))
                .contains("the same id appears twice");
        Participant within = new Participant("within", consortium.leaf("alice").certificate());
        assertThat(failed(plain.apply(List.of(new Action.AddParticipant(within)), listed(plain))))
                .contains("which is an entry too");
    }

    @Test
    void shouldNeverTakeBackTheNameOrTheKeyOfARemovedNode() {
        Constitution after = applied(plain.apply(List.of(new Action.RemoveNode("node-carol")), listed(plain)));
        NodeEntry sameId = consortium.node("node-carol", "carol", 9_800);
        assertThat(failed(after.apply(List.of(new Action.AdmitNode(sameId)), listed(after))))
                .contains("names do not return");
        NodeEntry old = plain.nodes().nodes().get(2);
        NodeEntry sameKey =
                new NodeEntry("node-new", null, old.host(), 1, 2, 3, old.certificate(), old.wrappingKey(), null);
        assertThat(failed(after.apply(List.of(new Action.AdmitNode(sameKey)), listed(after))))
                .contains("a node with this key was removed");
    }

    @Test
    void shouldRefuseRulesThatNobodyCanMeetOrThatConcernNoAction() {
        assertThat(failed(plain.apply(
                        List.of(new Action.SetRules(Consortium.rules(new Rule.Threshold(4)))), listed(plain))))
                .contains("no set of these members could pass");
        VotingRules misspelt = new VotingRules.ReadyMade(
                new Rule.Majority(), new TreeMap<>(Map.of("add_membre", new Rule.Unanimous())), null);
        assertThat(failed(plain.apply(List.of(new Action.SetRules(misspelt)), listed(plain))))
                .contains("rules.actions.add_membre: no such action");
        assertThat(failed(plain.apply(
                        List.of(new Action.SetRecoveryThreshold(3), new Action.RemoveMember("bob")), listed(plain))))
                .contains("recovery.threshold: must be 1 to the 2 members");
    }

    @Test
    @Tag("I9")
    void shouldHoldPublicHalvesOfKeysOnly() {
        String document = new String(Consortium.genesis(plain).bytes(), StandardCharsets.UTF_8);
        assertThat(document).doesNotContain("PRIVATE").contains("BEGIN CERTIFICATE");
        assertThatThrownBy(() -> Genesis.parse(
                        document.replaceFirst("-----BEGIN CERTIFICATE-----", "-----BEGIN PRIVATE KEY-----")
                                .getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("certificate: must be one X.509 certificate in PEM");
    }

    @Test
    @Tag("N9")
    void shouldTakeNodesByNameAndByAddress() {
        List<String> refused = new ArrayList<>();
        for (String host : List.of("node.example", "192.0.2.7", "2001:db8::7", "no host", "")) {
            NodeEntry node = consortium.node("node-9", "alice", 9_900);
            NodeEntry at = new NodeEntry(node.id(), null, host, 1, 2, 3, node.certificate(), node.wrappingKey(), null);
            if (plain.apply(List.of(new Action.AdmitNode(at)), listed(plain))
                    instanceof Application.Failed(String reason)) {
                refused.add(reason);
            }
        }
        // A consortium's node needs its owner's signature, too, so all are refused; two of them for their host.
        assertThat(refused)
                .hasSize(5)
                .filteredOn(reason -> reason.contains("a host name or address"))
                .hasSize(2);
    }
}
