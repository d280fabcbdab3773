package coco.ledgers.ethereum.pool;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.kv.Draft;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.Verdict;
import coco.ledgers.ethereum.chain.Candidates;
import coco.ledgers.ethereum.chain.EthereumMaps;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.chain.StateReader;
import coco.ledgers.ethereum.testing.Keys;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoolTest {
    private static final int ACCOUNTS = 6;

    private Instant now = Instant.ofEpochSecond(1_000);
    private final Store store = new Store(EthereumMaps.ALL, StoreLimits.DEFAULT);
    private final Pool pool =
            new Pool(new PoolLimits(6, 2, 20_000, 2, 5, 10_500, 2, 60_000, 100_000, 10, 300, 2), Word.ZERO, () -> now);

    PoolTest() {
        Draft draft = store.draft(store.head());
        Genesis.parse(Keys.genesis(ACCOUNTS).getBytes(StandardCharsets.UTF_8)).write(draft);
        draft.seal().close();
    }

    @Test
    void shouldTakeInOrderOfArrivalWhenGasIsFree() {
        Transaction second = offer(1, Keys.transfer(0));
        Transaction first = offer(0, Keys.transfer(0));
        Transaction third = offer(1, Keys.transfer(1));
        assertThat(takeAll()).containsExactly(second, first, third);
    }

    @Test
    void shouldTakeTheHighestTipFirstWhenPricesDiffer() {
        Transaction cheap = offer(0, Keys.transfer(0).gasPrice(Word.of(1)));
        Transaction dear = offer(1, Keys.transfer(0).gasPrice(Word.of(7)));
        Transaction middle = offer(2, Keys.transfer(0).gasPrice(Word.of(3)));
        assertThat(takeAll()).containsExactly(dear, middle, cheap);
    }

    @Test
    void shouldKeepWhatCannotPayUntilTheBaseFeeHasFallen() {
        Transaction poor = offer(0, Keys.transfer(0).fees(Word.of(5), Word.of(10)));
        Transaction behindPoor = offer(0, Keys.transfer(1).fees(Word.of(9), Word.of(900)));
        Transaction rich = offer(1, Keys.transfer(0).fees(Word.ONE, Word.of(100)));
        pool.prices(Word.of(50), Word.ONE);
        assertThat(takeAll()).containsExactly(rich);
        assertThat(pool.next()).isNull();
        assertThat(pool.size()).isEqualTo(3);
        pool.prices(Word.of(10), Word.ONE);
        assertThat(takeAll()).containsExactly(poor, behindPoor);
    }

    @Test
    void shouldOrderByWhatTheNextBlockLeavesOfThePrice() {
        Transaction generous = offer(0, Keys.transfer(0).fees(Word.of(40), Word.of(50)));
        Transaction steady = offer(1, Keys.transfer(0).fees(Word.of(20), Word.of(1_000)));
        assertThat(pool.next())
                .isNotNull()
                .extracting(Candidates.Candidate::transaction)
                .isEqualTo(generous);
        pool.prices(Word.of(45), Word.ONE);
        assertThat(takeAll()).containsExactly(steady, generous);
    }

    @Test
    void shouldDropWhatCannotPayWhenItsTimeIsOver() {
        offer(0, Keys.transfer(0).fees(Word.ONE, Word.of(10)));
        pool.prices(Word.of(50), Word.ONE);
        now = now.plusMillis(60_001);
        Transaction later = offer(1, Keys.transfer(0).fees(Word.ONE, Word.of(100)));
        assertThat(pool.size()).isEqualTo(1);
        assertThat(takeAll()).containsExactly(later);
    }

    @Test
    void shouldRefuseWithGethsWords() {
        Transaction first = offer(0, Keys.transfer(0));
        assertRefused(0, first, "already known");
        assertRefused(0, Keys.transfer(0).value(Word.of(2)), "replacement transaction underpriced");
        assertRefused(
                1,
                Keys.transfer(0).value(Word.of(1_000_000_000_000_000_000L).times(1_001)),
                "insufficient funds for gas * price + value: balance 1000000000000000000000, tx cost "
                        + "1001000000000000000000, overshot 1000000000000000000");
        Word half = Word.of(1_000_000_000_000_000_000L).times(600);
        offer(2, Keys.transfer(0).value(half));
        assertRefused(
                2,
                Keys.transfer(1).value(half),
                "insufficient funds for gas * price + value: balance 1000000000000000000000, queued cost "
                        + "600000000000000000000, tx cost 600000000000000000000, overshot 200000000000000000000");
        assertRefused(
                7, Keys.transfer(0), "insufficient funds for gas * price + value: balance 0, tx cost 1, overshot 1");
    }

    @Test
    void shouldRefuseANonceThatTheStateHasPassed() {
        setNonce(0, 5);
        assertRefused(0, Keys.transfer(4), "nonce too low: next nonce 5, tx nonce 4");
        offer(0, Keys.transfer(5));
    }

    @Test
    void shouldReplaceOnlyWhenBothFeesRiseByATenth() {
        offer(0, Keys.transfer(0).fees(Word.of(100), Word.of(1_000)));
        String underpriced = "replacement transaction underpriced";
        assertRefused(0, Keys.transfer(0).fees(Word.of(109), Word.of(1_100)), underpriced);
        assertRefused(0, Keys.transfer(0).fees(Word.of(110), Word.of(1_099)), underpriced);
        Transaction better = offer(0, Keys.transfer(0).fees(Word.of(110), Word.of(1_100)));
        assertThat(pool.size()).isEqualTo(1);
        assertThat(takeAll()).containsExactly(better);
    }

    @Test
    void shouldQueueBehindAGapAndPromoteWhenItIsFilled() {
        Transaction third = signed(0, Keys.transfer(2));
        assertThat(verdict(0, third)).isInstanceOf(Verdict.Queued.class);
        assertThat(pool.next()).isNull();
        assertThat(pool.nextNonce(Keys.address(0), 0)).isZero();
        Transaction first = offer(0, Keys.transfer(0));
        Transaction second = offer(0, Keys.transfer(1));
        assertThat(pool.nextNonce(Keys.address(0), 0)).isEqualTo(3);
        assertThat(takeAll()).containsExactly(first, second, third);
    }

    @Test
    void shouldKeepWithinItsLimits() {
        for (int nonce = 0; nonce < 5; nonce++) {
            offer(0, Keys.transfer(nonce));
        }
        assertRefused(0, Keys.transfer(5), "account limit exceeded: pooled 5 txs");
        assertThat(verdict(1, signed(1, Keys.transfer(3)))).isInstanceOf(Verdict.Queued.class);
        assertThat(verdict(1, signed(1, Keys.transfer(4)))).isInstanceOf(Verdict.Queued.class);
        assertRefused(1, Keys.transfer(5), "account limit exceeded: pooled 2 txs");
        offer(2, Keys.transfer(0));
        assertRefused(3, Keys.transfer(0), "transaction underpriced");
        now = now.plusSeconds(61);
        offer(3, Keys.transfer(0));
        assertThat(pool.size()).isEqualTo(1);
    }

    @Test
    void shouldEvictTheCheapestAndNewestWhenADearerOneComes() {
        Pool full = filled();
        Transaction dear = signed(5, Keys.transfer(0).gasPrice(Word.of(9)));
        assertThat(offer(full, 5, dear)).isEqualTo(Verdict.ACCEPTED);
        assertThat(full.size()).isEqualTo(4);
        assertThat(full.known(dear.hash(), true)).isEqualTo(Verdict.ACCEPTED);
        // Of two that pay nothing the later one went: sender 1's second, behind a gap.
        assertThat(full.known(signed(1, Keys.transfer(2)).hash(), true)).isNull();
        assertThat(full.known(signed(0, Keys.transfer(0)).hash(), true)).isEqualTo(Verdict.ACCEPTED);
        assertThat(full.queued()).isZero();
    }

    @Test
    void shouldRefuseInGethsWordsWhenFull() {
        Pool full = filled();
        assertThat(offer(full, 5, signed(5, Keys.transfer(0))))
                .isEqualTo(Verdict.rejected(-32_000, "transaction underpriced"));
        assertThat(offer(full, 5, signed(5, Keys.transfer(0).gasPrice(Word.of(9)))))
                .isEqualTo(Verdict.ACCEPTED);
        assertThat(offer(full, 4, signed(4, Keys.transfer(3).gasPrice(Word.of(9)))))
                .isEqualTo(Verdict.rejected(-32_000, "future transaction tries to replace pending"));
        byte[] long16K = new byte[9_950];
        assertThat(offer(
                        full, 4, signed(4, Keys.transfer(0).gasPrice(Word.of(9)).data(long16K))))
                .isEqualTo(Verdict.rejected(-32_000, "transaction underpriced"));
    }

    @Test
    void shouldTakeFromTheLargestWhenAnotherSenderComes() {
        List<Transaction> many = new ArrayList<>();
        for (int nonce = 0; nonce < 5; nonce++) {
            many.add(offer(0, Keys.transfer(nonce)));
        }
        offer(1, Keys.transfer(0));
        Transaction late = offer(2, Keys.transfer(0));
        assertThat(pool.pending()).isEqualTo(6);
        assertThat(pool.known(many.get(4).hash(), true)).isNull();
        assertThat(pool.nextNonce(Keys.address(0), 0)).isEqualTo(4);
        assertThat(pool.known(late.hash(), true)).isEqualTo(Verdict.ACCEPTED);
        // Nor does the largest get anything back by asking again.
        assertRefused(0, Keys.transfer(4), "txpool is full");
    }

    @Test
    void shouldRefuseWhenOneSenderHasTooManyBytes() {
        Transaction first =
                offer(0, Keys.transfer(0).fees(Word.of(1), Word.of(10)).data(new byte[10_000]));
        assertRefused(0, Keys.transfer(1).data(new byte[600]), "account limit exceeded: pooled 1 txs");
        assertRefused(
                0,
                Keys.transfer(0).fees(Word.of(2), Word.of(20)).data(new byte[10_600]),
                "account limit exceeded: pooled 1 txs");
        assertThat(pool.known(first.hash(), true)).isEqualTo(Verdict.ACCEPTED);
        offer(1, Keys.transfer(0).data(new byte[600]));
    }

    @Test
    void shouldTakeFromNobodyWhenEachSenderHasNoMoreThanItsShare() {
        for (int sender = 0; sender < 4; sender++) {
            offer(sender, Keys.transfer(0));
            offer(sender, Keys.transfer(1));
        }
        assertThat(pool.pending()).isEqualTo(8);
        assertRefused(4, Keys.transfer(0), "transaction underpriced");
    }

    @Test
    void shouldForgetTheLongestWaitingGapWhenTooMuchWaitsBehindGaps() {
        Transaction oldest = signed(0, Keys.transfer(5));
        verdict(0, oldest);
        Transaction middle = signed(1, Keys.transfer(5));
        verdict(1, middle);
        Transaction newest = signed(2, Keys.transfer(5));
        assertThat(verdict(2, newest)).isEqualTo(Verdict.QUEUED);
        assertThat(pool.queued()).isEqualTo(2);
        assertThat(pool.known(oldest.hash(), true)).isNull();
        assertThat(pool.known(middle.hash(), true)).isEqualTo(Verdict.QUEUED);
    }

    @Test
    void shouldForgetWhatWaitsBehindAGapWhenItsLifetimeIsOver() {
        Transaction gapped = signed(0, Keys.transfer(5));
        verdict(0, gapped);
        now = now.plusSeconds(59);
        offer(1, Keys.transfer(0));
        assertThat(pool.known(gapped.hash(), true)).isEqualTo(Verdict.QUEUED);
        now = now.plusSeconds(2);
        offer(2, Keys.transfer(0));
        assertThat(pool.known(gapped.hash(), true)).isNull();
    }

    @Test
    void shouldNotCountWhatIsExecutedWhenItIsFull() {
        Pool full = filled();
        take(full);
        assertThat(full.pending()).isZero();
        assertThat(offer(full, 5, signed(5, Keys.transfer(0)))).isEqualTo(Verdict.ACCEPTED);
    }

    /** Room for four: two senders' first ones, one of them paying, one behind a gap, and one more that pays. */
    private Pool filled() {
        Pool full = new Pool(
                new PoolLimits(3, 1, 10_000, 2, 5, 20_000, 2, 60_000, 100_000, 10, 300, 2), Word.ZERO, () -> now);
        assertThat(offer(full, 0, signed(0, Keys.transfer(0)))).isEqualTo(Verdict.ACCEPTED);
        assertThat(offer(full, 1, signed(1, Keys.transfer(0).gasPrice(Word.of(3)))))
                .isEqualTo(Verdict.ACCEPTED);
        assertThat(offer(full, 2, signed(2, Keys.transfer(0).gasPrice(Word.of(5)))))
                .isEqualTo(Verdict.ACCEPTED);
        assertThat(offer(full, 1, signed(1, Keys.transfer(2)))).isEqualTo(Verdict.QUEUED);
        return full;
    }

    /** Whatever happens, the pool's own counts are those that counting gives, and within the limits. */
    @Test
    void shouldCountWhatCountingGivesWhenThingsHappenInAnyOrder() {
        Random random = new Random(7);
        PoolLimits limits = new PoolLimits(7, 4, 4_000, 2, 6, 4_000, 3, 60_000, 100_000, 10, 300, 2);
        for (int round = 0; round < 60; round++) {
            Pool tested = new Pool(limits, Word.ZERO, () -> now);
            List<Transaction> all = new ArrayList<>();
            int executed = 0;
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(8)) {
                    case 0 -> tested.rebase(state());
                    case 1 -> {
                        Candidates.@Nullable Candidate next = tested.next();
                        if (next != null) {
                            tested.executed(next, Map.of());
                            executed++;
                        }
                    }
                    case 2 -> now = now.plusSeconds(random.nextInt(8));
                    default -> {
                        int sender = random.nextInt(ACCOUNTS);
                        Transaction transaction =
                                signed(sender, Keys.transfer(random.nextInt(7)).gasPrice(Word.of(random.nextInt(4))));
                        all.add(transaction);
                        offer(tested, sender, transaction);
                    }
                }
                assertCounts(tested, all, "round %d step %d".formatted(round, step));
                // What was executed in lost blocks comes back, however full the pool is.
                assertThat(tested.pending() + tested.queued()).isLessThanOrEqualTo(11 + executed);
            }
        }
    }

    private static void assertCounts(Pool tested, List<Transaction> all, String when) {
        long accepted = all.stream()
                .distinct()
                .filter(transaction -> Verdict.ACCEPTED.equals(tested.known(transaction.hash(), true)))
                .count();
        long queued = all.stream()
                .distinct()
                .filter(transaction -> Verdict.QUEUED.equals(tested.known(transaction.hash(), true)))
                .count();
        assertThat((long) tested.queued()).as(when).isEqualTo(queued);
        assertThat((long) tested.size()).as(when).isEqualTo(accepted + queued);
        assertThat((long) tested.pending()).as(when).isLessThanOrEqualTo(accepted);
    }

    @Test
    void shouldExecuteAgainWhenSpeculationIsLost() {
        Transaction first = offer(0, Keys.transfer(0));
        Transaction second = offer(0, Keys.transfer(1));
        assertThat(takeAll()).containsExactly(first, second);
        assertThat(pool.next()).isNull();
        assertThat(pool.size()).isEqualTo(2);
        pool.rebase(state());
        assertThat(takeAll()).containsExactly(first, second);
        setNonce(0, 1);
        pool.applied(List.of(entry(first)), state());
        pool.rebase(state());
        assertThat(takeAll()).containsExactly(second);
    }

    @Test
    void shouldDropWhatAnotherLeadersBlockHasPassed() {
        offer(0, Keys.transfer(0));
        Transaction second = offer(0, Keys.transfer(1));
        Transaction foreign = signed(0, Keys.transfer(0).value(Word.of(9)));
        setNonce(0, 1);
        pool.applied(List.of(entry(foreign)), state());
        pool.rebase(state());
        assertThat(pool.size()).isEqualTo(1);
        assertThat(takeAll()).containsExactly(second);
    }

    @Test
    void shouldAcceptAgainWhatIsOfferedAgain() {
        Transaction first = offer(0, Keys.transfer(0));
        assertThat(pool.known(first.hash(), true)).isEqualTo(Verdict.ACCEPTED);
        takeAll();
        assertThat(pool.known(first.hash(), true)).isEqualTo(Verdict.ACCEPTED);
    }

    @Test
    void shouldReportAndForgetWhatCannotExecute() {
        Transaction first = offer(0, Keys.transfer(0));
        offer(0, Keys.transfer(1));
        List<String> dropped = new ArrayList<>();
        pool.onDrop((transaction, reason) -> dropped.add(reason.message()));
        Candidates.Candidate candidate = pool.next();
        assertThat(candidate).isNotNull();
        if (candidate != null) {
            assertThat(candidate.transaction()).isEqualTo(first);
            pool.invalid(candidate, "no money");
        }
        assertThat(dropped).containsExactly("no money");
        assertThat(pool.next()).isNull();
        assertThat(pool.size()).isEqualTo(1);
    }

    @Test
    void shouldTakeWhatFollowsWhenAnExecutionRaisesTheNonceByTwo() {
        Transaction authorised = offer(0, Keys.transfer(0));
        Transaction passed = offer(0, Keys.transfer(1));
        Transaction following = offer(0, Keys.transfer(2));
        List<String> dropped = new ArrayList<>();
        pool.onDrop((transaction, reason) ->
                dropped.add(transaction.equals(passed) ? reason.message() : "another transaction"));
        executeWith(authorised, Map.of(Keys.address(0), 2L));
        assertThat(dropped)
                .containsExactly("nonce too low: address " + Keys.address(0).checksumHex() + ", tx: 1 state: 2");
        assertThat(pool.nextNonce(Keys.address(0), 2)).isEqualTo(3);
        assertThat(takeAll()).containsExactly(following);
    }

    @Test
    void shouldTakeWhatWaitedBehindAGapWhenAnothersExecutionRaisesTheNonce() {
        Transaction behind = signed(0, Keys.transfer(1));
        assertThat(verdict(0, behind)).isEqualTo(Verdict.QUEUED);
        Transaction authorising = offer(1, Keys.transfer(0));
        executeWith(authorising, Map.of(Keys.address(0), 1L, Keys.address(1), 1L));
        assertThat(pool.queued()).isZero();
        assertThat(takeAll()).containsExactly(behind);
    }

    @Test
    void shouldTakeTheSendersFirstWhenALaterOneFindsTheStateAhead() {
        assertThat(verdict(0, signed(0, Keys.transfer(2)))).isEqualTo(Verdict.QUEUED);
        setNonce(0, 2);
        assertThat(pool.nextNonce(Keys.address(0), 2)).isEqualTo(2);
        offer(0, Keys.transfer(3));
        assertThat(takeAll()).extracting(Transaction::nonce).containsExactly(2L, 3L);
    }

    private void executeWith(Transaction expected, Map<Address, Long> nonces) {
        Candidates.Candidate candidate = Objects.requireNonNull(pool.next());
        assertThat(candidate.transaction()).isEqualTo(expected);
        pool.executed(candidate, nonces);
    }

    @Test
    void shouldShowTheNearestSendersOfManyInOrder() {
        List<Address> senders = new ArrayList<>();
        for (int sender = 0; sender < ACCOUNTS; sender++) {
            offer(sender, Keys.transfer(0));
            senders.add(Keys.address(sender));
        }
        senders.sort(Comparator.naturalOrder());
        for (int from = 0; from < ACCOUNTS; from++) {
            assertThat(pool.page(false, false, senders.get(from), 0, 1))
                    .as("page from sender %d", from)
                    .extracting(Candidates.Candidate::sender)
                    .isEqualTo(senders.subList(from, Math.min(from + 2, ACCOUNTS)));
        }
    }

    /** A model that sorts everything each time. */
    @Test
    void shouldTakeWhatAPlainModelTakes() {
        Random random = new Random(20_260);
        for (int round = 0; round < 300; round++) {
            Pool tested = new Pool(PoolLimits.DEFAULT, Word.ZERO, () -> now);
            Map<String, Transaction> model = new HashMap<>();
            Map<Transaction, Integer> arrival = new HashMap<>();
            for (int i = 0; i < 25; i++) {
                int sender = random.nextInt(3);
                Transaction transaction = signed(
                        sender, Keys.transfer(random.nextInt(5)).gasPrice(Word.of(1_000L * (1 + random.nextInt(3)))));
                Verdict verdict = offer(tested, sender, transaction);
                Transaction before = model.get(sender + ":" + transaction.nonce());
                boolean good = before == null
                        || transaction.maxFeePerGas().l0() * 10
                                >= before.maxFeePerGas().l0() * 11;
                assertThat(verdict instanceof Verdict.Rejected)
                        .as("round %d", round)
                        .isNotEqualTo(good);
                if (good) {
                    model.put(sender + ":" + transaction.nonce(), transaction);
                    arrival.put(transaction, i);
                }
            }
            assertThat(take(tested)).as("round %d", round).isEqualTo(modelOrder(model, arrival));
        }
    }

    private static List<Transaction> modelOrder(Map<String, Transaction> model, Map<Transaction, Integer> arrival) {
        List<Transaction> order = new ArrayList<>();
        long[] next = new long[3];
        while (true) {
            List<Transaction> heads = new ArrayList<>();
            Map<Transaction, Integer> senders = new HashMap<>();
            for (int sender = 0; sender < 3; sender++) {
                Transaction head = model.get(sender + ":" + next[sender]);
                if (head != null) {
                    heads.add(head);
                    senders.put(head, sender);
                }
            }
            if (heads.isEmpty()) {
                return order;
            }
            heads.sort(Comparator.<Transaction, Word>comparing(Transaction::maxFeePerGas)
                    .reversed()
                    .thenComparing(head -> arrival.getOrDefault(head, 0)));
            order.add(heads.getFirst());
            next[senders.getOrDefault(heads.getFirst(), 0)]++;
        }
    }

    private List<Transaction> takeAll() {
        return take(pool);
    }

    private static List<Transaction> take(Pool from) {
        List<Transaction> taken = new ArrayList<>();
        Candidates.@Nullable Candidate next;
        while ((next = from.next()) != null) {
            taken.add(next.transaction());
            from.executed(next, Map.of());
        }
        return taken;
    }

    private static LedgerBlock.Executed entry(Transaction transaction) {
        byte[] payload = new ExecutedTransaction(transaction, Keys.address(0), true, 21_000, List.of()).encode();
        return new LedgerBlock.Executed(transaction.hash(), new byte[32], payload, new byte[0]);
    }

    private StateReader state() {
        return new StateReader(store.head());
    }

    private static Transaction signed(int sender, Transaction.Builder fields) {
        return fields.sign(Keys.CURVE, Keys.secret(sender));
    }

    private Verdict verdict(int sender, Transaction transaction) {
        return offer(pool, sender, transaction);
    }

    private Verdict offer(Pool to, int sender, Transaction transaction) {
        Verdict known = to.known(transaction.hash(), false);
        return known != null ? known : to.offer(transaction, Keys.address(sender), state());
    }

    private Transaction offer(int sender, Transaction.Builder fields) {
        Transaction transaction = signed(sender, fields);
        assertThat(verdict(sender, transaction)).isEqualTo(Verdict.ACCEPTED);
        return transaction;
    }

    private void assertRefused(int sender, Transaction.Builder fields, String message) {
        assertRefused(sender, signed(sender, fields), message);
    }

    private void assertRefused(int sender, Transaction transaction, String message) {
        assertThat(verdict(sender, transaction)).isEqualTo(Verdict.rejected(-32_000, message));
    }

    /** Rewrites an account as the map holds it: [nonce, balance, empty, empty]. */
    private void setNonce(int sender, int nonce) {
        Address address = Keys.address(sender);
        byte[] value = new coco.evm.rlp.RlpWriter()
                .beginList()
                .unsigned(nonce)
                .unsigned(new java.math.BigInteger("1000000000000000000000").toByteArray())
                .string(new byte[0])
                .string(new byte[0])
                .endList()
                .toBytes();
        Draft draft = store.draft(store.head());
        draft.put(EthereumMaps.ACCOUNTS, coco.crypto.Keccak256.hash(address.bytes()), value);
        draft.seal().close();
    }
}
