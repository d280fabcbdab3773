package coco.systemtests.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files as a power cut leaves them, and files as nothing but damage does. The first kind is mended and the node catches
 * up; the second is the control: the node says so and serves nothing from it, and no byte is thrown away.
 */
@Tag("processes")
class TornTailIT {
    /** Chunks small enough that some are closed. */
    private static final Map<String, String> SMALL_CHUNKS = Map.of("journal.chunkBytes", "1MiB");

    private static final String JOURNAL_MENDED = "torn write .* was cut off";
    private static final String LOG_MENDED = "log check: (Cut|Overtaken)";

    @TempDir
    private Path folder = Path.of("");

    private final List<LoadClient> clients = Load.bothLedgers();
    private final Set<Acknowledged> acknowledged = new HashSet<>();

    /** What is done to the files of a node that was killed. */
    private interface Damage {
        void to(Path nodeFolder) throws IOException;
    }

    @Test
    void shouldRecoverWhenATailIsTorn() throws Exception {
        try (ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), Map.of())) {
            assertRecovers(network, TornTailIT::cutJournal, JOURNAL_MENDED);
            assertRecovers(network, TornTailIT::appendHalfAnEntry, JOURNAL_MENDED);
            assertRecovers(network, TornTailIT::tearRaftLog, LOG_MENDED);
            assertRecovers(network, TornTailIT::appendHalfARaftEntry, LOG_MENDED);
            Damage both = node -> {
                cutJournal(node);
                tearRaftLog(node);
            };
            assertRecovers(network, both, LOG_MENDED);
            JournalContents.assertSound(network, acknowledged, folder);
        }
    }

    @Test
    void shouldRefuseLoudlyWhenAByteInTheMiddleIsFlipped() throws Exception {
        try (ProcessNetwork network = new ProcessNetwork(folder.resolve("network"), SMALL_CHUNKS)) {
            int follower = follower(network);
            try (Load load = Load.start(network, clients)) {
                ProcessNetwork.await(() -> closedChunks(network.folder(follower)) >= 2, "closed chunks");
                load.stop();
                acknowledged.addAll(load.acknowledged());
            }
            assertRefuses(network, follower, TornTailIT::flipInRaftLog, "is damaged at byte");
            JournalContents.assertSound(network, acknowledged, folder);
        }
    }

    /**
     * Kills a follower under load, damages its files, and fails unless it comes back, says what it mended, and catches
     * up.
     */
    private void assertRecovers(ProcessNetwork network, Damage damage, String words) throws IOException {
        int follower = follower(network);
        try (Load load = Load.start(network, clients)) {
            load.awaitMore(50);
            network.kill(follower);
            load.awaitMore(50);
            load.stop();
            acknowledged.addAll(load.acknowledged());
        }
        damage.to(network.folder(follower));
        int before = network.log(follower).length();
        network.start(follower);
        network.awaitHeight(follower, network.height(network.awaitLeader()));
        assertThat(network.log(follower).substring(before)).containsPattern(words);
        System.out.printf("torn: node %d recovered (%s), %d acknowledged%n", follower, words, acknowledged.size());
    }

    /**
     * Kills a node, damages its files, and fails unless it ends by itself and says why, without having taken a byte
     * away; then puts the files back and has it catch up.
     */
    private void assertRefuses(ProcessNetwork network, int node, Damage damage, String words) throws IOException {
        network.kill(node);
        Path intact = folder.resolve("intact");
        DiskImage.copy(network.folder(node), intact);
        damage.to(network.folder(node));
        Map<Path, byte[]> files = history(network.folder(node));
        int before = network.log(node).length();
        network.start(node);
        ProcessNetwork.await(() -> network.local().process(node).isEmpty(), "the node to refuse");
        assertThat(network.log(node).substring(before))
                .contains("this node cannot start")
                .contains(words);
        assertKept(files);
        System.out.printf("damaged: node %d refused (%s)%n", node, words);
        DiskImage.delete(network.folder(node));
        DiskImage.copy(intact, network.folder(node));
        DiskImage.delete(intact);
        network.start(node);
        network.awaitHeight(node, network.height(network.awaitLeader()));
    }

    private static int follower(ProcessNetwork network) {
        return 1 + network.awaitLeader() % ProcessNetwork.NODES;
    }

    private static int closedChunks(Path nodeFolder) {
        try {
            return ChunkFile.of(nodeFolder).size() - 1;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The files of a node's history, without the zeros at their ends, which are room for more. */
    private static Map<Path, byte[]> history(Path nodeFolder) throws IOException {
        Map<Path, byte[]> files = new HashMap<>();
        for (String part : List.of("journal", "raft")) {
            List<Path> paths;
            try (Stream<Path> walk = Files.walk(nodeFolder.resolve(part))) {
                paths = walk.filter(Files::isRegularFile).toList();
            }
            for (Path file : paths) {
                files.put(file, withoutZeros(Files.readAllBytes(file)));
            }
        }
        return files;
    }

    private static byte[] withoutZeros(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    /** Each of these files must still be there as it was, though it may have been put aside. */
    private static void assertKept(Map<Path, byte[]> files) throws IOException {
        for (Map.Entry<Path, byte[]> file : files.entrySet()) {
            Path path = file.getKey();
            Path aside = path.resolveSibling(path.getFileName() + ".quarantined");
            byte[] now = withoutZeros(Files.readAllBytes(Files.exists(path) ? path : aside));
            assertThat(Arrays.equals(now, file.getValue()))
                    .as("%s is unchanged", path)
                    .isTrue();
        }
    }

    // ---- what a power cut does

    private static void cutJournal(Path node) throws IOException {
        Path chunk = ChunkFile.of(node).getLast();
        ChunkFile content = ChunkFile.read(chunk);
        int last = content.frames().getLast();
        DiskImage.truncate(chunk, last + (content.end() - last) / 2);
    }

    private static void appendHalfAnEntry(Path node) throws IOException {
        Path chunk = ChunkFile.of(node).getLast();
        ChunkFile content = ChunkFile.read(chunk);
        int last = content.frames().getLast();
        byte[] half = DiskImage.range(chunk, last, last + (content.end() - last) / 2);
        DiskImage.overwrite(chunk, content.end(), half);
    }

    private static void tearRaftLog(Path node) throws IOException {
        Path file = RaftLogFile.open(node);
        RaftLogFile.Entry last = RaftLogFile.parse(Files.readAllBytes(file)).last();
        int middle = (last.offset() + last.end()) / 2;
        DiskImage.overwrite(file, middle, new byte[last.end() - middle]);
    }

    /** The next entry's write had begun: its first bytes are there, zeros follow. */
    private static void appendHalfARaftEntry(Path node) throws IOException {
        Path file = RaftLogFile.open(node);
        RaftLogFile log = RaftLogFile.parse(Files.readAllBytes(file));
        RaftLogFile.Entry last = log.last();
        // The length alone: what follows it names the index, which would have to be the next one.
        byte[] start = DiskImage.range(file, last.offset(), last.offset() + 2);
        DiskImage.overwrite(file, log.end(), Arrays.copyOf(start, 2));
    }

    // ---- what it never does

    private static void flipInRaftLog(Path node) throws IOException {
        Path file = RaftLogFile.open(node);
        List<RaftLogFile.Entry> entries =
                RaftLogFile.parse(Files.readAllBytes(file)).entries();
        RaftLogFile.Entry middle = entries.get(entries.size() / 2);
        DiskImage.flip(file, (middle.offset() + middle.end()) / 2);
    }
}
