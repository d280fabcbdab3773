package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Hex;
import coco.crypto.Keccak256;
import coco.evm.BlockEnvironment;
import coco.evm.transition.ForkSchedule;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/** Two small contracts: one reads a slot, whose price rose; one reads the time. */
final class ExplainerTest {
    private static final Address READER = Address.fromHex("0x00000000000000000000000000000000000000b1");
    private static final Address CLOCK = Address.fromHex("0x00000000000000000000000000000000000000b2");
    private static final long SECOND = 1_500_000_000L;
    /** SLOAD(0), POP. */
    private static final String READ_SLOT = "0x60005450";
    /** If TIMESTAMP is not 1500000000 writes 1 into slot 0. */
    private static final String READ_TIME = "0x4263" + Long.toHexString(SECOND) + "14600f5760016000555b00";

    private static final BlockEnvironment LATER =
            new BlockEnvironment(7, SECOND + 300_000_000, 8_000_000, Word.ZERO, Word.ONE, Address.ZERO, Word.ONE);

    private final Map<String, String> codes = new HashMap<>();
    private final Explainer explainer =
            new Explainer(ForkSchedule.always(1, Fork.OSAKA).rules(1, 1), codes);

    @Test
    void shouldFindThePriceWhereOnlyTheRulesMakeTheDifference() {
        // 21,000, two cheap instructions, and 2,100 for a cold slot (EIP-2929) where Byzantium took 200.
        assertThat(kind(READER, 21_000 + 3 + 2_100 + 2)).isEqualTo(Explainer.Kind.PRICE);
    }

    @Test
    void shouldFindTheTimeWhereTheBlockMakesTheDifference() {
        // 22,100 for a new slot, behind a comparison that goes the other way later.
        assertThat(kind(CLOCK, 21_000 + 2 + 3 + 3 + 3 + 10 + 3 + 3 + 22_100 + 1))
                .isEqualTo(Explainer.Kind.TIME);
    }

    @Test
    void shouldBlameTheOrderWhereNeitherExplainsIt() {
        assertThat(kind(READER, 21_777)).isEqualTo(Explainer.Kind.ORDER);
    }

    @Test
    void shouldAnswerNothingThatIsNotAsked() {
        assertThat(explainer.explain(block(), index -> null)).isEmpty();
    }

    private Explainer.Kind kind(Address to, long gas) {
        int index = to.equals(READER) ? 0 : 1;
        Explainer.Question question = new Explainer.Question(new SourceTransaction.Outcome(true, gas), LATER);
        Map<Integer, Explainer.Kind> kinds = explainer.explain(block(), asked -> asked == index ? question : null);
        assertThat(kinds).containsOnlyKeys(index);
        return kinds.getOrDefault(index, Explainer.Kind.ORDER);
    }

    private SourceBlock block() {
        SequencedMap<Address, AccountState> state =
                TestTransactions.accounts(TestTransactions.rich(0), TestTransactions.sender(1));
        state.put(READER, TestTransactions.account(1, 0, code(READ_SLOT), Map.of(Word.ZERO, Word.of(5))));
        state.put(CLOCK, TestTransactions.account(1, 0, code(READ_TIME), Map.of()));
        return TestTransactions.block(
                5_000_000,
                Fork.BYZANTIUM,
                state,
                List.of(
                        TestTransactions.call(1, 0, 1, 0, 100_000, READER, null),
                        TestTransactions.call(1, 1, 1, 1, 100_000, CLOCK, null)));
    }

    private String code(String hex) {
        String hash = "0x" + Hex.encode(Keccak256.hash(Hex.decode(hex.substring(2))));
        codes.put(hash, hex);
        return hash;
    }
}
