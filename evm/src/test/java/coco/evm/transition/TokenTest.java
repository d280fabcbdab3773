package coco.evm.transition;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.BlockEnvironment;
import coco.evm.Halt;
import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.testing.TokenProgram;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Log;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A token: many transactions of a block on one state, against balances kept by hand. */
class TokenTest {
    private static final long SEED = 11;
    private static final int HOLDERS = 20;
    private static final Address TOKEN = Address.of(0x70CE);
    private static final BlockEnvironment BLOCK =
            new BlockEnvironment(1, 1, 30_000_000, Word.ZERO, Word.ONE, Address.of(0xC01), Word.ONE);

    private final InMemoryWorld world = new InMemoryWorld();
    private final JournaledState state = new JournaledState(world, new CodeCache(1 << 20), SEED);
    private final TransactionExecutor executor = new TransactionExecutor(ChainRules.of(1, Fork.OSAKA), null);

    private static Address holder(int i) {
        return Address.of(i + 1, -1L, 31L * i);
    }

    private Outcome.Executed send(Address from, long nonce, byte[] input) {
        TransactionMessage tx = new TransactionMessage(
                Transaction.Type.DYNAMIC_FEE,
                from,
                nonce,
                100_000,
                Word.ZERO,
                Word.ZERO,
                TOKEN,
                Word.ZERO,
                input,
                List.of(),
                List.of(),
                List.of(),
                Word.ZERO);
        return (Outcome.Executed) executor.execute(state, BLOCK, tx, BLOCK.gasLimit());
    }

    @Test
    void shouldKeepTheSumOfBalancesWhateverIsSent() {
        world.put(TOKEN, 1, Word.ZERO, TokenProgram.code());
        Map<Address, Long> balances = new HashMap<>();
        for (int i = 0; i < HOLDERS; i++) {
            world.slotChanged(TOKEN, TokenProgram.slotOf(holder(i)), Word.of(100));
            balances.put(holder(i), 100L);
        }
        Random random = new Random(SEED);
        long[] nonces = new long[HOLDERS];
        for (int round = 0; round < 2000; round++) {
            int payer = random.nextInt(HOLDERS);
            Address from = holder(payer);
            Address to = holder(random.nextInt(HOLDERS));
            long amount = random.nextInt(120);
            Outcome.Executed outcome = send(from, nonces[payer]++, TokenProgram.transfer(to, amount));
            boolean enough = balances.getOrDefault(from, 0L) >= amount;
            assertThat(outcome.halt()).as("seed %d", SEED).isEqualTo(enough ? Halt.SUCCESS : Halt.REVERT);
            if (enough) {
                balances.merge(from, -amount, Long::sum);
                balances.merge(to, amount, Long::sum);
                assertTransferred(outcome.logs(), from, to, amount);
            }
            executor.commit(state, world);
            if (round % 100 == 0) {
                state.forget();
            }
        }
        balances.forEach((holder, balance) -> assertThat(balanceOf(holder)).isEqualTo(Word.of(balance)));
    }

    private static void assertTransferred(List<Log> logs, Address from, Address to, long amount) {
        assertThat(logs).hasSize(1);
        Log log = logs.getFirst();
        assertThat(log.address()).isEqualTo(TOKEN);
        assertThat(log.topics().stream().map(Word::ofBytes).toList())
                .containsExactly(TokenProgram.TRANSFER_TOPIC, Word.of(from), Word.of(to));
        assertThat(Word.ofBytes(log.data())).isEqualTo(Word.of(amount));
    }

    private Word balanceOf(Address holder) {
        TransactionMessage call =
                TransactionMessage.call(holder, TOKEN, Word.ZERO, TokenProgram.balanceOf(holder), 100_000);
        Outcome outcome = executor.simulate(state, BLOCK, call, null);
        return Word.ofBytes(((Outcome.Executed) outcome).output());
    }
}
