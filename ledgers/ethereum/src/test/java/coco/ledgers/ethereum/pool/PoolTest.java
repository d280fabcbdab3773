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
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PoolTest {
    private static final int ACCOUNTS = 6;

    private Instant now = Instant.ofEpochSecond(1_000);
    private final Store store = new Store(EthereumMaps.ALL, StoreLimits.DEFAULT);
    private final Pool pool = new Pool(new PoolLimits(8, 10_000, 5, 2, 60_000, 100_000, 10), Word.ZERO, () -> now);

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
        assertRefused(3, Keys.transfer(0), "txpool is full");
        now = now.plusSeconds(61);
        offer(3, Keys.transfer(0));
        assertThat(pool.size()).isEqualTo(1);
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
        assertThat(pool.offer(first, Keys.address(0), true, state())).isEqualTo(Verdict.ACCEPTED);
        takeAll();
        assertThat(pool.offer(first, Keys.address(0), true, state())).isEqualTo(Verdict.ACCEPTED);
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
                Verdict verdict = tested.offer(transaction, Keys.address(sender), false, state());
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
            from.executed(next);
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
        return pool.offer(transaction, Keys.address(sender), false, state());
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
