package coco.benchmarks.core;

import coco.consensus.PeerId;
import coco.core.Core;
import coco.core.HistoryLookup;
import coco.journal.BlockSealer;
import coco.journal.HistoryIndex;
import coco.journal.Journal;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Replays a journal of Ethereum blocks as a node does when it starts. Two steps, so that the second one begins in a
 * cold JVM, as a start does:
 *
 * <pre>
 * mvn -q -Pbench -pl benchmarks -am process-classes -Dbench.main=coco.benchmarks.core.ReplayBenchmark \
 *     -Djmh.args="make FOLDER 3000 1"       blocks, transactions in each
 *     -Djmh.args="replay FOLDER 3"          times
 * </pre>
 */
public final class ReplayBenchmark {
    static final PeerId SELF = new PeerId("node-1");

    private ReplayBenchmark() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "make" -> {
                JournalMaker maker = JournalMaker.found(folder);
                maker.fill(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
            }
            case "replay" -> {
                for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
                    replay(folder);
                }
            }
            default -> throw new IllegalArgumentException("make or replay, not " + arguments[0]);
        }
    }

    private static void replay(Path folder) throws IOException {
        deleteIndex(folder.resolve("index"));
        BlockSealer.warmUp();
        JournalMaker maker = JournalMaker.open(folder);
        long start = System.nanoTime();
        try (Journal journal = maker.openJournal();
                HistoryIndex index = maker.openIndex()) {
            long checked = System.nanoTime();
            long cpu = cpuNanos();
            Core core = maker.openCore(journal, new HistoryLookup(index));
            long replayed = System.nanoTime();
            long blocks = core.heads().height() + 1;
            System.out.printf(
                    "%d blocks, %d MB: files checked in %d ms, replayed in %d ms: %.0f blocks/s, %.0f us of CPU a block%n",
                    blocks,
                    sizeBytes(folder.resolve("journal")) >> 20,
                    (checked - start) / 1_000_000,
                    (replayed - checked) / 1_000_000,
                    blocks * 1e9 / (replayed - checked),
                    (cpuNanos() - cpu) / 1e3 / blocks);
        }
    }

    /** Of the thread that replays, without compiler and collector. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long sizeBytes(Path folder) throws IOException {
        long sum = 0;
        for (Path file : files(folder)) {
            sum += Files.size(file);
        }
        return sum;
    }

    private static void deleteIndex(Path folder) throws IOException {
        if (Files.exists(folder)) {
            for (Path file : files(folder)) {
                Files.delete(file);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted(Comparator.naturalOrder()).toList();
        }
    }
}
