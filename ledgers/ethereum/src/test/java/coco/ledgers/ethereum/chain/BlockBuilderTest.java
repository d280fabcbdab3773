package coco.ledgers.ethereum.chain;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.FrameGuard;
import coco.evm.code.CodeCache;
import coco.evm.types.Address;
import coco.evm.types.Header;
import coco.evm.types.Transaction;
import coco.kv.Draft;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.BuildContext;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.Rejection;
import coco.ledgers.ethereum.testing.Keys;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BlockBuilderTest {
    private static final Address POISON = Address.of(0xbad);

    private final Genesis genesis = Genesis.parse(Keys.genesis(4).getBytes(StandardCharsets.UTF_8));

    @Test
    void shouldLoseOneTransactionWhenTheMachineItselfFails() {
        Queue withPoison = new Queue(List.of(transfer(0, 77), transfer(1, 0xbad), transfer(2, 78), transfer(3, 79)));
        Queue without = new Queue(List.of(transfer(0, 77), transfer(2, 78), transfer(3, 79)));

        LedgerBlock block = Objects.requireNonNull(build(withPoison, BlockBuilderTest::failAtPoison));

        assertThat(withPoison.invalid).containsExactly("internal error");
        assertThat(block.transactions()).hasSize(3);
        LedgerBlock expected = Objects.requireNonNull(build(without, null));
        Header header = BlockIndex.header(block);
        assertThat(header.stateRoot()).isEqualTo(BlockIndex.header(expected).stateRoot());
        assertThat(header.hash()).isEqualTo(BlockIndex.header(expected).hash());
    }

    @Test
    void shouldMakeNoBlockWhenNothingButThatTransactionWaits() {
        Queue queue = new Queue(List.of(transfer(1, 0xbad)));
        assertThat(build(queue, BlockBuilderTest::failAtPoison)).isNull();
        assertThat(queue.invalid).hasSize(1);
    }

    private static boolean failAtPoison(
            Address user, Address caller, Address callee, Address code, int selector, coco.evm.CallKind kind) {
        if (callee.equals(POISON)) {
            throw new IllegalStateException("a fault of ours");
        }
        return true;
    }

    private @Nullable LedgerBlock build(Queue queue, @Nullable FrameGuard guard) {
        Store store = new Store(EthereumMaps.ALL, StoreLimits.DEFAULT);
        Draft first = store.draft(store.head());
        genesis.write(first);
        first.seal().close();
        BlockBuilder builder = guard == null
                ? new BlockBuilder(genesis, new CodeCache(1 << 20), 7)
                : new BlockBuilder(genesis, new CodeCache(1 << 20), 7, _ -> guard);
        return builder.build(new Unbounded(store.draft(store.head())), queue, false);
    }

    private static Candidates.Candidate transfer(int sender, long recipient) {
        Transaction transaction = Keys.transfer(0).to(Address.of(recipient)).sign(Keys.CURVE, Keys.secret(sender));
        return new Signed(transaction, Keys.address(sender));
    }

    private record Signed(Transaction transaction, Address sender) implements Candidates.Candidate {}

    private static final class Queue implements Candidates {
        final ArrayDeque<Candidate> left;
        final List<String> invalid = new ArrayList<>();

        Queue(List<Candidate> candidates) {
            left = new ArrayDeque<>(candidates);
        }

        @Override
        public @Nullable Candidate next() {
            return left.peekFirst();
        }

        @Override
        public void executed(Candidate candidate, Map<Address, Long> nonces) {
            left.removeFirst();
        }

        @Override
        public void invalid(Candidate candidate, String why) {
            left.removeFirst();
            invalid.add(why);
        }
    }

    private record Unbounded(Draft state) implements BuildContext {
        @Override
        public AccessSettings access() {
            return AccessSettings.OPEN;
        }

        @Override
        public long height() {
            return 1;
        }

        @Override
        public long timestampSeconds() {
            return 1_800_000_000;
        }

        @Override
        public byte[] randomness() {
            return new byte[32];
        }

        @Override
        public void executed(int sizeBytes) {
            assertThat(sizeBytes).isPositive();
        }

        @Override
        public boolean full() {
            return false;
        }

        @Override
        public boolean heartbeat() {
            return false;
        }

        @Override
        public void dropped(byte[] id, Rejection reason) {
            throw new AssertionError("the queue hears of it");
        }
    }
}
