package coco.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Damaged journals of nodes in one process: found, put aside, fetched from the others, and as they were in the end. */
@Timeout(300)
final class NodeRepairTest extends InProcessNetwork {
    private static final String SMALL_CHUNKS = "journal: {chunkBytes: 1MiB, scrubBytesPerSecond: 1GiB}\n";
    private static final int VALUES = 60;

    private void startWithSmallChunks(int node) {
        nodes.add(Node.start(configuration(node, SMALL_CHUNKS), InstantSource.system(), RANDOM));
    }

    private void startAllWithSmallChunks() throws Exception {
        List<CompletableFuture<Node>> starting = Stream.of(0, 1, 2)
                .map(node -> CompletableFuture.supplyAsync(
                        () -> Node.start(configuration(node, SMALL_CHUNKS), InstantSource.system(), RANDOM)))
                .toList();
        for (CompletableFuture<Node> node : starting) {
            nodes.add(node.get());
        }
        for (Node node : nodes) {
            assertThat(node.awaitReady(READY_MILLIS)).isTrue();
        }
    }

    private List<Path> chunks(int node) {
        try (Stream<Path> files =
                Files.list(folder.resolve("node-" + (node + 1)).resolve("journal"))) {
            return files.filter(file -> file.toString().endsWith(".chunk"))
                    .sorted()
                    .toList();
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 0x10;
        Files.write(file, bytes);
    }

    private static Path aside(Path file) {
        return file.resolveSibling(file.getFileName() + ".quarantined");
    }

    private static boolean holds(Path file, byte[] good) {
        try {
            return Files.exists(file) && Arrays.equals(Files.readAllBytes(file), good);
        } catch (IOException changing) {
            return false;
        }
    }

    private void fill() {
        String value = "v".repeat(60_000);
        for (int i = 0; i < VALUES; i++) {
            assertThat(put(i % 3, "/kv/key-" + i, value + i)).isEqualTo(200);
        }
        await(() -> chunks(0).size() > 2 && chunks(1).size() > 2 && chunks(2).size() > 2);
    }

    @Test
    void shouldFetchDamagedChunksFromTheOthersWhileRunningAndAtTheStart() throws Exception {
        found(3);
        startAllWithSmallChunks();
        fill();
        List<Path> files = chunks(0);
        byte[] first = Files.readAllBytes(files.getFirst());
        byte[] second = Files.readAllBytes(files.get(1));
        String hash = hashAt(1, 5);

        // While it runs: a flipped byte, a file that is gone, and one that is the second's copy under the first's name.
        flip(files.getFirst(), first.length / 2);
        await(() -> get(0, "/metrics").body().contains("coco_journal_restored 1.0"));
        await(() -> holds(files.getFirst(), first));
        assertThat(Files.exists(aside(files.getFirst()))).isTrue();
        Files.delete(files.get(1));
        await(() -> holds(files.get(1), second));
        Files.write(files.getFirst(), second);
        await(() -> holds(files.getFirst(), first));
        assertThat(hashAt(0, 5)).isEqualTo(hash);
        assertThat(put(0, "/kv/after", "x")).isEqualTo(200);

        // At the start, when there is no state without them.
        Node stopped = nodes.removeFirst();
        stopped.stop();
        flip(files.getFirst(), 200);
        flip(files.get(1), second.length - 3);
        startWithSmallChunks(0);
        assertThat(nodes.getLast().awaitReady(READY_MILLIS)).isTrue();
        assertThat(holds(files.getFirst(), first)).isTrue();
        assertThat(holds(files.get(1), second)).isTrue();
        assertThat(hashAt(0, 5)).isEqualTo(hash);

        // Everything is gone: again from genesis.
        nodes.removeLast().stop();
        for (Path file : chunks(0)) {
            Files.move(file, aside(file), StandardCopyOption.REPLACE_EXISTING);
        }
        startWithSmallChunks(0);
        assertThat(nodes.getLast().awaitReady(READY_MILLIS)).isTrue();
        assertThat(holds(files.getFirst(), first)).isTrue();
        assertThat(hashAt(0, 5)).isEqualTo(hash);
        assertThat(put(0, "/kv/again", "x")).isEqualTo(200);
    }

    @Test
    void shouldRefuseToStartWhenNobodyElseCouldHaveWhatIsMissing() throws Exception {
        found(1);
        nodes.add(Node.start(configuration(0, SMALL_CHUNKS), InstantSource.system(), RANDOM));
        assertThat(nodes.getFirst().awaitReady(READY_MILLIS)).isTrue();
        String value = "v".repeat(60_000);
        for (int i = 0; i < 40; i++) {
            assertThat(put(0, "/kv/key-" + i, value + i)).isEqualTo(200);
        }
        await(() -> chunks(0).size() > 1);
        stopAll();
        Files.delete(chunks(0).getFirst());
        assertThatThrownBy(() -> Node.start(configuration(0, SMALL_CHUNKS), InstantSource.system(), RANDOM))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("the journal lacks blocks 0 to")
                .hasMessageContaining("no other node is known");
    }
}
