package coco.governance.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import coco.governance.Action;
import coco.governance.Consortium;
import coco.governance.Constitution;
import coco.governance.Member;
import coco.governance.cose.CoseSign1;
import coco.governance.ledger.Message.Binding;
import coco.governance.rules.Choice;
import coco.governance.rules.Rule;
import coco.ledgers.api.Offer;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is refused, and by which name. */
final class RefusalTest {
    private static final BigInteger ORDER =
            new BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private final Consortium consortium = new Consortium();
    private final Assembly assembly = new Assembly(consortium, consortium.of("alice", "bob", "carol"));

    @AfterEach
    void everythingIsFoundAgainFromTheRecord() {
        assertThat(assembly.judgeAgain()).isNull();
    }

    @Test
    void shouldRefuseABallotThatIsReplayedEvenInAnotherSignature() {
        String id = assembly.propose("alice", new Action.NewEpoch());
        CoseSign1 accept = Assembly.sign(consortium.signer("bob"), assembly.ballot(id, Choice.ACCEPT));
        assertThat(assembly.send(GovernanceOffers.signed(accept, Assembly.SERVICE)))
                .isNull();
        assembly.vote("bob", id, Choice.REJECT);

        assertThat(assembly.send(GovernanceOffers.signed(accept, Assembly.SERVICE)))
                .isEqualTo(Refusal.REPLAYED);
        assertThat(assembly.send(negated(accept))).isEqualTo(Refusal.REPLAYED);
        assertThat(assembly.find(id).ballots().get("bob"))
                .extracting(Proposals.CastBallot::choice)
                .isEqualTo(Choice.REJECT);
    }

    /** The same content with the other signature that is as valid: (r, n - s). */
    private static Offer negated(CoseSign1 message) {
        byte[] bytes = message.bytes();
        int at = bytes.length - 32;
        byte[] s = ORDER.subtract(new BigInteger(1, Arrays.copyOfRange(bytes, at, bytes.length)))
                .toByteArray();
        Arrays.fill(bytes, at, bytes.length, (byte) 0);
        int skip = Math.max(0, s.length - 32);
        System.arraycopy(s, skip, bytes, bytes.length - (s.length - skip), s.length - skip);
        return new Offer(
                GovernanceLedgerFactory.ID,
                message.contentDigest(CoseSign1.externalAad(Assembly.SERVICE)),
                Submission.SIGNED.frame(bytes));
    }

    @Test
    @Tag("I6")
    void shouldRefuseAMessageOfAnotherService() {
        Message.Propose mine = assembly.proposal(new Action.NewEpoch());
        byte[] other = new byte[32];
        Binding binding = new Binding(HexFormat.of().formatHex(other), 0, 1_000, "00".repeat(16));
        Message.Propose foreign = new Message.Propose(binding, mine.constitution(), mine.actions(), "");
        CoseSign1 signed = CoseSign1.sign(
                consortium.signer("alice"),
                CoseSign1.externalAad(other),
                CoseSign1.GOVERNANCE_CONTENT,
                foreign.payload());
        assertThat(assembly.send(GovernanceOffers.signed(signed, Assembly.SERVICE)))
                .isEqualTo(Refusal.OTHER_SERVICE);

        CoseSign1 wrongAad = CoseSign1.sign(
                consortium.signer("alice"), CoseSign1.externalAad(other), CoseSign1.GOVERNANCE_CONTENT, mine.payload());
        assertThat(assembly.send(GovernanceOffers.signed(wrongAad, Assembly.SERVICE)))
                .isEqualTo(Refusal.SIGNATURE);
    }

    @Test
    void shouldRefuseWhatBindsAnotherGenerationConstitutionOrElectorate() {
        String id = assembly.propose("alice", new Action.NewEpoch());
        Message.Vote vote = assembly.ballot(id, Choice.ACCEPT);
        Binding b = vote.binding();
        Binding later = new Binding(b.service(), 1, b.expires(), b.nonce());
        assertThat(assembly.send("bob", new Message.Vote(later, vote.electorate(), id, Choice.ACCEPT)))
                .isEqualTo(Refusal.OTHER_GENERATION);
        assertThat(assembly.send("bob", new Message.Vote(b, "00".repeat(32), id, Choice.ACCEPT)))
                .isEqualTo(Refusal.OTHER_ELECTORATE);
        assertThat(assembly.send("bob", new Message.Propose(b, "00".repeat(32), List.of(new Action.NewEpoch()), "")))
                .isEqualTo(Refusal.OTHER_CONSTITUTION);
        assertThat(assembly.send("bob", new Message.Vote(b, vote.electorate(), "00".repeat(32), Choice.ACCEPT)))
                .isEqualTo(Refusal.UNKNOWN_PROPOSAL);
    }

