package coco.ledgers.kv;

import static org.assertj.core.api.Assertions.assertThat;

import coco.kv.Draft;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Version;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.Verdict;
import coco.ledgers.api.testing.SingleNode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rules of admission, execution and dedupe. */
class KvLedgerTest {
    private static final Verdict REPEATED = Verdict.rejected(KvLedger.ALREADY_EXECUTED, "this request was executed");
    private static final Verdict TAKEN =
            Verdict.rejected(KvLedger.ID_TAKEN, "another request with this id was executed");

    private final SingleNode node = new SingleNode(new KvLedgerFactory(), "").mining(false);

    @Test
    void shouldHoldAtEveryNodeWhatABlockWrote() {
        offer("1", "a", "first");
        offer("2", "b", "second");
        offer("3", "a", null);
        offer("4", "c", "third");
        LedgerBlock block = built();

        assertThat(block.transactions()).hasSize(4);
        for (Version state : new Version[] {node.state(), node.followed()}) {
            assertThat(state.get(KvLedger.DATA, bytes("a"))).isNull();
            assertThat(state.get(KvLedger.DATA, bytes("b"))).isEqualTo(bytes("second"));
            assertThat(state.get(KvLedger.DATA, bytes("c"))).isEqualTo(bytes("third"));
        }
        assertThat(node.ledger().hasWork()).isFalse();
    }

    @Test
    void shouldExecuteARequestOnceHoweverOftenItIsOffered() {
        assertThat(offer("1", "a", "x")).isEqualTo(Verdict.ACCEPTED);
        assertThat(offer("1", "a", "x")).isEqualTo(Verdict.ACCEPTED);
        assertThat(built().transactions()).hasSize(1);

        assertThat(offer("1", "a", "x")).isEqualTo(REPEATED);
        assertThat(node.mine()).isNull();
    }

    @Test
    void shouldRefuseTheIdOfAnotherRequest() {
        offer("1", "a", "x");
        built();

        assertThat(offer("1", "a", "y")).isEqualTo(TAKEN);
        assertThat(offer("1", "b", "x")).isEqualTo(TAKEN);
    }

    @Test
    void shouldDropWhileBuildingWhatTheSameBlockHasExecuted() {
        offer("1", "a", "x");
        offer("1", "a", "y");
        LedgerBlock block = built();

        assertThat(block.transactions()).hasSize(1);
        String second = HexFormat.of().formatHex(transaction("1", "a", "y").id());
        assertThat(node.dropped())
                .containsOnlyKeys(second)
                .containsValue(new Rejection(KvLedger.ID_TAKEN, "another request with this id was executed"));
        assertThat(node.state().get(KvLedger.DATA, bytes("a"))).isEqualTo(bytes("x"));
    }

    @Test
    void shouldExecuteAgainWhatALostBlockHadExecuted() {
        offer("1", "a", "x");
        offer("2", "b", "y");
        node.mineAndLose();

        assertThat(node.ledger().hasWork()).isTrue();
        assertThat(built().transactions()).hasSize(2);
    }

    @Test
    void shouldLeaveForTheNextBlockWhatDoesNotFit() {
        node.maxTransactions(2);
        for (int i = 0; i < 5; i++) {
            offer("" + i, "k" + i, "v");
        }

        assertThat(built().transactions()).hasSize(2);
        assertThat(built().transactions()).hasSize(2);
        assertThat(built().transactions()).hasSize(1);
        assertThat(node.mine()).isNull();
    }

    @Test
    void shouldForgetRequestsAfterTheConfiguredNumberOfBlocks() {
        offer("old", "a", "x");
        built();
        for (int i = 1; i < KvLimits.DEDUPE_BLOCKS; i++) {
            offer("n" + i, "k", "v");
            built();
        }
        assertThat(offer("old", "a", "x")).isEqualTo(REPEATED);
        assertThat(node.state().size(KvLedger.REQUESTS)).isEqualTo(KvLimits.DEDUPE_BLOCKS);

        offer("last", "k", "v");
        built();
        assertThat(offer("old", "a", "x")).isEqualTo(Verdict.ACCEPTED);
        assertThat(node.state().size(KvLedger.REQUESTS)).isEqualTo(KvLimits.DEDUPE_BLOCKS);
        assertThat(node.state().size(KvLedger.REQUEST_ORDER)).isEqualTo(KvLimits.DEDUPE_BLOCKS);
    }

