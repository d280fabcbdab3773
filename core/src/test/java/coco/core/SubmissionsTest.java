package coco.core;

import static org.assertj.core.api.Assertions.assertThat;

import coco.ledgers.api.Offer;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubmissionsTest {
    private static final Verdict REFUSED = Verdict.rejected(-32000, "nonce too low");

    private final Submissions submissions = new Submissions();

    private static Offer offer(int n) {
        byte[] id = new byte[32];
        id[0] = (byte) n;
        return new Offer("kv", id, new byte[] {1});
    }

    private Ticket add(Offer offer) {
        Ticket ticket = Submissions.newTicket();
        submissions.add(offer, ticket, 0);
        return ticket;
    }

    @Test
    void shouldSettleByApplyWhenAccepted() {
        Ticket ticket = add(offer(1));
        submissions.judged(offer(1), ticket, Verdict.ACCEPTED, 5, 4);
        assertThat(ticket.verdict()).isCompletedWithValue(Verdict.ACCEPTED);
        assertThat(ticket.outcome()).isNotDone();
        submissions.applied(TransactionKey.of(offer(1)), 6, 2);
        assertThat(ticket.outcome()).isCompletedWithValue(new Outcome.Applied(6, 2));
        assertThat(submissions.size()).isZero();
    }

    @Test
    void shouldNotRefuseBeforeTheLeadersHeightIsApplied() {
        Ticket ticket = add(offer(1));
        submissions.judged(offer(1), ticket, REFUSED, 5, 4);
        assertThat(ticket.verdict()).isNotDone();
        submissions.settleRefusals(5);
        assertThat(ticket.verdict()).isCompletedWithValue(REFUSED);
        assertThat(ticket.outcome()).isDone();
    }

    @Test
    void shouldCommitWhenTheTransactionItselfWasWhyItWasRefused() {
        Ticket ticket = add(offer(1));
        submissions.judged(offer(1), ticket, REFUSED, 5, 4);
        submissions.applied(TransactionKey.of(offer(1)), 5, 0);
        submissions.settleRefusals(5);
        assertThat(ticket.outcome()).isCompletedWithValue(new Outcome.Applied(5, 0));
    }

    @Test
    void shouldAnswerBothWhenSubmittedTwice() {
        Ticket first = add(offer(1));
        Ticket second = add(offer(1));
        submissions.judged(offer(1), first, Verdict.ACCEPTED, 0, 0);
        assertThat(second.verdict()).isDone();
        submissions.applied(TransactionKey.of(offer(1)), 1, 0);
        assertThat(second.outcome()).isCompletedWithValue(new Outcome.Applied(1, 0));
    }

    @Test
    void shouldAnswerADuplicateThatCameWhileNobodyLed() {
        Ticket first = add(offer(1));
        submissions.judged(offer(1), first, Verdict.ACCEPTED, 0, 0);
        Ticket second = add(offer(1));
        submissions.defer(new Submissions.Pending(offer(1), second, false));
        submissions.defer(new Submissions.Pending(offer(1), first, true));
        submissions.applied(TransactionKey.of(offer(1)), 1, 0);
        assertThat(second.outcome()).isCompletedWithValue(new Outcome.Applied(1, 0));
    }

    @Test
    void shouldRefuseDuplicatesBeyondTheirLimitAndCountThoseThatEnded() {
        for (int round = 0; round < 2; round++) {
            add(offer(1));
            for (int i = 0; i < CoreLimits.DUPLICATE_TICKETS; i++) {
                assertThat(add(offer(1)).verdict()).isNotDone();
            }
            assertThat(add(offer(1)).verdict().join())
                    .isEqualTo(
                            Verdict.rejected(Rejection.UNAVAILABLE, "too many clients wait for the same transactions"));
            submissions.applied(TransactionKey.of(offer(1)), round, 0);
        }
    }

    @Test
    void shouldExpireOldestFirstWhenNobodyTakesThem() {
        Ticket ticket = add(offer(1));
        submissions.expire(CoreLimits.ORIGIN_EXPIRY_MILLIS * 1_000_000);
        assertThat(ticket.outcome()).isCompletedWithValue(new Outcome.Expired());
        assertThat(ticket.verdict().join()).isInstanceOf(Verdict.Rejected.class);
    }

    private static final long SECOND = 1_000_000_000;

    @Test
    void shouldOfferAgainLaterAndLaterWhenAcceptedAndNotSettled() {
        Ticket ticket = add(offer(1));
        assertThat(submissions.dueAgain(2 * SECOND))
                .as("an offer is still under way")
                .isEmpty();
        submissions.judged(offer(1), ticket, Verdict.ACCEPTED, 5, 4);
        assertThat(submissions.dueAgain(SECOND - 1)).isEmpty();
        List<Long> offered = new ArrayList<>();
        for (long second = 1; second < 40; second++) {
            if (!submissions.dueAgain(second * SECOND).isEmpty()) {
                offered.add(second);
            }
        }
        assertThat(offered).containsExactly(1L, 3L, 7L, 15L, 23L, 31L, 39L);
    }

    @Test
    void shouldOfferAgainWhatALeaderInTroubleCouldNotJudge() {
        Ticket ticket = add(offer(1));
        submissions.defer(new Submissions.Pending(offer(1), ticket, false));
        assertThat(submissions.dueAgain(SECOND)).singleElement().satisfies(pending -> {
            assertThat(pending.offer().id()).isEqualTo(offer(1).id());
            assertThat(pending.again()).isTrue();
        });
        assertThat(submissions.dueAgain(10 * SECOND))
                .as("that offer is under way")
                .isEmpty();
    }

    @Test
    void shouldOfferNothingAgainWhenSettled() {
        Ticket ticket = add(offer(1));
        submissions.judged(offer(1), ticket, Verdict.ACCEPTED, 5, 4);
        submissions.applied(TransactionKey.of(offer(1)), 6, 0);
        assertThat(submissions.dueAgain(5 * SECOND)).isEmpty();
    }

    @Test
    void shouldOfferAFewAgainAtATimeOldestFirst() {
        for (int i = 0; i < CoreLimits.OFFERS_AGAIN + 10; i++) {
            byte[] id = new byte[32];
            id[0] = (byte) i;
            id[1] = (byte) (i >> 8);
            Offer offer = new Offer("kv", id, new byte[0]);
            submissions.judged(offer, add(offer), Verdict.QUEUED, 0, 0);
        }
        List<Submissions.Pending> first = submissions.dueAgain(SECOND);
        assertThat(first).hasSize(CoreLimits.OFFERS_AGAIN).allMatch(Submissions.Pending::again);
        assertThat(first.getFirst().offer().id()[0]).isZero();
        assertThat(submissions.dueAgain(SECOND)).hasSize(10);
    }

    @Test
    void shouldBeRefusedByALaterOfferWhenTheLeaderHasDroppedIt() {
        Ticket ticket = add(offer(1));
        submissions.judged(offer(1), ticket, Verdict.ACCEPTED, 5, 4);
        submissions.judged(offer(1), ticket, REFUSED, 7, 6);
        assertThat(ticket.outcome()).isNotDone();
        submissions.settleRefusals(7);
        assertThat(ticket.outcome()).isCompletedWithValue(new Outcome.Rejected(new Rejection(-32000, "nonce too low")));
    }

    @Test
    void shouldRefuseWhenTooManyWait() {
        Ticket last = Submissions.newTicket();
        for (int i = 0; i <= CoreLimits.ORIGIN_TRANSACTIONS; i++) {
            byte[] id = new byte[32];
            id[0] = (byte) i;
            id[1] = (byte) (i >> 8);
            id[2] = (byte) (i >> 16);
            last = Submissions.newTicket();
            submissions.add(new Offer("kv", id, new byte[0]), last, 0);
        }
        assertThat(last.verdict().join())
                .isEqualTo(Verdict.rejected(Rejection.UNAVAILABLE, "too many transactions are waiting at this node"));
    }

    @Test
    void shouldTellWhatItRemembersOfATransaction() {
        TransactionKey key = TransactionKey.of(offer(1));
        assertThat(submissions.remembered(key).status()).isNull();
        Ticket ticket = add(offer(1));
        assertThat(submissions.remembered(key).status()).isInstanceOf(TransactionStatus.Pending.class);
        submissions.judged(offer(1), ticket, REFUSED, 5, 4);
        assertThat(submissions.remembered(key).status())
                .as("the leader was further")
                .isInstanceOf(TransactionStatus.Pending.class);
        submissions.settleRefusals(5);
        assertThat(submissions.remembered(key).status())
                .isEqualTo(new TransactionStatus.Invalid(new Rejection(-32000, "nonce too low"), 5));

        add(offer(1));
        assertThat(submissions.remembered(key).status())
                .as("offered again")
                .isInstanceOf(TransactionStatus.Pending.class);
        submissions.applied(key, 6, 0);
        assertThat(submissions.remembered(key).status())
                .as("left to the journal")
                .isNull();
    }

    @Test
    void shouldNotTakeAnUnavailableLeaderForAJudgement() {
        Ticket ticket = add(offer(1));
        submissions.judged(offer(1), ticket, Verdict.rejected(Rejection.UNAVAILABLE, "no leader"), 5, 5);
        assertThat(submissions.remembered(TransactionKey.of(offer(1))).status()).isNull();
    }

    @Test
    void shouldForgetTheOldestRefusalsFirst() {
        int more = CoreLimits.REMEMBERED_REFUSALS + 10;
        for (int n = 0; n < more; n++) {
            Offer offer = new Offer("kv", ByteBuffer.allocate(32).putInt(n).array(), new byte[] {1});
            submissions.judged(offer, add(offer), REFUSED, 5, 5);
        }
        int remembered = 0;
        for (int n = 0; n < more; n++) {
            byte[] id = ByteBuffer.allocate(32).putInt(n).array();
            remembered += submissions.remembered(new TransactionKey("kv", id)).status() == null ? 0 : 1;
        }
        assertThat(remembered).isEqualTo(CoreLimits.REMEMBERED_REFUSALS);
        assertThat(submissions
                        .remembered(new TransactionKey("kv", new byte[32]))
                        .status())
                .isNull();
    }

    @Test
    void shouldRememberOfRefusalsNoMoreBytesThanMayBe() {
        byte[] payload = new byte[1 << 20];
        int more = (int) (CoreLimits.REMEMBERED_REFUSAL_BYTES >> 20) + 3;
        for (int n = 0; n < more; n++) {
            Offer offer = new Offer("kv", ByteBuffer.allocate(32).putInt(n).array(), payload);
            submissions.judged(offer, add(offer), REFUSED, 5, 5);
            submissions.judged(offer, add(offer), REFUSED, 5, 5);
        }
        for (int n = 0; n < more; n++) {
            byte[] id = ByteBuffer.allocate(32).putInt(n).array();
            TransactionStatus.Remembered remembered = submissions.remembered(new TransactionKey("kv", id));
            assertThat(remembered.offer() == null).as("refusal %d", n).isEqualTo(n < 3);
        }
    }

    @Test
    void shouldTellOfWhichTransactionItSpeaks() {
        Offer offer = offer(1);
        Ticket ticket = add(offer);
        assertThat(submissions.remembered(TransactionKey.of(offer)).offer()).isSameAs(offer);
        submissions.judged(offer, ticket, REFUSED, 5, 5);
        assertThat(submissions.remembered(TransactionKey.of(offer)).offer()).isSameAs(offer);
    }
}
