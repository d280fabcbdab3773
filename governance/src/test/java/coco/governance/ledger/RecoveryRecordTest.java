package coco.governance.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.governance.Consortium;
import coco.governance.Constitution;
import coco.governance.cose.CoseSign1;
import coco.governance.document.DocumentException;
import coco.governance.ledger.RecoveryProposal.KeptHead;
import coco.governance.ledger.RecoveryRecord.Judgement;
import coco.ledgers.api.Offer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who decides a recovery, and what of it does not count. */
final class RecoveryRecordTest {
    private static final byte[] SERVICE = Assembly.SERVICE;
    private static final Instant AT = Instant.parse("2026-06-01T00:00:00Z");
    private static final KeptHead LOST = new KeptHead(90, "cd".repeat(32));
    private static final KeptHead HELD = new KeptHead(40, "ab".repeat(32));

    private final Consortium consortium = new Consortium();
    private final Constitution constitution = consortium.of("alice", "bob", "carol", "dave");
    private int nonce;

    private RecoveryProposal proposal(KeptHead... rollback) {
        return new RecoveryProposal(
                HexFormat.of().formatHex(SERVICE),
                constitution.generation() + 1,
                50,
                "ef".repeat(32),
                -1,
                consortium.node("node-new", "alice", 9_900),
                consortium.certificate("next service"),
                new byte[] {1, 2, 3},
                List.of(rollback));
    }

    private byte[] ballot(String member, RecoveryProposal proposal, @Nullable KeptHead kept, boolean rollback) {
        return ballot(member, constitution.generation(), proposal.digest(), kept, rollback);
    }

    private byte[] ballot(String member, int generation, String digest, @Nullable KeptHead kept, boolean rollback) {
        Message.Binding binding = new Message.Binding(
                HexFormat.of().formatHex(SERVICE), generation, 1_000, String.format("%032x", ++nonce));
        return CoseSign1.sign(
                        consortium.signer(member),
                        CoseSign1.externalAad(SERVICE),
                        CoseSign1.GOVERNANCE_CONTENT,
                        new Message.Recover(binding, digest, kept, rollback).payload())
                .bytes();
    }

    private List<byte[]> ballots(RecoveryProposal proposal, String... members) {
        return Arrays.stream(members)
                .map(member -> ballot(member, proposal, null, false))
                .toList();
    }

    private Judgement judge(RecoveryProposal proposal, List<byte[]> ballots) {
        return new RecoveryRecord(proposal, ballots).judge(SERVICE, constitution, AT);
    }

    private void assertUndecided(Judgement judgement, String words) {
        assertThat(judgement)
                .isInstanceOfSatisfying(
                        Judgement.Undecided.class,
                        undecided -> assertThat(undecided.why()).contains(words));
    }

    @Test
    void shouldDecideWhenAMajorityOfMembersVotesForTheVeryProposal() {
        int needed = RecoveryProposal.ballotsNeeded(constitution);
        assertThat(needed).isEqualTo(Math.max(constitution.recoveryThreshold(), 3));
        RecoveryProposal proposal = proposal();
        assertThat(judge(proposal, ballots(proposal, "alice", "bob", "carol"))).isInstanceOf(Judgement.Decided.class);
        assertUndecided(judge(proposal, ballots(proposal, "alice", "bob")), "2 ballots, 3 are needed");
        RecoveryElectorate electorate = Objects.requireNonNull(RecoveryElectorate.of(constitution));
        assertThat(electorate.decided(
                        new RecoveryRecord(proposal, ballots(proposal, "alice", "bob", "dave")), SERVICE, 0))
                .isTrue();
        assertThat(electorate.decided(new RecoveryRecord(proposal, ballots(proposal, "alice", "bob")), SERVICE, 0))
                .isFalse();
        assertThat(RecoveryElectorate.parse(electorate.bytes())).isEqualTo(electorate);
    }

