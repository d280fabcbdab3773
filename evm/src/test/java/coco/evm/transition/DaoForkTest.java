package coco.evm.transition;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.code.CodeCache;
import coco.evm.state.InMemoryWorld;
import coco.evm.state.JournaledState;
import coco.evm.types.Address;
import coco.evm.types.Word;
import org.junit.jupiter.api.Test;

/** EIP-779, which the main network knows only with all accounts there. */
class DaoForkTest {
    private static final Address REFUND = Address.fromHex("0xbf4ed7b27f1d666546e30d74d50d173d20bca754");
    private static final Address DRAINED = Address.fromHex("0xd4fe7bc31cedb7bfb8a345f31e668033056b2728");
    private static final int ACCOUNTS = 116;

    @Test
    void shouldMoveWhatIsThereAndLeaveEveryAccountEvenIfItWasNot() {
        InMemoryWorld world = new InMemoryWorld();
        world.put(DRAINED, 3, Word.of(1000), new byte[0]);
        DaoFork.apply(new JournaledState(world, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), 1), world);
        assertThat(world.accounts().get(REFUND))
                .satisfies(account -> assertThat(account.balance()).isEqualTo(Word.of(1000)));
        assertThat(world.accounts().get(DRAINED)).satisfies(account -> {
            assertThat(account.balance()).isEqualTo(Word.ZERO);
            assertThat(account.nonce()).isEqualTo(3);
        });
        assertThat(world.accounts()).hasSize(ACCOUNTS + 1);
    }
}
