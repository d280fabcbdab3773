package coco.ledgers.ethereum.access;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.code.CodeCache;
import coco.evm.rlp.RlpWriter;
import coco.evm.types.Address;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.ethereum.chain.AccessViews;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.chain.Genesis;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Contracts that were made by the dozen, so that not all could be asked within the transaction's gas. */
class PendingMarkTest {
    private static final int CHILDREN = 20;
    private static final long GAS = 1_000_000;

    /** Burns what gas it gets but 4,000, then says yes to everything but the interface that nobody has. */
    private static final String SLOW = "5b610fa05a1160005760043560e01c63ffffffff141560005260206000f3";

    private static final String CHILD = "601e600c600039601e6000f3" + SLOW;

    private final AccessNetwork network = AccessNetwork.ofGas(GAS);
    private final List<Address> own = new ArrayList<>();
    private final List<Address> pending = new ArrayList<>();

    private void deployMany() {
        int at = 7 + 8 * CHILDREN + 1;
        String factory = "602a60" + HexFormat.of().toHexDigits((byte) at) + "600039"
                + "602a60006000f050".repeat(CHILDREN) + "00" + CHILD;
        ExecutedTransaction made =
                network.create(AccessNetwork.OWNER, HexFormat.of().parseHex(factory));
        assertThat(made.success()).isTrue();
        Address maker = Objects.requireNonNull(made.created());
        for (int nonce = 1; nonce <= CHILDREN; nonce++) {
            Address child = child(maker, nonce);
            switch (network.mark(child)) {
                case OWN -> own.add(child);
                case PENDING -> pending.add(child);
                case null, default -> throw new AssertionError(child + " is not marked");
            }
        }
    }

    private static Address child(Address maker, int nonce) {
        byte[] named = new RlpWriter(40)
                .beginList()
                .string(maker.bytes())
                .unsigned(nonce)
                .endList()
                .toBytes();
        return Address.of(Arrays.copyOfRange(Keccak256.hash(named), 12, 32));
    }

    private boolean mayRead(int user, Address contract) {
        Genesis genesis = Genesis.parse(network.node.genesisDocument());
        AccessViews views = new AccessViews(genesis, new CodeCache(CodeCache.DEFAULT_WEIGHT_BYTES), 7);
        return views.of(network.node.state(), AccessSettings.OPEN, CheckBudget.ofRead())
                .mayRead(AccessNetwork.user(user), contract);
    }

    @Test
    void shouldCloseToEverybodyWhatCouldNotBeAskedAndAskItWhenItIsTouched() {
        deployMany();
        System.out.printf("marks of %d contracts: %d own, %d pending%n", CHILDREN, own.size(), pending.size());
        assertThat(own).isNotEmpty();
        assertThat(pending).isNotEmpty();
        assertThat(mayRead(AccessNetwork.STRANGER, own.getFirst()))
                .as("its rule says yes")
                .isTrue();
        for (Address contract : pending) {
            assertThat(mayRead(AccessNetwork.OWNER, contract)).as("its maker").isFalse();
            assertThat(mayRead(AccessNetwork.STRANGER, contract)).isFalse();
        }

        Address touched = pending.getFirst();
        ExecutedTransaction refused = network.send(AccessNetwork.STRANGER, touched, new byte[4]);
        assertThat(refused.success()).isFalse();
        assertThat(refused.touched().denied()).containsExactly(touched);
        assertThat(refused.touched().senderOnly()).isTrue();
        assertThat(network.mark(touched)).isEqualTo(Mark.State.OWN);
        assertThat(mayRead(AccessNetwork.STRANGER, touched)).isTrue();
        assertThat(network.mark(pending.getLast())).as("another one").isEqualTo(Mark.State.PENDING);
        assertThat(network.send(AccessNetwork.STRANGER, touched, new byte[4]).success())
                .isTrue();
    }
}
