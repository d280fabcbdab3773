package coco.evm.trie;

import static coco.evm.testing.Archives.hex;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.crypto.Keccak256;
import coco.evm.rlp.RlpException;
import coco.evm.testing.Archives;
import coco.kv.Cursor;
import coco.kv.Draft;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Version;
import coco.kv.Visibility;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class MerklePatriciaTest {
    private static final MapSpec MAP = new MapSpec("trie", Visibility.PRIVATE, new MerklePatricia());

    private record Change(byte[] key, byte @Nullable [] value) {}

    @Test
    void shouldGiveEveryOfficialRoot() {
        int checked = 0;
        for (var file : Archives.files("TrieTests/").entrySet()) {
            if (file.getKey().contains("nextprev")) {
                continue;
            }
            boolean secure = file.getKey().toLowerCase(Locale.ROOT).contains("secure");
            for (var test : file.getValue().properties()) {
                List<Change> changes = changes(test.getValue().get("in"), secure);
                byte[] root = hex(test.getValue().get("root").asString());
                assertThat(rootOf(changes)).as(test.getKey()).isEqualTo(root);
                checked++;
                if (file.getKey().contains("anyorder")) {
                    Collections.shuffle(changes, new Random(checked));
                    assertThat(rootOf(changes)).as(test.getKey()).isEqualTo(root);
                }
            }
        }
        assertThat(checked).isGreaterThan(15);
    }

    @Test
    void shouldFindNeighboursAsTheOfficialTestsSay() {
        for (var file : Archives.files("TrieTests/trietestnextprev").values()) {
            for (var test : file.properties()) {
                Store store = new Store(List.of(MAP), StoreLimits.DEFAULT);
                Draft draft = store.draft(store.head());
                test.getValue().get("in").forEach(key -> draft.put(MAP, utf8(key.asString()), new byte[] {1}));
                for (JsonNode expected : test.getValue().get("tests")) {
                    byte[] key = utf8(expected.get(0).asString());
                    assertThat(neighbour(draft, key, false))
                            .isEqualTo(expected.get(1).asString());
                    assertThat(neighbour(draft, key, true))
                            .isEqualTo(expected.get(2).asString());
                }
                draft.discard();
            }
        }
    }

    @Test
    void shouldBeTheRootByDefinitionAfterAnyChanges() {
        Random random = new Random(0x7219);
        Store store = new Store(List.of(MAP), StoreLimits.DEFAULT);
        TreeMap<String, byte[]> model = new TreeMap<>();
        for (int round = 0; round < 150; round++) {
            Draft draft = store.draft(store.head());
            for (int i = random.nextInt(12); i >= 0; i--) {
                byte[] key = randomKey(random);
                String name = HexFormat.of().formatHex(key);
                if (random.nextInt(3) == 0) {
                    draft.remove(MAP, key);
                    model.remove(name);
                } else {
                    byte[] value = new byte[1 + random.nextInt(40)];
                    random.nextBytes(value);
                    draft.put(MAP, key, value);
                    model.put(name, value);
                }
            }
            assertThat(draft.digest(MAP)).as("round %d", round).isEqualTo(NaiveTrie.root(model));
            draft.seal().close();
        }
    }

    @Test
    void shouldDigestASubtreeAsIfItWereAMapOfItsOwn() {
        Random random = new Random(3);
        Store store = new Store(List.of(MAP), StoreLimits.DEFAULT);
        Draft draft = store.draft(store.head());
        for (int owners = 0; owners < 20; owners++) {
            byte[] owner = Keccak256.hash(new byte[] {(byte) owners});
            TreeMap<String, byte[]> model = new TreeMap<>();
            for (int i = 0; i < owners; i++) {
                byte[] slot = Keccak256.hash(new byte[] {(byte) i, 1});
                byte[] value = new byte[1 + random.nextInt(32)];
                draft.put(MAP, concat(owner, slot), value);
                model.put(HexFormat.of().formatHex(slot), value);
            }
            assertThat(draft.digest(MAP, owner)).as("%d slots", owners).isEqualTo(NaiveTrie.root(model));
        }
        draft.discard();
    }

    @Test
    void shouldProveValuesAndAbsenceAndNothingElse() throws RlpException {
        Random random = new Random(11);
        for (int size : new int[] {0, 1, 2, 5, 40, 300}) {
            Store store = new Store(List.of(MAP), StoreLimits.DEFAULT);
            Draft draft = store.draft(store.head());
            List<byte[]> keys = new ArrayList<>();
            byte[] prefix = new byte[] {(byte) size};
            for (int i = 0; i < size; i++) {
                byte[] key = Keccak256.hash(new byte[] {(byte) i, (byte) (i >>> 8)});
                keys.add(key);
                draft.put(MAP, concat(prefix, key), new byte[] {1, (byte) i});
            }
            Version version = draft.seal();
            byte[] root = version.digest(MAP, prefix);
            for (int i = 0; i < 60; i++) {
                byte[] key = i < size ? keys.get(i) : Keccak256.hash(new byte[] {9, 9, (byte) i});
                List<byte[]> proof = MerkleProof.collect(version, MAP, prefix, key);
                assertThat(MerkleProof.verify(root, key, proof)).isEqualTo(version.get(MAP, concat(prefix, key)));
                if (!proof.isEmpty()) {
                    byte[] broken = proof.get(random.nextInt(proof.size()));
                    broken[random.nextInt(broken.length)] ^= 1;
                    assertThatThrownBy(() -> MerkleProof.verify(root, key, proof))
                            .isInstanceOf(RlpException.class);
                }
            }
            version.close();
        }
    }

    private static byte[] rootOf(List<Change> changes) {
        Store store = new Store(List.of(MAP), StoreLimits.DEFAULT);
        Draft draft = store.draft(store.head());
        for (Change change : changes) {
            if (change.value() == null) {
                draft.remove(MAP, change.key());
            } else {
                draft.put(MAP, change.key(), change.value());
            }
        }
        byte[] root = draft.digest(MAP);
        draft.discard();
        return root;
    }

    private static List<Change> changes(JsonNode in, boolean secure) {
        List<Change> changes = new ArrayList<>();
        if (in.isArray()) {
            in.forEach(pair -> changes.add(change(pair.get(0).asString(), pair.get(1), secure)));
        } else {
            in.properties().forEach(entry -> changes.add(change(entry.getKey(), entry.getValue(), secure)));
        }
        return changes;
    }

    private static Change change(String key, JsonNode value, boolean secure) {
        byte[] bytes = bytes(key);
        return new Change(secure ? Keccak256.hash(bytes) : bytes, value.isNull() ? null : bytes(value.asString()));
    }

    private static String neighbour(Draft draft, byte[] key, boolean after) {
        Cursor cursor = draft.scan(MAP, new byte[0], null);
        String before = "";
        while (cursor.next()) {
            int order = Arrays.compareUnsigned(cursor.key(), key);
            if (order > 0 && after) {
                return new String(cursor.key(), StandardCharsets.UTF_8);
            }
            if (order < 0) {
                before = new String(cursor.key(), StandardCharsets.UTF_8);
            }
        }
        return after ? "" : before;
    }

    /** Short keys of few different nibbles, so that keys end inside other keys and branches carry values. */
    private static byte[] randomKey(Random random) {
        byte[] key = new byte[1 + random.nextInt(3)];
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (random.nextInt(3) << 4 | random.nextInt(3));
        }
        return key;
    }

    private static byte[] bytes(String text) {
        return text.startsWith("0x") ? hex(text) : utf8(text);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] concat(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }
}
