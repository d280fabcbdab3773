package coco.evm.trie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Keccak256;
import coco.kv.Draft;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Visibility;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PartialTrieTest {
    private static final MapSpec MAP = new MapSpec("trie", Visibility.PRIVATE, new MerklePatricia());
    private static final PartialTrie.Nodes NOTHING = (_, _) -> null;

    @Test
    void shouldBeTheRootByDefinitionAfterAnyChanges() {
        Random random = new Random(0x9a27);
        PartialTrie trie = new PartialTrie(MerklePatricia.emptyRoot(), NOTHING);
        TreeMap<String, byte[]> model = new TreeMap<>();
        for (int round = 0; round < 2_000; round++) {
            byte[] key = {(byte) (random.nextInt(4) << 4 | random.nextInt(4)), (byte) random.nextInt(20)};
            String name = HexFormat.of().formatHex(key);
            if (random.nextInt(5) < 2) {
                trie.remove(key);
                model.remove(name);
            } else {
                byte[] value = new byte[1 + random.nextInt(40)];
                random.nextBytes(value);
                trie.put(key, value);
                model.put(name, value);
            }
            assertThat(trie.get(key)).isEqualTo(model.get(name));
            assertThat(trie.root()).as("round %d", round).isEqualTo(NaiveTrie.root(model));
        }
    }

    @Test
    void shouldChangeAWholeTrieByItsProofsOnly() {
        Random random = new Random(5);
        Store store = new Store(List.of(MAP), StoreLimits.DEFAULT);
        Draft draft = store.draft(store.head());
        List<byte[]> keys = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            byte[] key = Keccak256.hash(new byte[] {(byte) i, (byte) (i >>> 8)});
            keys.add(key);
            draft.put(MAP, key, new byte[] {1, (byte) i});
        }
        byte[] root = draft.digest(MAP);
        Map<String, byte[]> nodes = new HashMap<>();
        for (byte[] key : keys.subList(0, 60)) {
            for (byte[] node : MerkleProof.collect(draft, MAP, new byte[0], key)) {
                nodes.put(HexFormat.of().formatHex(Keccak256.hash(node)), node);
            }
        }
        PartialTrie partial =
                new PartialTrie(root, (hash, _) -> nodes.get(HexFormat.of().formatHex(hash)));
        for (byte[] key : keys.subList(0, 60)) {
            byte[] value = new byte[1 + random.nextInt(50)];
            assertThat(partial.get(key)).isEqualTo(draft.get(MAP, key));
            partial.put(key, value);
            draft.put(MAP, key, value);
        }
        assertThat(partial.root()).isEqualTo(draft.digest(MAP));
        draft.discard();
    }

    @Test
    void shouldSayWhatIsMissingOrDamagedInsteadOfGuessing() {
        byte[] root = Keccak256.hash(new byte[] {1});
        byte[] key = new byte[32];
        PartialTrie unknown = new PartialTrie(root, NOTHING);
        assertThat(unknown.root()).isEqualTo(root);
        assertThatThrownBy(() -> unknown.get(key)).isInstanceOf(PartialTrie.IncompleteException.class);
        assertThatThrownBy(() -> unknown.put(key, key)).isInstanceOf(PartialTrie.IncompleteException.class);
        assertThatThrownBy(() -> unknown.remove(key)).isInstanceOf(PartialTrie.IncompleteException.class);
        Random random = new Random(3);
        for (int round = 0; round < 5_000; round++) {
            byte[] node = new byte[random.nextInt(60)];
            random.nextBytes(node);
            if (node.length > 0) {
                node[0] = (byte) (0xc0 + node.length - 1);
            }
            PartialTrie damaged = new PartialTrie(root, (_, _) -> node);
            try {
                damaged.put(new byte[2], new byte[] {1});
                damaged.remove(new byte[2]);
                damaged.root();
            } catch (PartialTrie.IncompleteException refused) {
                assertThat(refused.getMessage()).isNotEmpty();
            }
        }
    }
}
