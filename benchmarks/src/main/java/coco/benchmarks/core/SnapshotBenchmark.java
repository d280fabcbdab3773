package coco.benchmarks.core;

import coco.crypto.Keccak256;
import coco.evm.trie.MerklePatricia;
import coco.journal.EpochSecrets;
import coco.journal.FileStorage;
import coco.journal.MalformedException;
import coco.journal.SnapshotFile;
import coco.journal.SnapshotLimits;
import coco.journal.SnapshotWriter;
import coco.journal.Storage;
import coco.kv.Draft;
import coco.kv.MalformedNodesException;
import coco.kv.MapExport;
import coco.kv.MapImport;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Version;
import coco.kv.Visibility;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot of very many accounts costs one node: blocks are committed at a steady pace (accounts changed, root
 * made, 150 kB written and forced) before and while one is written; then it is loaded. Without consensus and without
 * executing: what a snapshot takes from others is processor, memory and disk, and that is here.
 *
 * <p>Usage: {@code SnapshotBenchmark FOLDER [accounts [seconds before]]}
 */
public final class SnapshotBenchmark {
    private static final MapSpec ACCOUNTS = new MapSpec("accounts", Visibility.PRIVATE, new MerklePatricia());
    private static final int CHANGED_IN_BLOCK = 1_000;
    private static final int BLOCK_BYTES = 150 << 10;
    private static final long BLOCK_NANOS = TimeUnit.MILLISECONDS.toNanos(40);
    /** As in {@code coco.core.Snapshots}: so many times as long as a chunk took is left to others. */
    private static final int PAUSE = 3;

    private static final byte[] SERVICE = new byte[32];

    private final SplittableRandom random = new SplittableRandom(1);
    private final Store store = new Store(List.of(ACCOUNTS), StoreLimits.DEFAULT);
    private final int accounts;
    private final Storage files;
    private final Storage.File journal;
    private long position;