    @Test
    void shouldCountNoForgedBallot() {
        RecoveryProposal proposal = proposal();
        byte[] good = ballot("carol", proposal, null, false);
        byte[] changed = good.clone();
        changed[changed.length - 1] ^= 1;
        String other = proposal(LOST).digest();
        Object[][] forged = {
            {"signature", changed},
            {"unknown-signer", ballot("mallory", proposal, null, false)},
            {"two ballots of alice", ballot("alice", proposal, null, false)},
            {"another recovery", ballot("carol", 0, other, null, false)},
            {"other-generation", ballot("carol", 1, proposal.digest(), null, false)},
            {"agreed to a rollback", ballot("carol", proposal, null, true)},
            {"malformed", new byte[] {1}},
        };
        RecoveryElectorate electorate = Objects.requireNonNull(RecoveryElectorate.of(constitution));
        for (Object[] each : forged) {
            List<byte[]> all = List.of(
                    ballot("alice", proposal, null, false), ballot("bob", proposal, null, false), (byte[]) each[1]);
            assertUndecided(judge(proposal, all), (String) each[0]);
            assertThat(electorate.decided(new RecoveryRecord(proposal, all), SERVICE, 0))
                    .as((String) each[0])
                    .isFalse();
        }
    }

    @Test
    void shouldAskForAnExplicitRollbackWhenAKeptHeadIsNotInTheJournal() {
        RecoveryRecord.Headers journal = height -> height == HELD.height() ? HELD.hash() : null;
        RecoveryProposal without = proposal();
        List<Message.Recover> votes = List.of(vote(without, HELD, false), vote(without, LOST, false));
        assertThat(RecoveryRecord.lacks(without, votes, journal)).isEqualTo(LOST);
        RecoveryProposal with = proposal(LOST);
        assertThat(RecoveryRecord.lacks(with, List.of(vote(with, LOST, true)), journal))
                .isNull();
        List<byte[]> silent = ballots(with, "alice", "bob", "carol");
        assertUndecided(judge(with, silent), "did not agree to the rollback");
        List<byte[]> agreed = List.of(
                ballot("alice", with, LOST, true), ballot("bob", with, null, true), ballot("carol", with, HELD, true));
        assertThat(judge(with, agreed)).isInstanceOf(Judgement.Decided.class);
    }

    private Message.Recover vote(RecoveryProposal proposal, KeptHead kept, boolean rollback) {
        Message.Binding binding = new Message.Binding(HexFormat.of().formatHex(SERVICE), 0, 1_000, "00".repeat(16));
        Message.Recover vote = new Message.Recover(binding, proposal.digest(), kept, rollback);
        assertThat(Message.parse(vote.payload())).isEqualTo(vote);
        return vote;
    }

    @Test
    void shouldNeverBeOfferedToARunningService() {
        Assembly assembly = new Assembly(consortium, constitution);
        RecoveryProposal proposal = proposal();
        byte[] record = new RecoveryRecord(proposal, ballots(proposal, "alice", "bob", "carol")).encode();
        assertThat(assembly.send(
                        new Offer(GovernanceLedgerFactory.ID, new byte[32], Submission.RECOVERY.frame(record))))
                .isEqualTo(Refusal.MALFORMED);
        byte[] ballot = ballot("alice", proposal, null, false);
        assertThat(assembly.send(new Offer(GovernanceLedgerFactory.ID, new byte[32], Submission.SIGNED.frame(ballot))))
                .isEqualTo(Refusal.MALFORMED);
    }

    @Test
    void shouldReadItsOwnFormAndNothingElse() {
        RecoveryProposal proposal = proposal(LOST);
        RecoveryRecord record = new RecoveryRecord(proposal, ballots(proposal, "alice", "bob"));
        byte[] bytes = record.encode();
        assertThat(RecoveryRecord.parse(bytes).encode()).isEqualTo(bytes);
        assertThat(RecoveryRecord.parse(bytes).proposal().digest()).isEqualTo(proposal.digest());
        Random random = new Random(6);
        int refused = 0;
        for (int i = 0; i < 2_000; i++) {
            byte[] wrong = i % 2 == 0 ? bytes.clone() : Arrays.copyOf(bytes, random.nextInt(bytes.length));
            if (i % 2 == 0) {
                wrong[random.nextInt(wrong.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                // What still parses is what it says: nothing is read that would not be written.
                assertThat(RecoveryRecord.parse(wrong).encode()).isEqualTo(wrong);
            } catch (DocumentException malformed) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(1_000);
        assertThatThrownBy(() -> RecoveryRecord.parse(new byte[0])).isInstanceOf(DocumentException.class);
    }
}
