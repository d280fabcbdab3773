package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class MergedStateTest {
    private static final Address CONTRACT = TestTransactions.RECIPIENT;
    private static final Address LATE = TestTransactions.sender(9);

    @Test
    void shouldTakeAccountsAndSlotsFromTheEarliestBlockThatNamesThem() {
        MergedState state = new MergedState();
        state.add(block(1, CONTRACT, TestTransactions.account(1, 10, "0xaa", Map.of(Word.of(1), Word.of(11)))));
        state.add(block(
                2,
                CONTRACT,
                TestTransactions.account(5, 50, "0xbb", Map.of(Word.of(1), Word.of(99), Word.of(2), Word.of(22)))));
        state.add(block(3, LATE, TestTransactions.account(7, 70, null, Map.of())));

        AccountState contract = Objects.requireNonNull(state.account(CONTRACT));
        assertThat(contract.nonce()).isEqualTo(1);
        assertThat(contract.codeHash()).isEqualTo("0xaa");
        assertThat(contract.storage())
                .containsOnly(Map.entry(Word.of(1), Word.of(11)), Map.entry(Word.of(2), Word.of(22)));
        assertThat(state.balance(LATE)).isEqualTo(BigInteger.valueOf(70));
        assertThat(state.balance(TestTransactions.sender(8))).isZero();
    }

    private static SourceBlock block(long number, Address address, AccountState account) {
        return TestTransactions.block(number, Fork.BYZANTIUM, TestTransactions.accounts(account, address), List.of());
    }
}
