package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.consensus.testing.Faults;
import coco.core.CoreLimits;
import coco.core.SnapshotExchange;
import coco.journal.MalformedException;
import coco.journal.Storage;
import coco.journal.testing.FaultyStorage;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.kv.KvLedgerFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a start believes of the snapshots that it finds on its own disk. */
class SnapshotSimTest {
    private static final int ACCOUNTS = 4;
    private static final String SNAPSHOT = ".snapshot";
    private static final String MANIFEST = ".manifest";

    private final SimulatedCluster cluster = new SimulatedCluster(
            21,
            Faults.none(),
            List.of(new KvLedgerFactory(), new EthereumLedgerFactory()),
            Map.of("kv", new byte[0], EthereumWorkload.LEDGER, EthereumWorkload.document(ACCOUNTS, "")),
            CoreLimits.DEFAULTS,
            UnaryOperator.identity());
    private final SimulatedNode node = cluster.nodes().getFirst();
    private final SimulatedNode other = cluster.nodes().getLast();

    @BeforeEach
    void fill() {
        cluster.snapshotBlocks(30);
        cluster.startAll();
        Workload puts = new Workload(cluster);
        EthereumWorkload transactions = new EthereumWorkload(cluster, ACCOUNTS);
        puts.start(5);
        transactions.start(3);
        cluster.runFor(8_000);
        puts.stop();
        transactions.stop();
        settle();
        assertThat(snapshots(node)).as("snapshots kept").hasSize(2);
    }

    private static List<String> snapshots(SimulatedNode node) {
        return node.snapshotDisk().list().stream()
                .filter(name -> name.endsWith(SNAPSHOT))
                .toList();
    }

    private static long height(String name) {
        return Long.parseLong(name.substring(0, 20));
    }

    private void settle() {
        long patience = cluster.simulation().nowNanos() + TimeUnit.SECONDS.toNanos(30);
        cluster.runFor(3_000);
        while (!cluster.level() && cluster.simulation().nowNanos() < patience) {
            cluster.runFor(100);
        }
        assertThat(cluster.level()).isTrue();
    }

    private void restart() {
        cluster.startMissing();
        settle();
        assertThat(node.dump()).isEqualTo(other.dump());
        node.audit();
    }

    private static byte[] read(FaultyStorage files, String name) {
        try (Storage.File file = files.openForReading(name)) {
            byte[] bytes = new byte[(int) file.size()];
            file.read(ByteBuffer.wrap(bytes), 0);
            return bytes;
        }
    }