    @Test
    void shouldRefuseWhatHasExpiredOrWouldCountTooLong() {
        Message.Propose proposal = assembly.proposal(new Action.NewEpoch());
        for (long expires : new long[] {assembly.height() + 1, 1L << 40}) {
            Binding binding = new Binding(proposal.binding().service(), 0, expires, "00".repeat(16));
            assertThat(assembly.send(
                            "alice", new Message.Propose(binding, proposal.constitution(), proposal.actions(), "")))
                    .isEqualTo(expires == 1L << 40 ? Refusal.EXPIRES_TOO_LATE : Refusal.EXPIRED);
        }
    }

    @Test
    @Tag("I2")
    void shouldRefuseParticipantsStrangersAndRemovedMembers() {
        String id = assembly.propose("alice", new Action.NewEpoch());
        assertThat(assembly.vote("shop", id, Choice.ACCEPT)).isEqualTo(Refusal.NOT_A_MEMBER);
        assertThat(assembly.send("shop", assembly.proposal(new Action.NewEpoch())))
                .isEqualTo(Refusal.NOT_A_MEMBER);
        assertThat(assembly.vote("mallory", id, Choice.ACCEPT)).isEqualTo(Refusal.UNKNOWN_SIGNER);
        assembly.pass(List.of("alice", "bob"), new Action.RemoveMember("carol"));
        String next = assembly.propose("alice", new Action.NewEpoch());
        assertThat(assembly.vote("carol", next, Choice.ACCEPT)).isEqualTo(Refusal.UNKNOWN_SIGNER);
    }

    @Test
    @Tag("I5")
    void shouldRefuseATlsCertificateOfAnOrganisationWithoutTheUsageForGovernance() {
        Member organisation = new Member(
                "alice",
                consortium.certificate("alice"),
                "1.3.6.1.4.1.57264.9.1",
                consortium.publicKey("alice recovery"),
                Set.of());
        Constitution constitution = consortium.of(
                List.of(organisation, consortium.member("bob")),
                List.of(consortium.node("node-1", "bob", 9_000)),
                Consortium.rules(new Rule.One()));
        Assembly other = new Assembly(consortium, constitution);
        CoseSign1 tls = Assembly.sign(consortium.leaf("alice"), other.proposal(new Action.NewEpoch()));
        assertThat(other.send(GovernanceOffers.signed(tls, Assembly.SERVICE))).isEqualTo(Refusal.USAGE);
        CoseSign1 stranger = Assembly.sign(consortium.leaf("mallory"), other.proposal(new Action.NewEpoch()));
        assertThat(other.send(GovernanceOffers.signed(stranger, Assembly.SERVICE)))
                .isEqualTo(Refusal.UNKNOWN_SIGNER);
    }

    @Test
    @Tag("I5")
    void shouldHearAMemberByItsNewCertificateOnlyWhenItRenewedIt() {
        CoseSign1 old = Assembly.sign(consortium.signer("alice"), assembly.proposal(new Action.NewEpoch()));
        consortium.renew("alice fresh");
        assembly.pass(
                List.of("bob", "carol"),
                new Action.RenewMember("alice", consortium.certificate("alice fresh"), null, null, null));
        assertThat(assembly.send(GovernanceOffers.signed(old, Assembly.SERVICE)))
                .isEqualTo(Refusal.UNKNOWN_SIGNER);
        assertThat(assembly.send("alice fresh", assembly.proposal(new Action.NewEpoch())))
                .isNull();
    }

    @Test
    void shouldLimitOpenProposalsOfOneMember() {
        for (int i = 0; i < 16; i++) {
            assembly.propose("alice", new Action.NewEpoch());
        }
        assertThat(assembly.send("alice", assembly.proposal(new Action.NewEpoch())))
                .isEqualTo(Refusal.TOO_MANY_OPEN);
        assertThat(assembly.send("bob", assembly.proposal(new Action.NewEpoch())))
                .isNull();
    }

    @Test
    void shouldRefuseOnlyWithNamesWhenMessagesAreMutated() {
        long seed = 20_261_126L;
        Random random = new Random(seed);
        byte[] good = Submission.SIGNED.frame(
                Assembly.sign(consortium.signer("alice"), assembly.proposal(new Action.NewEpoch()))
                        .bytes());
        int refused = 0;
        for (int round = 0; round < 1_500; round++) {
            byte[] bad = good.clone();
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            if (random.nextInt(5) == 0) {
                bad = Arrays.copyOf(bad, random.nextInt(bad.length));
            }
            if (!Arrays.equals(bad, good)) {
                Offer offer = new Offer(GovernanceLedgerFactory.ID, new byte[32], bad);
                assertThat(assembly.send(offer))
                        .as("seed %d round %d", seed, round)
                        .isNotNull();
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_400);
        assertThat(assembly.height()).isZero();
    }
}
