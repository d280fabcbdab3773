package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.transition.ForkSchedule;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Fork;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

final class ChooserTest {
    private static final long GAS = 1_000_000;
    private static final String CODE_HASH = "0x" + "ab".repeat(32);

    @Test
    void shouldLeaveOutWhatTheMergeMakesInvalidWithItsReason() {
        SequencedMap<Address, AccountState> state = TestTransactions.accounts(
                TestTransactions.rich(3), TestTransactions.sender(1), TestTransactions.sender(2));
        state.put(TestTransactions.sender(3), TestTransactions.account(0, 21_000 * 5 + 1, null, Map.of()));
        state.put(TestTransactions.sender(4), TestTransactions.account(0, 1L << 60, CODE_HASH, Map.of()));
        Chooser chooser = chooser(100);

        chooser.add(TestTransactions.block(
                5_000_000,
                Fork.BYZANTIUM,
                state,
                List.of(
                        TestTransactions.transfer(1, 3, 5, 0),
                        TestTransactions.transfer(1, 4, 5, 1),
                        TestTransactions.transfer(2, 3, 5, 2),
                        TestTransactions.transfer(3, 0, 5, 3),
                        TestTransactions.transfer(3, 1, 5, 4),
                        TestTransactions.transfer(4, 0, 5, 5))));
        chooser.add(TestTransactions.block(
                5_000_100,
                Fork.BYZANTIUM,
                TestTransactions.accounts(TestTransactions.rich(9), TestTransactions.sender(1)),
                List.of(TestTransactions.transfer(1, 9, 5, 0), TestTransactions.transfer(2, 3, 6, 1))));
        Choice choice = choice(chooser);

        assertThat(choice.transactions()).hasSize(4);
        assertThat(choice.leftOut())
                .containsOnly(
                        Map.entry("balance of the merged state does not cover it", 1),
                        Map.entry("nonce after a gap: transactions before it are missing", 1),
                        Map.entry("nonce that another chosen transaction has", 1),
                        Map.entry("sender that is a contract in the merged state", 1));
        assertThat(choice.leftOutCount()).isEqualTo(4);
    }

    @Test
    void shouldLeaveOutWhatAPoolRefusesInThePoolsWords() {
        Transaction old = Transaction.builder(Transaction.Type.LEGACY)
                .nonce(0)
                .gasPrice(Word.ONE)
                .gasLimit(21_000)
                .to(TestTransactions.RECIPIENT)
                .value(Word.ZERO)
                .data(new byte[0])
                .sign(TestTransactions.CURVE, TestTransactions.secret(1));
        SourceTransaction withoutChain = new SourceTransaction(old, TestTransactions.sender(1), 5_000_000, 0, null);
        SourceTransaction poor = TestTransactions.call(2, 0, 1, 1, 20_000, TestTransactions.RECIPIENT, null);
        SourceTransaction large = TestTransactions.call(2, 0, 1, 2, GAS + 1, TestTransactions.RECIPIENT, null);
        Chooser chooser = chooser(100);

        chooser.add(TestTransactions.block(
                5_000_000,
                Fork.BYZANTIUM,
                TestTransactions.accounts(
                        TestTransactions.rich(0), TestTransactions.sender(1), TestTransactions.sender(2)),
                List.of(withoutChain, poor, large)));

        assertThat(choice(chooser).leftOut())
                .containsOnly(
                        Map.entry("only replay-protected (EIP-155) transactions allowed over RPC", 1),
                        Map.entry("intrinsic gas too low", 1),
                        Map.entry("gas limit above that of the baseline's blocks", 1));
    }

    @Test
    void shouldLeaveOutDelegationsWhenTheirAccountIsNotThere() {
        SequencedMap<Address, AccountState> state =
                TestTransactions.accounts(TestTransactions.rich(0), TestTransactions.sender(1));
        state.put(TestTransactions.sender(2), TestTransactions.account(0, 1, null, Map.of()));
        state.put(TestTransactions.sender(3), TestTransactions.account(0, 0, null, Map.of()));
        Chooser chooser = chooser(100);

        chooser.add(TestTransactions.block(
                23_000_000, Fork.OSAKA, state, List.of(delegating(2, 0), delegating(3, 1), delegating(4, 1))));

        Choice choice = choice(chooser);
        assertThat(choice.transactions()).hasSize(1);
        assertThat(choice.leftOut())
                .containsOnly(Map.entry(
                        "delegation of an account that is not there: anvil gives gas back for it as if it were", 2));
    }

    /** A transaction of the first sender that changes the code of another. */
    private static SourceTransaction delegating(int authority, long nonce) {
        Authorization signed = Authorization.sign(
                Word.ONE, TestTransactions.RECIPIENT, 0, TestTransactions.CURVE, TestTransactions.secret(authority));
        Transaction transaction = Transaction.builder(Transaction.Type.SET_CODE)
                .chainId(1)
                .nonce(nonce)
                .fees(Word.ONE, Word.ONE)
                .gasLimit(100_000)
                .to(TestTransactions.RECIPIENT)
                .value(Word.ZERO)
                .data(new byte[0])
                .authorizations(List.of(signed))
                .sign(TestTransactions.CURVE, TestTransactions.secret(1));
        return new SourceTransaction(transaction, TestTransactions.sender(1), 23_000_000, (int) nonce, null);
    }

    @Test
    void shouldGiveSendersTheNonceThatTheirFirstTransactionNeeds() {
        Chooser chooser = chooser(1);
        SequencedMap<Address, AccountState> state =
                TestTransactions.accounts(TestTransactions.rich(2), TestTransactions.sender(1));

        chooser.add(TestTransactions.block(
                5_000_000,
                Fork.BYZANTIUM,
                state,
                List.of(TestTransactions.transfer(1, 6, 5, 0), TestTransactions.transfer(1, 7, 5, 1))));

        Choice choice = choice(chooser);
        assertThat(choice.transactions()).hasSize(1);
        assertThat(choice.state().account(TestTransactions.sender(1)))
                .isNotNull()
                .extracting(AccountState::nonce)
                .isEqualTo(6L);
        assertThat(choice.blocks()).containsExactly(5_000_000L);
    }

    private static Choice choice(Chooser chooser) {
        return chooser.choice("test", ForkSchedule.always(1, Fork.OSAKA).rules(1, 1), Stability.usual(100, GAS, 14));
    }

    private static Chooser chooser(int count) {
        return new Chooser(Preparation.admission(1), Map.of(CODE_HASH, "0x6001"), GAS, count);
    }
}
