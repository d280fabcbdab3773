package coco.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableMap;
import java.util.Properties;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;

class MapExportTest {
    private static final int CHUNK = 700;
    private static final PlainTree PLAIN_TREE = new PlainTree(new ShaDigest());

    private static List<byte[]> export(Version version, MapSpec map, int chunkBytes) {
        MapExport export = new MapExport(version, map);
        List<byte[]> chunks = new ArrayList<>();
        for (byte[] chunk = export.nextChunk(chunkBytes); chunk != null; chunk = export.nextChunk(chunkBytes)) {
            chunks.add(chunk);
        }
        return chunks;
    }

    private static Version imported(Store store, MapSpec map, List<byte[]> chunks) throws MalformedNodesException {
        Draft draft = store.draft(store.head());
        try {
            MapImport load = draft.importing(map);
            for (byte[] chunk : chunks) {
                load.add(chunk);
            }
            load.end();
        } catch (MalformedNodesException malformed) {
            draft.discard();
            throw malformed;
        }
        return draft.seal();
    }

    private static void fill(Draft draft, MapSpec map, NavigableMap<byte[], byte[]> model, Random random, int changes) {
        for (int i = 0; i < changes; i++) {
            if (random.nextInt(4) == 0) {
                byte[] key = TestData.keyNear(random, model);
                draft.remove(map, key);
                model.remove(key);
            } else {
                byte[] key = TestData.key(random);
                byte[] value = TestData.value(random);
                draft.put(map, key, value);
                model.put(key, value);
            }
        }
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void shouldBeTheSameMapWhenImported(@ForAll long seed) throws MalformedNodesException {
        Random random = new Random(seed);
        for (MapSpec map : TestData.MAPS) {
            Store store = TestData.store();
            Model model = new Model();
            Version version = store.leaseHead();
            for (int round = 0; round < 3; round++) {
                Draft draft = store.draft(store.head());
                fill(draft, map, model.of(map), random, random.nextInt(400));
                version = draft.seal();
            }
            List<byte[]> chunks = export(version, map, 1 + random.nextInt(5_000));
            Store other = TestData.store();
            Version copy = imported(other, map, chunks);
            assertThat(TestData.entries(copy.scanPrefix(map, new byte[0]))).isEqualTo(TestData.entries(model.of(map)));
            assertThat(copy.size(map)).isEqualTo(model.of(map).size());
            if (map.digest() != null) {
                assertThat(copy.digest(map)).isEqualTo(version.digest(map));
            }
            assertThat(export(copy, map, CHUNK)).containsExactlyElementsOf(export(version, map, CHUNK));
            goOn(other, map, model, random);
        }
    }

    /** The copy is as good a beginning as any for what comes after, and gives all its memory back. */
    private static void goOn(Store store, MapSpec map, Model model, Random random) {
        Draft draft = store.draft(store.head());
        NavigableMap<byte[], byte[]> changed = model.copy().of(map);
        fill(draft, map, changed, random, 200);
        Version next = draft.seal();
        assertThat(TestData.entries(next.scanPrefix(map, new byte[0]))).isEqualTo(TestData.entries(changed));
        if (map.digest() != null) {
            assertThat(next.digest(map)).isEqualTo(PLAIN_TREE.digest(changed, new byte[0]));
        }
        Draft last = store.draft(store.head());
        changed.keySet().forEach(key -> last.remove(map, key));
        last.seal().close();
        next.close();
    }

    @Test
    void shouldCutChunksByContentAloneWhenHistoriesDiffer() {
        Random random = new Random(5);
        Model model = new Model();
        Store one = TestData.store();
        Draft draft = one.draft(one.head());
        fill(draft, TestData.HASHED, model.of(TestData.HASHED), random, 3_000);
        List<byte[]> chunks = export(draft.seal(), TestData.HASHED, CHUNK);
        Store two = TestData.store();
        Draft reversed = two.draft(two.head());
        model.of(TestData.HASHED).descendingMap().forEach((key, value) -> reversed.put(TestData.HASHED, key, value));
        assertThat(export(reversed.seal(), TestData.HASHED, CHUNK)).containsExactlyElementsOf(chunks);
        assertThat(chunks)
                .hasSizeGreaterThan(50)
                .filteredOn(chunk -> chunk.length > CHUNK)
                .allSatisfy(large ->
                        assertThat(large.length).as("a chunk of one node").isLessThan(180_000));
    }

    /** A vector that was made by hand: docs/specs/vectors/snapshot. */
    @Test
    void shouldAgreeWithTheVector() throws IOException {
        Properties vectors = new Properties();
        Path file = Path.of(System.getProperty("coco.root", ".."), "docs/specs/vectors/snapshot/values.properties");
        try (java.io.Reader in = Files.newBufferedReader(file)) {
            vectors.load(in);
        }
        Store store = TestData.store();
        Draft draft = store.draft(store.head());
        draft.put(TestData.PLAIN, new byte[] {(byte) 0xab, 1}, new byte[] {2});
        draft.put(TestData.PLAIN, new byte[] {(byte) 0xac}, new byte[0]);
        draft.put(TestData.PLAIN, new byte[] {(byte) 0xab}, new byte[] {1});
        List<byte[]> chunks = export(draft.seal(), TestData.PLAIN, CHUNK);
        assertThat(chunks).hasSize(1);
        assertThat(HexFormat.of().formatHex(chunks.getFirst())).isEqualTo(vectors.getProperty("nodes"));
    }

    @Test
    void shouldExportWhatWasLeasedWhenTheHeadMovesOn() {
        Random random = new Random(6);
        Store store = TestData.store();
        Model model = new Model();
        Draft draft = store.draft(store.head());
        fill(draft, TestData.OTHER, model.of(TestData.OTHER), random, 2_000);
        Version version = draft.seal();
        List<byte[]> before = export(version, TestData.OTHER, CHUNK);
        MapExport export = new MapExport(version, TestData.OTHER);
        List<byte[]> meanwhile = new ArrayList<>();
        for (byte[] chunk = export.nextChunk(CHUNK); chunk != null; chunk = export.nextChunk(CHUNK)) {
            meanwhile.add(chunk);
            Draft next = store.draft(store.head());
            fill(next, TestData.OTHER, model.of(TestData.OTHER), random, 20);
            next.seal().close();
        }
        assertThat(meanwhile).containsExactlyElementsOf(before);
        version.close();
        assertThatThrownBy(() -> export.nextChunk(CHUNK)).isInstanceOf(IllegalStateException.class);
    }

    @Property(tries = 400, shrinking = ShrinkingMode.OFF)
    void shouldRefuseOrBeAValidMapWhenBytesAreChanged(@ForAll long seed) {
        Random random = new Random(seed);
        MapSpec map = TestData.map(random);
        Store store = TestData.store();
        Draft draft = store.draft(store.head());
        fill(draft, map, new Model().of(map), random, 1 + random.nextInt(40));
        List<byte[]> chunks = export(draft.seal(), map, 1 + random.nextInt(2_000));
        if (chunks.isEmpty()) {
            return;
        }
        byte[] hit = chunks.get(random.nextInt(chunks.size()));
        switch (random.nextInt(4)) {
            case 0 -> chunks.remove(hit);
            case 1 -> chunks.add(hit);
            case 2 -> chunks.set(chunks.indexOf(hit), Arrays.copyOf(hit, random.nextInt(hit.length + 1)));
            default -> hit[random.nextInt(hit.length)] ^= (byte) (1 << random.nextInt(8));
        }
        Store other = TestData.store();
        try {
            Version copy = imported(other, map, chunks);
            // What was taken is a map like any other.
            assertThat(TestData.entries(copy.scanPrefix(map, new byte[0]))).hasSize((int) copy.size(map));
            Draft empty = other.draft(copy);
            Cursor cursor = copy.scanPrefix(map, new byte[0]);
            while (cursor.next()) {
                empty.remove(map, cursor.key());
            }
            assertThat(empty.size(map)).isZero();
            empty.seal().close();
            copy.close();
        } catch (MalformedNodesException refused) {
            assertThat(refused).hasMessageMatching("[a-z0-9 ,]+");
        }
        other.reclaim(Integer.MAX_VALUE);
        assertThat(other.statistics().liveBlocks()).as("blocks left").isZero();
    }

    @Property(tries = 500, shrinking = ShrinkingMode.OFF)
    void shouldRefuseOrTakeWhenBytesAreRandom(@ForAll byte[] bytes) {
        Store store = TestData.store();
        for (MapSpec map : TestData.MAPS) {
            try {
                imported(store, map, List.of(bytes)).close();
                store = TestData.store();
            } catch (MalformedNodesException refused) {
                assertThat(store.head().size(map)).isZero();
            }
        }
    }
}
