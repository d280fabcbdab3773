package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.transition.ForkSchedule;
import coco.evm.types.Fork;
import coco.evm.types.Transaction;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SyntheticMixTest {
    private static final int COUNT = 2_000;

    @Test
    void shouldHoldTheMainNetworksProportions() {
        List<SourceTransaction> made = new SyntheticMix("test", 1).make(COUNT, new MergedState(), new HashMap<>());

        long ether = made.stream()
                .map(SourceTransaction::transaction)
                .filter(transaction -> transaction.data().length == 0)
                .count();
        long creations = made.stream()
                .map(SourceTransaction::transaction)
                .filter(transaction -> transaction.to() == null)
                .count();
        assertThat(made).hasSize(COUNT);
        assertThat((double) ether / COUNT).isBetween(0.72, 0.78);
        assertThat((double) creations / COUNT).isLessThan(0.005);
    }

    /** As the pool of a node judges. */
    @Test
    void shouldBeTakenByAPool() {
        MergedState state = new MergedState();
        Map<String, String> codes = new HashMap<>();
        List<SourceTransaction> made = SendOrder.of(new SyntheticMix("test", 1).make(300, state, codes));
        SourceBlock block =
                TestTransactions.block(5_000_000, Fork.OSAKA, new LinkedHashMap<>(state.accounts()), reindexed(made));
        Chooser chooser = new Chooser(Preparation.admission(1), codes, 6_700_000, 300);

        chooser.add(block);

        Choice choice = chooser.choice(
                "test", ForkSchedule.always(1, Fork.OSAKA).rules(1, 1), Stability.usual(100, 6_700_000, 14));
        assertThat(choice.leftOut()).isEmpty();
        assertThat(choice.transactions()).hasSize(300);
    }

    @Test
    void shouldBeTheSameForANameAndOtherForAnother() {
        Transaction first = one("a");
        assertThat(one("a")).isEqualTo(first);
        assertThat(one("b")).isNotEqualTo(first);
    }

    private static Transaction one(String name) {
        return new SyntheticMix(name, 1)
                .make(1, new MergedState(), new HashMap<>())
                .getFirst()
                .transaction();
    }

    private static List<SourceTransaction> reindexed(List<SourceTransaction> made) {
        return made.stream()
                .map(each ->
                        new SourceTransaction(each.transaction(), each.sender(), 5_000_000, made.indexOf(each), null))
                .toList();
    }
}
