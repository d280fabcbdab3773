package coco.ledgers.ethereum.chain;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.code.CodeInfo;
import coco.evm.state.StateChanges;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.kv.Draft;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Version;
import coco.ledgers.ethereum.simulation.OverriddenState;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SimulatedRootTest {
    private static final int ACCOUNTS = 120;
    private static final int SLOTS = 40;

    private final Store store = new Store(EthereumMaps.ALL, StoreLimits.DEFAULT);
    private final BlockState chain = new BlockState();

    @Test
    void shouldBeTheRootThatTheChainWouldHaveAfterTheSameChanges() {
        long seed = 0x9007;
        Random random = new Random(seed);
        commit(changes(random, 400));
        for (int round = 0; round < 60; round++) {
            try (Version kept = store.leaseHead()) {
                OverriddenState simulated = OverriddenState.rooted(new StateReader(kept));
                byte[] before = kept.digest(EthereumMaps.ACCOUNTS);
                assertThat(simulated.root()).isEqualTo(before);
                for (int block = 0; block < 3; block++) {
                    List<Consumer<StateChanges>> changes = changes(random, 1 + random.nextInt(40));
                    changes.forEach(change -> change.accept(simulated));
                    byte[] root = commit(changes);
                    assertThat(simulated.root())
                            .as("seed %d, round %d, block %d", seed, round, block)
                            .isEqualTo(root);
                }
                assertThat(kept.digest(EthereumMaps.ACCOUNTS)).isEqualTo(before);
            }
        }
    }

    /** Changes in the order in which a transaction tells them; later ones may take back earlier ones. */
    private static List<Consumer<StateChanges>> changes(Random random, int count) {
        List<Consumer<StateChanges>> changes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Address address = Address.of(random.nextInt(ACCOUNTS));
            if (random.nextInt(4) == 0) {
                changes.add(state -> state.accountDestroyed(address));
                continue;
            }
            Word balance = Word.of(random.nextLong() >>> 1);
            changes.add(state -> state.accountChanged(address, 1, balance, CodeInfo.EMPTY_HASH, null));
            for (int slots = random.nextInt(6); slots > 0; slots--) {
                Word key = Word.of(random.nextInt(SLOTS));
                Word value = Word.of(random.nextInt(3) == 0 ? 0 : random.nextLong() >>> random.nextInt(64));
                changes.add(state -> state.slotChanged(address, key, value));
            }
        }
        return changes;
    }

    /** Makes the changes on the chain; each is a transaction of its own there. */
    private byte[] commit(List<Consumer<StateChanges>> changes) {
        Draft draft = store.draft(store.head());
        chain.open(draft);
        for (Consumer<StateChanges> change : changes) {
            chain.begin();
            change.accept(chain);
            draft.apply(chain.take());
        }
        chain.begin();
        chain.writeStorageRoots();
        draft.apply(chain.take());
        byte[] root = draft.digest(EthereumMaps.ACCOUNTS);
        draft.seal();
        return root;
    }
}
