package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Transaction;
import coco.ledgers.ethereum.testing.Keys;
import org.junit.jupiter.api.Test;

class PendingTransactionsTest {
    private final PendingTransactions pending = new PendingTransactions();

    private static Transaction transaction(int nonce, int dataBytes) {
        return Keys.transfer(nonce).data(new byte[dataBytes]).sign(Keys.CURVE, Keys.secret(0));
    }

    @Test
    void shouldSayWhenWhatIsAskedForIsForgotten() {
        int large = 128 << 10;
        int count = (int) (LiveLimits.PENDING_BYTES / large) + 10;
        for (int i = 0; i < count; i++) {
            assertThat(pending.accepted(transaction(i, large), Keys.address(0))).isTrue();
        }
        assertThat(pending.accepted(transaction(0, large), Keys.address(0))).isFalse();
        PendingTransactions.Portion all = pending.from(0, count);

        assertThat(all.complete()).isFalse();
        assertThat(all.end()).isEqualTo(count);
        assertThat(all.transactions()).hasSizeBetween(count - 20, count - 10);
        PendingTransactions.Portion two = pending.from(count - 5, 2);
        assertThat(two.complete()).isTrue();
        assertThat(two.end()).isEqualTo(count - 3);
        assertThat(two.transactions().getFirst().hash())
                .isEqualTo(transaction(count - 5, large).hash());
        assertThat(pending.from(count, 5).transactions()).isEmpty();
    }
}
