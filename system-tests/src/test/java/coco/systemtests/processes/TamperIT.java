package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files of one node changed by its host, while it runs and while it does not. The many ways to change a byte are the
 * tamper matrix of the journal's own tests; these are the few that show the way through a whole node.
 */
@Tag("processes")
class TamperIT {
    private static final Map<String, String> SETTINGS = Map.of(
            "journal.chunkBytes",
            "1MiB",
            "journal.scrubBytesPerSecond",
            "64MiB",
            "snapshot.intervalBlocks",
            "300",
            "snapshot.keep",
            "5");

    private static final int ASKED = 60;
    private static final int INDEX_HEADER_BYTES = 64;
    private static final int INDEX_PAGE_BYTES = 4_096;

    @TempDir
    private Path folder = Path.of("");

    private final Map<String, String> verdicts = new LinkedHashMap<>();

    private interface Change {
        void to(Path nodeFolder) throws IOException;
    }

    @Test
    void shouldRepairOrRefuseWhateverItsHostDoesToItsFiles() throws Exception {
        try (ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), SETTINGS)) {
            int node = 1 + network.awaitLeader() % ProcessNetwork.NODES;
            Set<Acknowledged> acknowledged;
            try (Load load = Load.start(network, Load.bothLedgers())) {
                ProcessNetwork.await(() -> chunks(network.folder(node)).size() >= 4, "closed chunks");
                repairedWhileRunning(network, node, "closed chunk, a byte flipped", TamperIT::flipInClosed);
                repairedWhileRunning(
                        network,
                        node,
                        "closed chunk, deleted",
                        path -> Files.delete(chunks(path).get(1)));
                repairedWhileRunning(network, node, "two closed chunks, names swapped", TamperIT::swap);
                indexRepairedWhileRunning(network, node, load);
                load.stop();
                acknowledged = load.acknowledged();
            }
            repairedAtStart(network, node, "closed chunk, a byte flipped", TamperIT::flipInClosed);
            repairedAtStart(
                    network,
                    node,
                    "first chunk, deleted",
                    path -> Files.delete(chunks(path).getFirst()));
            repairedAtStart(network, node, "open chunk, a byte flipped in the middle", TamperIT::flipInOpen);
            repairedAtStart(network, node, "journal, rolled back by whole chunks", TamperIT::rollBack);
            repairedAtStart(network, node, "journal, all files put aside", TamperIT::putAllAside);
            repairedAtStart(network, node, "Raft log, an older copy (not to be noticed)", TamperIT::rollBackRaft);
            snapshotsAndIndex(network, node, acknowledged);
            refused(network, node, "Raft metadata, made unreadable", TamperIT::spoilMetadata);
            JournalContents.assertSound(network, acknowledged, folder);
        } finally {
            verdicts.forEach((change, verdict) -> System.out.printf("tamper: %s -> %s%n", change, verdict));
        }
    }

    private void repairedWhileRunning(ProcessNetwork network, int node, String what, Change change) throws IOException {
        List<Path> closed = closed(network.folder(node));
        List<byte[]> good = contents(closed);
        int before = network.log(node).length();
        change.to(network.folder(node));
        ProcessNetwork.await(
                () -> network.log(node).substring(before).contains("and verified") && isAsBefore(closed, good),
                what + " to be mended");
        verdicts.put("running | " + what, "repaired");
    }

    /** Nothing wrong is answered meanwhile: what cannot be found is said to be unavailable. */
    private void indexRepairedWhileRunning(ProcessNetwork network, int node, Load load) throws Exception {
        ProcessNetwork.await(() -> !files(network.folder(node), "index", ".run").isEmpty(), "a run of the index");
        int before = network.log(node).length();
        flipPages(network.folder(node));
        List<Acknowledged> all = List.copyOf(load.acknowledged());
        int unavailable = 0;
        for (int i = 0; !network.log(node).substring(before).contains("the history index is whole again"); i++) {
            assertThat(i).as("look-ups without a repair").isLessThan(100_000);
            unavailable += isFound(network, node, all.get(i % all.size())) ? 0 : 1;
        }
        assertThat(network.log(node).substring(before)).contains("the history index is damaged");
        assertFound(network, node, load.acknowledged());
        verdicts.put("running | history index, a byte of each page flipped", "repaired, " + unavailable + " times 503");
    }

    /** Two things at each start, which have nothing to do with one another. */
    private void snapshotsAndIndex(ProcessNetwork network, int node, Set<Acknowledged> acknowledged) throws Exception {
        network.awaitDurable();
        for (int each = 1; each <= ProcessNetwork.NODES; each++) {
            Path folderOfNode = network.folder(each);
            ProcessNetwork.await(
                    () -> files(folderOfNode, "snapshots", ".manifest").size() >= 4, "four snapshots of a node");
        }
        startedWithout(network, node, "newest snapshot, a byte flipped; history index, a byte of each page", path -> {
            DiskImage.flip(newest(path, ".snapshot"), Files.size(newest(path, ".snapshot")) / 2);
            flipPages(path);
        });
        assertFound(network, node, acknowledged);
        startedWithout(network, node, "newest manifest, a byte flipped; history index, headers", path -> {
            DiskImage.flip(newest(path, ".manifest"), Files.size(newest(path, ".manifest")) / 2);
            for (Path run : files(path, "index", ".run")) {
                DiskImage.flip(run, 40);
            }
        });
        assertFound(network, node, acknowledged);
        int other = 1 + node % ProcessNetwork.NODES;
        startedWithout(network, node, "newest snapshot, another node's; history index, deleted", path -> {
            String name = newest(path, ".snapshot").getFileName().toString();
            for (String file : List.of(name, name + ".manifest")) {
                Files.copy(
                        network.folder(other).resolve("snapshots").resolve(file),
                        path.resolve("snapshots").resolve(file),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            DiskImage.delete(path.resolve("index"));
        });
        assertFound(network, node, acknowledged);
        startedWithout(network, node, "all snapshots, names swapped", path -> {
            List<Path> snapshots = files(path, "snapshots", ".snapshot");
            Path aside = path.resolve("swapped");
            Files.move(snapshots.getFirst(), aside);
            for (int i = 1; i < snapshots.size(); i++) {
                Files.move(snapshots.get(i), snapshots.get(i - 1));
            }
            Files.move(aside, snapshots.getLast());
        });
    }

    /** The node says which snapshot it does not begin with, begins with an older one or none, and agrees. */
    private void startedWithout(ProcessNetwork network, int node, String what, Change change) throws IOException {
        network.kill(node);
        int before = network.log(node).length();
        change.to(network.folder(node));
        network.start(node);
        network.awaitLevel();
        String said = network.log(node).substring(before);
        assertThat(said).contains("is not begun with: ");
        long height = network.height(node);
        int other = 1 + node % ProcessNetwork.NODES;
        assertThat(network.hash(node, height)).isEqualTo(network.hash(other, height));
        String begun = said.lines()
                .filter(line -> line.contains("begins with the snapshot of height"))
                .findFirst()
                .map(line -> "begins with an older one")
                .orElse("replays the journal");
        verdicts.put("stopped | " + what, begun);
    }

    /** Whether the node answers with a receipt; if not, it must say that it cannot. */
    private static boolean isFound(ProcessNetwork network, int node, Acknowledged transaction) throws Exception {
        HttpResponse<byte[]> reply =
                network.send(HttpRequest.newBuilder(network.url(node, "/journal/receipt/" + transaction.id()))
                        .timeout(Duration.ofSeconds(30))
                        .build());
        assertThat(reply.statusCode())
                .as("receipt of %s: %s", transaction, new String(reply.body(), StandardCharsets.UTF_8))
                .isIn(200, 503);
        return reply.statusCode() == 200;
    }

    /** A sample of all that was acknowledged is found by the index, and its receipt verified. */
    private static void assertFound(ProcessNetwork network, int node, Set<Acknowledged> acknowledged) throws Exception {
        List<Acknowledged> all = List.copyOf(acknowledged);
        for (int i = 0; i < all.size(); i += Math.max(1, all.size() / ASKED)) {
            Acknowledged transaction = all.get(i);
            while (!isFound(network, node, transaction)) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private static List<Path> files(Path nodeFolder, String inner, String suffix) {
        try (Stream<Path> files = Files.list(nodeFolder.resolve(inner))) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        } catch (IOException none) {
            return List.of();
        }
    }

    private static Path newest(Path nodeFolder, String suffix) {
        List<Path> manifests = files(nodeFolder, "snapshots", ".manifest");
        String manifest = manifests.getLast().getFileName().toString();
        return manifests
                .getLast()
                .resolveSibling(
                        suffix.equals(".manifest")
                                ? manifest
                                : manifest.substring(0, manifest.length() - ".manifest".length()));
    }

    private static void flipPages(Path nodeFolder) throws IOException {
        for (Path run : files(nodeFolder, "index", ".run")) {
            for (long at = INDEX_HEADER_BYTES + INDEX_PAGE_BYTES / 2; at < Files.size(run); at += INDEX_PAGE_BYTES) {
                DiskImage.flip(run, at);
            }
        }
    }

    private void repairedAtStart(ProcessNetwork network, int node, String what, Change change) throws IOException {
        network.awaitDurable();
        network.kill(node);
        List<Path> closed = closed(network.folder(node));
        List<byte[]> good = contents(closed);
        int before = network.log(node).length();
        change.to(network.folder(node));
        network.start(node);
        network.awaitHeight(node, network.height(network.awaitLeader()));
        network.awaitLevel();
        ProcessNetwork.await(() -> isAsBefore(closed, good), what + " to be mended");
        boolean fetched = network.log(node).substring(before).contains("fetched from");
        verdicts.put("stopped | " + what, fetched ? "fetched from others" : "caught up by Raft's log");
    }

    /** The node ends and says why; its files are put back, and it goes on. */
    private void refused(ProcessNetwork network, int node, String what, Change change) throws IOException {
        network.awaitDurable();
        network.kill(node);
        Path intact = folder.resolve("intact");
        DiskImage.copy(network.folder(node), intact);
        change.to(network.folder(node));
        int before = network.log(node).length();
        network.start(node);
        ProcessNetwork.await(() -> network.local().process(node).isEmpty(), "the node to refuse");
        assertThat(network.log(node).substring(before)).contains("this node cannot start");
        DiskImage.delete(network.folder(node));
        DiskImage.copy(intact, network.folder(node));
        network.start(node);
        network.awaitHeight(node, network.height(network.awaitLeader()));
        verdicts.put("stopped | " + what, "refused");
    }

    private static List<Path> chunks(Path nodeFolder) {
        try {
            return ChunkFile.of(nodeFolder);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Path> closed(Path nodeFolder) {
        List<Path> chunks = chunks(nodeFolder);
        return chunks.subList(0, Math.min(3, chunks.size() - 1));
    }

    private static List<byte[]> contents(List<Path> files) throws IOException {
        List<byte[]> contents = new ArrayList<>();
        for (Path file : files) {
            contents.add(Files.readAllBytes(file));
        }
        return contents;
    }

    private static boolean isAsBefore(List<Path> files, List<byte[]> good) {
        for (int i = 0; i < files.size(); i++) {
            try {
                if (!Arrays.equals(Files.readAllBytes(files.get(i)), good.get(i))) {
                    return false;
                }
            } catch (IOException gone) {
                return false;
            }
        }
        return true;
    }

    // ---- what is done

    private static void flipInClosed(Path node) throws IOException {
        Path chunk = chunks(node).getFirst();
        DiskImage.flip(chunk, (int) Files.size(chunk) / 2);
    }

    private static void swap(Path node) throws IOException {
        Path first = chunks(node).get(0);
        Path second = chunks(node).get(1);
        Path aside = node.resolve("swapped");
        Files.move(first, aside);
        Files.move(second, first);
        Files.move(aside, second);
    }

    private static void flipInOpen(Path node) throws IOException {
        Path chunk = chunks(node).getLast();
        ChunkFile content = ChunkFile.read(chunk);
        DiskImage.flip(chunk, (content.frames().getFirst() + content.end()) / 2);
    }

    private static void rollBack(Path node) throws IOException {
        List<Path> chunks = chunks(node);
        for (Path chunk : chunks.subList(chunks.size() - 2, chunks.size())) {
            Files.delete(chunk);
        }
    }

    private static void putAllAside(Path node) throws IOException {
        for (Path chunk : chunks(node)) {
            Files.move(
                    chunk,
                    chunk.resolveSibling(chunk.getFileName() + ".quarantined"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * The last entries of the open file are zeros, as if they had never been written: a shorter log is a slow
     * node's.
     */
    private static void rollBackRaft(Path node) throws IOException {
        Path file = RaftLogFile.open(node);
        List<RaftLogFile.Entry> entries =
                RaftLogFile.parse(Files.readAllBytes(file)).entries();
        if (entries.size() > 2) {
            int from = entries.get(entries.size() - 2).offset();
            DiskImage.overwrite(file, from, new byte[entries.getLast().end() - from]);
        }
    }

    private static void spoilMetadata(Path node) throws IOException {
        List<Path> metadata;
        try (Stream<Path> files = Files.walk(node.resolve("raft"))) {
            metadata = files.filter(file -> file.getFileName().toString().equals("raft-meta"))
                    .toList();
        }
        assertThat(metadata).hasSize(1);
        Files.writeString(metadata.getFirst(), "term=x\nvotedFor=\n");
    }
}
