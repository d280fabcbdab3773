package coco.ledgers.ethereum.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.AccessSettings.ContractRule;
import coco.ledgers.api.LedgerException;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.testing.Keys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is recorded of access, and read back. */
class RecordsTest {
    private static final Address ONE = Address.of(0x11);
    private static final Address OTHER = Address.of(0x22);

    @Test
    void shouldReadBackWhatWasTouched() throws RlpException {
        List<Touched> all = List.of(
                new Touched(List.of(ONE), List.of(), List.of(), false),
                new Touched(List.of(ONE, OTHER), List.of(OTHER), List.of(), true),
                new Touched(List.of(), List.of(), List.of(ONE, OTHER), false));
        for (Touched touched : all) {
            RlpWriter out = new RlpWriter();
            touched.write(out);
            assertThat(Touched.read(new RlpReader(out.toBytes()))).isEqualTo(touched);
        }
    }

    @Test
    void shouldKeepTheBytesOfAnEntryThatTouchedNothing() {
        Transaction transaction = Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0));
        ExecutedTransaction open = new ExecutedTransaction(transaction, ONE, true, 21_000, List.of());
        assertThat(HexFormat.of().formatHex(open.encode()))
                .as("five items: docs/specs/ethereum-section.md")
                .isEqualTo(HexFormat.of()
                        .formatHex(new RlpWriter()
                                .beginList()
                                .unsigned(1)
                                .unsigned(21_000)
                                .beginList()
                                .endList()
                                .string(ONE.bytes())
                                .string(transaction.encoded())
                                .endList()
                                .toBytes()));
        assertThat(ExecutedTransaction.decode(open.encode()).touched()).isEqualTo(Touched.NOTHING);
    }

    @Test
    void shouldTellTouchedFromTheStateRootOfEarlyReceipts() {
        Transaction transaction = Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0));
        Touched touched = new Touched(List.of(ONE), List.of(ONE), List.of(), true);
        for (Touched each : List.of(touched, Touched.NOTHING)) {
            readBack(new ExecutedTransaction(transaction, ONE, true, 5, List.of(), null, each));
            readBack(new ExecutedTransaction(transaction, ONE, true, 5, List.of(), new byte[32], each));
        }
    }

    private static void readBack(ExecutedTransaction executed) {
        byte[] payload = executed.encode();
        assertThat(ExecutedTransaction.decode(payload).touched()).isEqualTo(executed.touched());
        assertThat(ExecutedTransaction.decode(payload).postState()).isEqualTo(executed.postState());
        assertThat(ExecutedTransaction.touched(payload)).isEqualTo(executed.touched());
    }

    @Test
    void shouldReadBackEveryMark() {
        for (Mark mark : List.of(
                new Mark(Mark.State.OWN, null, 7),
                new Mark(Mark.State.INHERITED, ONE, 8),
                new Mark(Mark.State.PENDING, null, 0),
                new Mark(Mark.State.CLEARED, null, Long.MAX_VALUE))) {
            assertThat(Mark.decode(mark.encode())).isEqualTo(mark);
        }
    }

    /** Seeded: a value of the map is a mark, or is refused by the one exception that says so. */
    @Test
    void shouldRefuseDamagedMarksAndEntries() {
        Random random = new Random(7);
        byte[] mark = new Mark(Mark.State.INHERITED, ONE, 8).encode();
        RlpWriter out = new RlpWriter();
        new Touched(List.of(ONE, OTHER), List.of(OTHER), List.of(ONE), true).write(out);
        byte[] touched = out.toBytes();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            try {
                Mark.decode(mutated(mark, random));
            } catch (LedgerException e) {
                refused++;
            }
            try {
                Touched.read(new RlpReader(mutated(touched, random)));
            } catch (RlpException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(10_000);
        assertThatThrownBy(() -> Mark.decode(new byte[] {(byte) 0xC3, 5, (byte) 0x80, 0x01}))
                .isInstanceOf(LedgerException.class);
    }

    private static byte[] mutated(byte[] bytes, Random random) {
        byte[] copy = Arrays.copyOf(bytes, bytes.length - random.nextInt(3) / 2);
        for (int i = random.nextInt(3); i >= 0; i--) {
            copy[random.nextInt(copy.length)] = (byte) random.nextInt();
        }
        return copy;
    }

    @Test
    void shouldLetNobodyInByARuleThatIsNone() {
        List<String> broken = new ArrayList<>(List.of("", "[]", "{}", "nonsense", "{\"readers\": \"all\"}"));
        broken.add("{\"readers\": [\"0x11\"]}");
        broken.add("{\"readers\": [\"%s\"], \"callers\": 7}".formatted(ONE.hex()));
        for (String rule : broken) {
            BoundRules.Bound bound = bound(rule);
            assertThat(bound.canRead(ONE)).as(rule).isFalse();
            assertThat(bound.canCall(ONE, ONE)).as(rule).isFalse();
        }
    }

    @Test
    void shouldLetReadersInDirectlyAndThroughCallers() {
        String rule = "{\"readers\": [\"%s\"], \"callers\": [\"%s\"]}".formatted(ONE.hex(), OTHER.hex());
        BoundRules.Bound bound = bound(rule);
        assertThat(bound.canRead(ONE)).isTrue();
        assertThat(bound.canRead(OTHER)).isFalse();
        assertThat(bound.canCall(ONE, ONE)).isTrue();
        assertThat(bound.canCall(ONE, OTHER)).isTrue();
        assertThat(bound.canCall(ONE, Address.of(3))).isFalse();
        assertThat(bound.canCall(OTHER, OTHER)).isFalse();
    }

    private static BoundRules.Bound bound(String rule) {
        ContractRule each = new ContractRule("ethereum", ONE.hex().substring(2), rule);
        BoundRules.Bound bound = new BoundRules(settings(List.of(each))).of(ONE);
        if (bound == null) {
            throw new AssertionError("the rule is not there");
        }
        return bound;
    }

    static AccessSettings settings(List<ContractRule> rules) {
        AccessSettings open = AccessSettings.OPEN;
        return new AccessSettings(
                open.contracts(), open.senders(), open.accounts(), open.anonymousReads(), rules, List.of());
    }
}