    @Test
    void shouldRefuseMoreThanThePoolHolds() {
        for (int i = 0; i < KvLimits.POOL; i++) {
            offer("" + i, "k", "v");
        }

        assertThat(offer("more", "k", "v"))
                .isEqualTo(Verdict.rejected(KvLedger.POOL_FULL, "too many requests are waiting"));
    }

    @Test
    void shouldAnswerRandomBytesWithAVerdictAndDecodeWhatItEncodes() {
        Random random = new Random(0x6b76);
        byte[] good = transaction("id", "key", "value").encode();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = random.nextBoolean() ? good.clone() : new byte[random.nextInt(40)];
            if (bytes.length == good.length) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            } else {
                random.nextBytes(bytes);
            }
            KvTransaction.decode(bytes)
                    .ifPresent(decoded ->
                            assertThat(KvTransaction.decode(decoded.encode())).isPresent());
        }
        Verdict refused = node.ledger().offer(new Offer("kv", new byte[32], new byte[] {1, 2}), false, node.state());
        assertThat(refused).isEqualTo(Verdict.rejected(KvLedger.MALFORMED, "malformed transaction"));
        assertThat(KvTransaction.decode(good).orElseThrow().id())
                .isEqualTo(transaction("id", "key", "value").id());
    }

    @Test
    void shouldFindInTheAuditWhateverDiffersFromTheBlock() {
        offer("1", "a", "x");
        offer("2", "a", "y");
        offer("3", "b", null);
        LedgerBlock block = built();
        assertThat(node.ledger().audit(block, node.followed())).isNull();

        assertThat(auditOf(block, draft -> draft.put(KvLedger.DATA, bytes("a"), bytes("z"))))
                .contains("wrote a value");
        assertThat(auditOf(block, draft -> draft.put(KvLedger.DATA, bytes("b"), bytes("z"))))
                .contains("wrote a value");
        assertThat(auditOf(
                        block,
                        draft -> draft.remove(
                                KvLedger.REQUESTS, transaction("2", "a", "y").requestKey())))
                .contains("executed a request");
        offer("4", "c", "v");
        built();
        assertThat(node.ledger().audit(block, node.followed())).contains("state is after block 2");
    }

    @FunctionalInterface
    private interface Change {
        void to(Draft draft);
    }

    /** What the audit says of a state that differs in one place. */
    private @Nullable String auditOf(LedgerBlock block, Change change) {
        Store store = new Store(node.ledger().maps(), StoreLimits.DEFAULT);
        Draft draft = store.draft(store.head());
        for (var map : node.ledger().maps()) {
            var all = node.followed().scanPrefix(map, new byte[0]);
            while (all.next()) {
                draft.put(map, all.key(), all.value());
            }
        }
        change.to(draft);
        try (var changed = draft.seal()) {
            return node.ledger().audit(block, changed);
        }
    }

    private LedgerBlock built() {
        LedgerBlock block = node.mine();
        assertThat(block).isNotNull();
        return Objects.requireNonNull(block);
    }

    private Verdict offer(String id, String key, @Nullable String value) {
        KvTransaction transaction = transaction(id, key, value);
        return node.ledger().offer(new Offer("kv", transaction.id(), transaction.encode()), false, node.state());
    }

    @SuppressWarnings("NullAway") // A null removes; the annotation of an array's reference is not seen across modules.
    private static KvTransaction transaction(String id, String key, @Nullable String value) {
        return new KvTransaction(id, bytes(key), value == null ? null : bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
