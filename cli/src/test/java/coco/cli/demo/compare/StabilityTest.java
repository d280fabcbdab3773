package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Hex;
import coco.crypto.Keccak256;
import coco.evm.transition.ChainRules;
import coco.evm.transition.ForkSchedule;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StabilityTest {
    private static final Address CONTRACT = Address.fromHex("0x00000000000000000000000000000000000000b7");
    /** If NUMBER is odd writes 1 into slot 0. */
    private static final String READS_NUMBER = "0x4360011615600d5760016000555b00";
    /** Writes CALLER into slot 0, which costs less where it is there already. */
    private static final String READS_NOTHING = "0x3360005500";
    /** Writes TIMESTAMP into slot 0: a no-op where an earlier one of the same second did. */
    private static final String WRITES_TIME = "0x4260005500";

    @Test
    void shouldFindWhatLooksAtTheNumberOfItsBlock() {
        assertThat(unstable(READS_NUMBER)).contains(0);
    }

    @Test
    void shouldFindWhatCostsLessWhereAnotherOneWasInTheSameSecond() {
        assertThat(unstable(WRITES_TIME)).isNotEmpty().doesNotContain(0);
    }

    @Test
    void shouldLeaveAloneWhatDependsOnTheOrderOnly() {
        assertThat(unstable(READS_NOTHING)).isEmpty();
    }

    @Test
    void shouldFindWhatASmallBlockCannotHold() {
        MergedState state = state("0x00", new HashMap<>());
        SourceTransaction large = TestTransactions.call(1, 0, 1, 0, 900_000, CONTRACT, null);

        assertThat(new Stability(state, Map.of(), rules(), Stability.usual(100, 500_000, 14)).unstable(List.of(large)))
                .containsExactly(0);
    }

    private static Iterable<Integer> unstable(String code) {
        Map<String, String> codes = new HashMap<>();
        MergedState state = state(code, codes);
        List<SourceTransaction> sent = SendOrder.of(List.of(
                TestTransactions.call(1, 0, 3, 0, 100_000, CONTRACT, null),
                TestTransactions.call(2, 0, 2, 1, 100_000, CONTRACT, null),
                TestTransactions.call(3, 0, 1, 2, 100_000, CONTRACT, null)));
        return new Stability(state, codes, rules(), Stability.usual(1, 6_700_000, 14)).unstable(sent);
    }

    private static ChainRules rules() {
        return ForkSchedule.always(1, Fork.OSAKA).rules(1, 1);
    }

    private static MergedState state(String code, Map<String, String> codes) {
        String hash = "0x" + Hex.encode(Keccak256.hash(Hex.decode(code.substring(2))));
        codes.put(hash, code);
        MergedState state = new MergedState();
        for (int sender = 1; sender <= 3; sender++) {
            state.put(TestTransactions.sender(sender), TestTransactions.rich(0));
        }
        state.put(CONTRACT, TestTransactions.account(1, 0, hash, Map.of(Word.ZERO, Word.of(5))));
        return state;
    }
}