    private SnapshotBenchmark(Path folder, int accounts) {
        this.accounts = accounts;
        this.files = new FileStorage(folder);
        this.journal = files.open("journal");
    }

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        int accounts = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 2_000_000;
        int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
        try {
            new SnapshotBenchmark(folder, accounts).run(seconds);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            for (Path file : all.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private void run(int seconds) throws InterruptedException, MalformedException, MalformedNodesException {
        fill();
        commit(TimeUnit.SECONDS.toNanos(5), null);
        print("before", commit(TimeUnit.SECONDS.toNanos(seconds), null));
        long waitingBefore = store.statistics().waitingBytes();
        Version leased = store.leaseHead();
        byte[] root = leased.digest(ACCOUNTS);
        Making making = new Making(leased);
        Thread thread = Thread.ofPlatform().name("snapshot").start(making);
        long[] during = commit(TimeUnit.MINUTES.toNanos(3), thread);
        long waiting = store.statistics().waitingBytes() - waitingBefore;
        thread.join();
        print("during", during);
        System.out.printf(
                "snapshot: %.1f s, %.1f s of processor, %d chunks, %d bytes (%.1f an account); kept meanwhile %.1f MB%n",
                making.nanos / 1e9,
                making.workNanos / 1e9,
                making.chunks,
                making.bytes,
                (double) making.bytes / accounts,
                waiting / 1e6);
        leased.close();
        changedChunks(making.chunks);
        for (int i = 0; i < 3; i++) {
            load(root);
        }
    }

    private void fill() {
        byte[] address = new byte[20];
        Draft draft = store.draft(store.head());
        for (int i = 0; i < accounts; i++) {
            ByteBuffer.wrap(address).putInt(i);
            draft.put(ACCOUNTS, Keccak256.hash(address), value());
        }
        Version version = draft.seal();
        long start = System.nanoTime();
        version.digest(ACCOUNTS);
        System.out.printf(
                "%d accounts: %.1f bytes of store each; digested in %.1f s%n",
                accounts, (double) store.statistics().liveBytes() / accounts, (System.nanoTime() - start) / 1e9);
        version.close();
    }

    /** An account as a trie's leaf has it: nonce, balance, and two hashes. */
    private byte[] value() {
        byte[] value = new byte[78];
        ByteBuffer.wrap(value).putLong(4, random.nextLong());
        return value;
    }

    /** Commits blocks for so long, or until the thread ends; gives each block's latency from its intended start. */
    private long[] commit(long nanos, @Nullable Thread until) {
        long[] latencies = new long[(int) (nanos / BLOCK_NANOS) + 1];
        int count = 0;
        byte[] address = new byte[20];
        byte[] block = new byte[BLOCK_BYTES];
        long start = System.nanoTime();
        for (long due = start; due - start < nanos && (until == null || until.isAlive()); due += BLOCK_NANOS) {
            while (System.nanoTime() < due) {
                java.util.concurrent.locks.LockSupport.parkNanos(due - System.nanoTime());
            }
            Draft draft = store.draft(store.head());
            for (int i = 0; i < CHANGED_IN_BLOCK; i++) {
                ByteBuffer.wrap(address).putInt(random.nextInt(accounts));
                draft.put(ACCOUNTS, Keccak256.hash(address), value());
            }
            Version version = draft.seal();
            version.digest(ACCOUNTS);
            version.close();
            journal.write(ByteBuffer.wrap(block), position);
            journal.force();
            position += block.length;
            latencies[count++] = System.nanoTime() - due;
        }
        return Arrays.copyOf(latencies, count);
    }

    private static void print(String when, long[] latencies) {
        long[] sorted = latencies.clone();
        Arrays.sort(sorted);
        System.out.printf(
                "%s: %d blocks, commit p50 %.2f ms, p99 %.2f ms, most %.2f ms%n",
                when,
                sorted.length,
                sorted[sorted.length / 2] / 1e6,
                sorted[(int) (sorted.length * 0.99)] / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }

    private static EpochSecrets epoch() {
        return new EpochSecrets(SERVICE, 0, new byte[32]);
    }

    private final class Making implements Runnable {
        private final Version version;
        private long nanos;
        private long workNanos;
        private int chunks;
        private long bytes;

        Making(Version version) {
            this.version = version;
        }

        @Override
        public void run() {
            long start = System.nanoTime();
            SnapshotWriter writer = new SnapshotWriter(files, SERVICE, 1, epoch(), new SecureRandom());
            MapExport export = new MapExport(version, ACCOUNTS);
            while (true) {
                long began = System.nanoTime();
                byte[] chunk = export.nextChunk(SnapshotLimits.CHUNK_BYTES);
                if (chunk == null) {
                    break;
                }
                writer.append(chunk);
                chunks++;
                long took = System.nanoTime() - began;
                workNanos += took;
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000 + PAUSE * took);
            }
            bytes = writer.sizeBytes();
            writer.finish();
            nanos = System.nanoTime() - start;
        }
    }

    /** How many chunks would be written again if only those that changed were, after some blocks. */
    private void changedChunks(int all) {
        for (int blocks : new int[] {1, 10, 100}) {
            MapExport export = new MapExport(store.head(), ACCOUNTS);
            List<Integer> before = hashes(export);
            commit(blocks * BLOCK_NANOS, null);
            List<Integer> after = hashes(new MapExport(store.head(), ACCOUNTS));
            after.removeAll(new java.util.HashSet<>(before));
            System.out.printf("after %d blocks %d of %d chunks differ%n", blocks, after.size(), all);
        }
    }

    private static List<Integer> hashes(MapExport export) {
        List<Integer> hashes = new java.util.ArrayList<>();
        for (byte[] chunk = export.nextChunk(SnapshotLimits.CHUNK_BYTES);
                chunk != null;
                chunk = export.nextChunk(SnapshotLimits.CHUNK_BYTES)) {
            hashes.add(Arrays.hashCode(chunk));
        }
        return hashes;
    }

    private void load(byte[] expected) throws MalformedException, MalformedNodesException {
        long start = System.nanoTime();
        SnapshotFile file = SnapshotFile.open(files, SnapshotFile.name(1), SERVICE);
        try (SnapshotFile.Reader reader = file.reader(epoch())) {
            while (reader.hasNext()) {
                reader.next();
            }
            reader.end();
        }
        long checked = System.nanoTime();
        Store other = new Store(List.of(ACCOUNTS), StoreLimits.DEFAULT);
        Draft draft = other.draft(other.head());
        MapImport load = draft.importing(ACCOUNTS);
        try (SnapshotFile.Reader reader = file.reader(epoch())) {
            while (reader.hasNext()) {
                load.add(reader.next());
            }
        }
        load.end();
        Version version = draft.seal();
        long loaded = System.nanoTime();
        boolean same = Arrays.equals(expected, version.digest(ACCOUNTS));
        System.out.printf(
                "load: %.2f s to check, %.2f s to build, %.3f ms for the root (%s); %d accounts%n",
                (checked - start) / 1e9,
                (loaded - checked) / 1e9,
                (System.nanoTime() - loaded) / 1e6,
                same ? "the same" : "ANOTHER",
                version.size(ACCOUNTS));
    }
}
