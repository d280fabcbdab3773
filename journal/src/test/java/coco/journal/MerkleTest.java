package coco.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MerkleTest {
    /** The definition in RFC 6962, section 2.1, word for word: the slow twin. */
    private static byte[] definition(List<byte[]> data) {
        if (data.isEmpty()) {
            return Digests.hash();
        }
        if (data.size() == 1) {
            return Digests.hash(new byte[] {0}, data.getFirst());
        }
        int k = Integer.highestOneBit(data.size() - 1);
        return Digests.hash(new byte[] {1}, definition(data.subList(0, k)), definition(data.subList(k, data.size())));
    }

    private static List<byte[]> data(int count) {
        Random random = new Random(count);
        List<byte[]> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] leaf = new byte[32];
            random.nextBytes(leaf);
            out.add(leaf);
        }
        return out;
    }

    /** From the certificate-transparency test vectors (the inputs of its reference tree). */
    @Test
    void shouldGiveTheRootsOfTheReferenceTree() {
        List<String> inputs = List.of(
                "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");
        List<String> roots = List.of(
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
        LogFrontier log = LogFrontier.EMPTY;
        for (int i = 0; i < inputs.size(); i++) {
            log = log.append(HexFormat.of().parseHex(inputs.get(i)));
            assertThat(HexFormat.of().formatHex(log.root())).isEqualTo(roots.get(i));
        }
    }

    @Test
    void shouldGiveTheRootOfTheDefinitionAtEverySize() {
        List<byte[]> data = data(130);
        LogFrontier log = LogFrontier.EMPTY;
        for (int i = 0; i <= data.size(); i++) {
            assertThat(log.root()).as("size %d", i).isEqualTo(definition(data.subList(0, i)));
            assertThat(log.size()).isEqualTo(i);
            if (i < data.size()) {
                log = log.append(data.get(i));
            }
        }
    }

    @Test
    void shouldProveInclusionAndConsistencyAtEverySize() {
        List<byte[]> data = data(70);
        // Runs of 8 leaves: both sides of the border between stored and recomputed nodes are met often.
        MerkleLog log = new MerkleLog(height -> data.get((int) height), 3);
        List<byte[]> roots = new ArrayList<>();
        roots.add(log.root());
        for (int size = 1; size <= data.size(); size++) {
            log.append(data.get(size - 1));
            roots.add(log.root());
            for (int index = 0; index < size; index++) {
                MerkleProof proof = log.inclusionProof(index, size);
                assertThat(Merkle.includes(log.root(), data.get(index), proof)).isTrue();
                assertThat(Merkle.includes(log.root(), data.get((index + 1) % size), proof))
                        .isEqualTo(size == 1);
            }
            for (int old = 0; old <= size; old++) {
                List<byte[]> path = log.consistencyProof(old, size);
                assertThat(Merkle.consistent(old, roots.get(old), size, roots.get(size), path))
                        .as("%d in %d", old, size)
                        .isTrue();
                byte[] wrong = roots.get(old).clone();
                wrong[0] ^= 1;
                assertThat(Merkle.consistent(old, wrong, size, roots.get(size), path))
                        .isFalse();
            }
        }
        assertThat(Merkle.includes(roots.get(40), data.get(7), log.inclusionProof(7, 40)))
                .isTrue();
    }

    @Test
    void shouldRefuseProofsOfTheWrongShape() {
        List<byte[]> data = data(9);
        MerkleLog log = new MerkleLog(height -> data.get((int) height));
        data.forEach(log::append);
        MerkleProof good = log.inclusionProof(3, 9);
        List<byte[]> longer = new ArrayList<>(good.path());
        longer.add(new byte[32]);
        List<byte[]> odd = new ArrayList<>(good.path());
        odd.set(0, new byte[31]);
        List<MerkleProof> bad = List.of(
                new MerkleProof(3, 9, longer),
                new MerkleProof(3, 9, good.path().subList(1, good.path().size())),
                new MerkleProof(3, 9, odd),
                new MerkleProof(4, 9, good.path()),
                new MerkleProof(3, 8, good.path()),
                new MerkleProof(-1, 9, good.path()),
                new MerkleProof(9, 9, good.path()),
                new MerkleProof(0, 0, List.of()));
        for (MerkleProof proof : bad) {
            assertThat(Merkle.includes(log.root(), data.get(3), proof)).isFalse();
        }
    }

    @Test
    void shouldProveEveryLeafOfABlock() {
        TestNetwork network = new TestNetwork(4);
        for (int entries : new int[] {0, 1, 2, 3, 4, 7, 8, 30}) {
            BlockContent content = network.content(5_000, entries, 20);
            LeafTree tree = LeafTree.of(network.epoch.sealRoot(), 12, content);
            assertThat(Integer.bitCount(tree.size())).isEqualTo(1);
            assertThat(tree.size()).isGreaterThanOrEqualTo(entries + 1).isLessThan(2 * (entries + 1) + 1);
            for (int i = 0; i <= entries; i++) {
                Leaf leaf = tree.leaf(i);
                assertThat(Merkle.rootOf(leaf.hash(), tree.proof(i))).isEqualTo(tree.root());
            }
        }
        BlockContent empty = new BlockContent(5_000, List.of());
        assertThat(LeafTree.of(network.epoch.sealRoot(), 12, empty).size()).isEqualTo(1);
    }

    @Test
    void shouldSaltLeavesByHeightAndPosition() {
        TestNetwork network = new TestNetwork(4);
        Entry entry = new Entry(TestNetwork.fill(1), TestNetwork.fill(2), new byte[3], new byte[4]);
        BlockContent content =
                new BlockContent(5_000, List.of(new Section("kv", List.of(entry, entry), new byte[0], new byte[0])));
        LeafTree tree = LeafTree.of(network.epoch.sealRoot(), 12, content);
        assertThat(tree.leaf(0).salt()).isNotEqualTo(tree.leaf(1).salt());
        assertThat(tree.root())
                .isNotEqualTo(LeafTree.of(network.epoch.sealRoot(), 13, content).root());
    }

    /** Somebody has a receipt, and knows all of the transaction beside his own but its salt. */
    @Test
    void shouldTellNothingOfASiblingByWhichAGuessCouldBeTried() {
        TestNetwork network = new TestNetwork(4);
        Entry entry = new Entry(TestNetwork.fill(1), TestNetwork.fill(2), new byte[3], new byte[4]);
        BlockContent content =
                new BlockContent(5_000, List.of(new Section("kv", List.of(entry, entry), new byte[0], new byte[0])));
        LeafTree tree = LeafTree.of(network.epoch.sealRoot(), 12, content);
        Leaf own = tree.leaf(0);
        Leaf other = tree.leaf(1);
        List<byte[]> salts = new ArrayList<>(List.of(own.salt(), own.id(), own.claims(), own.hash(), tree.root()));
        for (int number = 0; number < 100_000; number++) {
            salts.add(ByteBuffer.allocate(32).putInt(28, number).array());
        }
        for (byte[] salt : salts) {
            Leaf guessed = new Leaf(salt, other.id(), other.claims(), other.writesDigest());
            assertThat(guessed.hash()).isNotEqualTo(other.hash());
        }
        assertThat(new Leaf(other.salt(), other.id(), other.claims(), other.writesDigest()).hash())
                .as("with the salt, which is in the other receipt alone")
                .isEqualTo(other.hash());
        assertThat(Merkle.rootOf(own.hash(), tree.proof(0))).isEqualTo(tree.root());
    }
}
