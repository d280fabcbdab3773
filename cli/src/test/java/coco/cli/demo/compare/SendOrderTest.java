package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SendOrderTest {
    private static final int ROUNDS = 60;
    private static final int SENDERS = 5;

    @Test
    void shouldSendTheDearestFirstAndKeepEachSendersNonces() {
        SourceTransaction cheap = TestTransactions.transfer(1, 0, 10, 0);
        SourceTransaction dearBehindCheap = TestTransactions.transfer(1, 1, 90, 1);
        SourceTransaction dear = TestTransactions.transfer(2, 7, 50, 2);

        assertThat(SendOrder.of(List.of(cheap, dearBehindCheap, dear))).containsExactly(dear, cheap, dearBehindCheap);
    }

    /** However a stream is cut into blocks, and however late it arrives, a pool that goes by price keeps the order. */
    @Test
    void shouldBeTheOrderOfEveryPoolWhenTheStreamIsCutAnywhere() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            Random random = new Random(seed);
            List<SourceTransaction> sent = SendOrder.of(some(random));
            List<SourceTransaction> pool = new ArrayList<>();
            List<SourceTransaction> executed = new ArrayList<>();
            int arrived = 0;
            while (executed.size() < sent.size()) {
                int more = Math.min(sent.size() - arrived, random.nextInt(4));
                pool.addAll(sent.subList(arrived, arrived + more));
                arrived += more;
                for (int block = random.nextInt(4); block > 0 && !pool.isEmpty(); block--) {
                    executed.add(take(pool));
                }
            }
            assertThat(executed).as("seed " + seed).isEqualTo(sent);
        }
    }

    private static List<SourceTransaction> some(Random random) {
        List<SourceTransaction> all = new ArrayList<>();
        long[] nonces = new long[SENDERS];
        for (int i = 0; i < 12; i++) {
            int sender = random.nextInt(SENDERS);
            all.add(TestTransactions.transfer(sender, nonces[sender]++, 1 + random.nextInt(3), i));
        }
        return all;
    }

    /** Of the first of each sender the dearest, of these the one that arrived first: the pool in plain words. */
    private static SourceTransaction take(List<SourceTransaction> pool) {
        Set<Address> seen = new HashSet<>();
        SourceTransaction best = null;
        for (SourceTransaction each : pool) {
            if (seen.add(each.sender()) && (best == null || price(each).compareTo(price(best)) > 0)) {
                best = each;
            }
        }
        pool.remove(Objects.requireNonNull(best));
        return best;
    }

    private static Word price(SourceTransaction transaction) {
        return transaction.transaction().effectiveGasPrice(Word.ZERO);
    }
}