    private static void write(FaultyStorage files, String name, byte[] bytes) {
        try (Storage.File file = files.open(name)) {
            file.truncate(0);
            file.write(ByteBuffer.wrap(bytes), 0);
            file.force();
        }
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] copy = bytes.clone();
        copy[Math.floorMod(at, copy.length)] ^= 0x10;
        return copy;
    }

    @Test
    void shouldBeginWithTheNewestWhenItIsWhole() {
        long newest = height(snapshots(node).getLast());
        cluster.stop(node);
        restart();
        assertThat(node.core().snapshotHeight()).isEqualTo(newest);
        assertThat(node.core().states().count()).isLessThanOrEqualTo((int) (cluster.highest() - newest + 1));
    }

    @Test
    void shouldProveTheLastSnapshotWhenNothingElseHappens() {
        assertThat(snapshots(node))
                .allSatisfy(name -> assertThat(node.snapshotDisk().list()).contains(name + MANIFEST));
    }

    @Test
    void shouldPutASnapshotAsideAndTakeTheOlderOneWhenAByteIsBad() {
        cluster.stop(node);
        List<String> whole = snapshots(node);
        Random random = new Random(3);
        FaultyStorage files = node.snapshotDisk();
        int tried = 0;
        String newest = whole.getLast();
        byte[] snapshot = read(files, newest);
        byte[] manifest = read(files, newest + MANIFEST);
        for (int at : new int[] {0, 9, 30, 50, 60, 70, 86, 200, -1, -6, -20, -45, random.nextInt(1 << 20)}) {
            cluster.stop(node);
            write(files, newest, flipped(snapshot, at));
            cluster.startMissing();
            assertThat(node.core().snapshotHeight()).as("byte %d", at).isEqualTo(height(whole.getFirst()));
            assertThat(files.list()).contains(newest + ".quarantined").doesNotContain(newest, newest + MANIFEST);
            cluster.stop(node);
            files.delete(newest + ".quarantined");
            write(files, newest, snapshot);
            write(files, newest + MANIFEST, manifest);
            tried++;
        }
        assertThat(tried).isEqualTo(13);
        restart();
        assertThat(node.core().snapshotHeight()).isEqualTo(height(whole.getLast()));
    }

    @Test
    void shouldReplayEverythingWhenAllManifestsAreBad() {
        cluster.stop(node);
        for (String name : snapshots(node)) {
            String manifest = name + MANIFEST;
            write(node.snapshotDisk(), manifest, flipped(read(node.snapshotDisk(), manifest), 20));
        }
        restart();
        assertThat(node.core().snapshotHeight()).isEqualTo(-1);
    }

    @Test
    void shouldNotBeginWithAnothersSnapshotWhenItIsCopiedHere() {
        forgetSnapshots();
        String newest = snapshots(other).getLast();
        for (String name : List.of(newest, newest + MANIFEST)) {
            write(node.snapshotDisk(), name, read(other.snapshotDisk(), name));
        }
        restart();
        assertThat(node.core().snapshotHeight()).isEqualTo(-1);
        assertThat(node.snapshotDisk().list()).contains(newest + ".quarantined");
    }

    private void forgetSnapshots() {
        cluster.stop(node);
        node.snapshotDisk().list().forEach(node.snapshotDisk()::delete);
    }

    @Test
    void shouldBeginWithAnothersSnapshotWhenItWasFetchedAndItsOwnJournalVouches()
            throws InterruptedException, MalformedException {
        forgetSnapshots();
        long newest = height(snapshots(other).getLast());
        assertThat(node.receive(other.exchange()::piece)).isEqualTo(newest);
        restart();
        assertThat(node.core().snapshotHeight()).isEqualTo(newest);
    }

    @Test
    void shouldGoOnWhereItWasCutWhenASnapshotIsFetchedAgain() throws InterruptedException, MalformedException {
        forgetSnapshots();
        List<Integer> asked = new ArrayList<>();
        SnapshotExchange giver = other.exchange();
        int cut = 3;
        assertThatThrownBy(() -> node.receive((height, chunk) -> {
                    asked.add(chunk);
                    return chunk == cut ? null : giver.piece(height, chunk);
                }))
                .isInstanceOf(MalformedException.class);
        assertThat(asked).containsExactly(SnapshotExchange.FRAME, 0, 1, 2, 3);
        asked.clear();
        node.receive((height, chunk) -> {
            asked.add(chunk);
            return giver.piece(height, chunk);
        });
        assertThat(asked).startsWith(SnapshotExchange.FRAME, cut).doesNotContain(0, 1, 2);
        restart();
        assertThat(node.core().snapshotHeight()).isPositive();
    }

    @Test
    void shouldTakeNothingWhenThePeerIsHostile() throws InterruptedException, MalformedException {
        forgetSnapshots();
        SnapshotExchange giver = other.exchange();
        Random random = new Random(17);
        int chunks = 0;
        while (giver.piece(SnapshotExchange.NEWEST, chunks) != null) {
            chunks++;
        }
        assertThat(chunks).isGreaterThan(5);
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            int hit = random.nextInt(chunks + 1) - 1;
            try {
                node.receive((height, chunk) -> {
                    SnapshotExchange.Piece piece = giver.piece(height, chunk);
                    return chunk == hit && piece != null ? spoilt(piece, random) : piece;
                });
                throw new AssertionError("taken with a spoilt piece " + hit);
            } catch (MalformedException words) {
                refused++;
            }
            assertThat(snapshots(node)).isEmpty();
            node.snapshotDisk().list().forEach(node.snapshotDisk()::delete);
        }
        assertThat(refused).isEqualTo(300);
        assertThat(node.receive(giver::piece)).isEqualTo(height(snapshots(other).getLast()));
    }

    private static SnapshotExchange.Piece spoilt(SnapshotExchange.Piece piece, Random random) {
        byte[] bytes = piece.bytes().clone();
        return switch (random.nextInt(5)) {
            case 0 -> new SnapshotExchange.Piece(piece.height() + 1, piece.evidenceHeight(), bytes);
            case 1 -> new SnapshotExchange.Piece(piece.height(), piece.evidenceHeight(), new byte[0]);
            case 2 ->
                new SnapshotExchange.Piece(
                        piece.height(), piece.evidenceHeight(), Arrays.copyOf(bytes, bytes.length - 1));
            default -> {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                yield new SnapshotExchange.Piece(piece.height(), piece.evidenceHeight(), bytes);
            }
        };
    }

    @Test
    void shouldMakeNoSnapshotWhileTheDisksHaveNoRoomForIt() {
        List<String> before = snapshots(node);
        cluster.snapshotRoom(0);
        write("without-room");
        assertThat(snapshots(node)).isEqualTo(before);
        assertThat(node.snapshotDisk().list())
                .as("one that was begun is given up")
                .noneMatch(name -> name.endsWith(".partial"));
        cluster.snapshotRoom(Long.MAX_VALUE);
        write("with-room");
        assertThat(snapshots(node)).isNotEqualTo(before);
    }

    private void write(String name) {
        Workload puts = new Workload(cluster, name);
        puts.start(5);
        cluster.runFor(5_000);
        puts.stop();
        settle();
    }

    @Test
    void shouldForgetWhatIsHalfWrittenWhenTheNodeStarts() {
        cluster.stop(node);
        String half = "00000000000000099999.snapshot";
        write(node.snapshotDisk(), half + ".partial", new byte[100]);
        write(node.snapshotDisk(), half, new byte[100]);
        restart();
        assertThat(node.snapshotDisk().list()).doesNotContain(half, half + ".partial");
    }
}
