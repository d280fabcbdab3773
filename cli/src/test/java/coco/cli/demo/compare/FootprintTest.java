package coco.cli.demo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Hex;
import coco.crypto.Keccak256;
import coco.evm.transition.ForkSchedule;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FootprintTest {
    private static final Address WRITER = Address.fromHex("0x00000000000000000000000000000000000000b7");
    private static final Address READER = Address.fromHex("0x00000000000000000000000000000000000000b8");
    /** Writes 1 into the slot of the caller's address. */
    private static final String WRITES_OWN_SLOT = "0x6001335500";
    /** Reads slot 0, and adds the caller to it. */
    private static final String ADDS_TO_ONE_SLOT = "0x6000543301600055";

    private final Map<String, String> codes = new HashMap<>();
    private final MergedState state = new MergedState();

    @Test
    void shouldSayWhatATransactionTakes() {
        fund(1);

        Footprint footprint = footprints(TestTransactions.transfer(1, 0, 5, 0)).getFirst();

        assertThat(footprint.gasLimit()).isEqualTo(21_000);
        assertThat(footprint.gasUsed()).isEqualTo(21_000);
    }

    @Test
    void shouldKeepTheOrderOfTwoOfOneSender() {
        fund(1);

        assertThat(conflict(TestTransactions.transfer(1, 0, 5, 0), call(1, 1, WRITER)))
                .isTrue();
    }

    @Test
    void shouldSeeThatTwoCallersOfOneContractTouchDifferentSlots() {
        fund(2);
        contract(WRITER, WRITES_OWN_SLOT);

        assertThat(conflict(call(1, 0, WRITER), call(2, 0, WRITER))).isFalse();
    }

    @Test
    void shouldSeeThatTwoCallersOfOneContractTouchOneSlot() {
        fund(2);
        contract(READER, ADDS_TO_ONE_SLOT);

        assertThat(conflict(call(1, 0, READER), call(2, 0, READER))).isTrue();
    }

    @Test
    void shouldSeeThatTwoSendersPayTheSameAccount() {
        fund(2);

        assertThat(conflict(TestTransactions.transfer(1, 0, 5, 0), TestTransactions.transfer(2, 0, 5, 1)))
                .isTrue();
    }

    @Test
    void shouldTellTheStateThatEarlierOnesLeft() {
        fund(2);
        contract(READER, ADDS_TO_ONE_SLOT);

        List<Footprint> footprints = footprints(call(1, 0, READER), call(2, 0, READER));

        // The first one fills the slot, the second one only changes it (EIP-2200).
        assertThat(footprints.get(0).gasUsed() - footprints.get(1).gasUsed()).isEqualTo(20_000 - 2_900);
    }

    private boolean conflict(SourceTransaction one, SourceTransaction other) {
        List<Footprint> footprints = footprints(one, other);
        Footprint.Union union = new Footprint.Union();
        union.add(footprints.get(0));
        return union.conflictsWith(footprints.get(1));
    }

    private List<Footprint> footprints(SourceTransaction... transactions) {
        return Footprint.of(
                List.of(transactions),
                state,
                codes,
                ForkSchedule.always(1, Fork.OSAKA).rules(1, 1));
    }

    private static SourceTransaction call(int sender, long nonce, Address to) {
        return TestTransactions.call(sender, nonce, 5, sender, 100_000, to, null);
    }

    private void fund(int senders) {
        for (int sender = 1; sender <= senders; sender++) {
            state.put(TestTransactions.sender(sender), TestTransactions.rich(0));
        }
    }

    private void contract(Address address, String code) {
        String hash = "0x" + Hex.encode(Keccak256.hash(Hex.decode(code.substring(2))));
        codes.put(hash, code);
        state.put(address, TestTransactions.account(1, 0, hash, Map.of(Word.of(9), Word.ONE)));
    }
}
