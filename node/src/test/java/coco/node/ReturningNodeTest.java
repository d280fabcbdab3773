package coco.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.consensus.ConsensusLimits;
import coco.consensus.LogPosition;
import coco.crypto.Certificates;
import coco.governance.Genesis;
import coco.journal.FileStorage;
import coco.journal.Journal;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.ReadResult;
import coco.journal.ServiceId;
import coco.node.admission.CertificateJudge;
import coco.node.admission.NodeCertificates;
import coco.node.channel.ChannelException;
import coco.node.channel.JournalRange;
import coco.node.config.Keys;
import coco.node.join.CatchUp;
import coco.node.join.JoinException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that come back after the others went on without them. */
@Timeout(300)
final class ReturningNodeTest extends InProcessNetwork {
    private static final JournalLimits JOURNAL = JournalLimits.DEFAULT;

    @Test
    void shouldComeBackWhenItsEvidenceIsOlderThanALease() throws Exception {
        found(3);
        AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
        InstantSource clock = () -> InstantSource.system().instant().plus(later.get());
        startAll(Collections.nCopies(3, clock));
        assertThat(put(0, "/kv/before", "1")).isEqualTo(200);
        await(() -> get(2, "/kv/before").body().equals("1"));
        nodes.removeLast().stop();
        assertThat(put(0, "/kv/meanwhile", "2")).isEqualTo(200);

        Duration lease = configuration(0, "").get(Keys.NODE_LEASE);
        later.set(lease.plus(CertificateJudge.CLOCK_TOLERANCE).plusHours(1));
        // The others renew their certificates by themselves, and agree on blocks again.
        await(() -> put(0, "/kv/later", "3") == 200);

        Node back = startOne(2, clock, ConsensusLimits.standard());
        await(() -> isReady(back));
        assertThat(get(2, "/kv/later").body()).isEqualTo("3");
        assertThat(put(2, "/kv/back", "4")).isEqualTo(200);
    }

    @Test
    void shouldFetchTheJournalWhenTheOthersLogBeginsTooLate() throws Exception {
        found(3);
        ConsensusLimits shortLog = shortLog();
        for (int node = 0; node < 3; node++) {
            startOne(node, InstantSource.system(), shortLog);
        }
        nodes.forEach(node -> await(() -> isReady(node)));
        assertThat(put(0, "/kv/before", "1")).isEqualTo(200);
        await(() -> get(2, "/kv/before").body().equals("1"));
        nodes.removeLast().stop();
        String filling = "x".repeat(8_000);
        for (int i = 0; i < 150; i++) {
            assertThat(put(i % 2, "/kv/k" + i, filling)).isEqualTo(200);
        }
        await(() -> logBeginsLate(0) && logBeginsLate(1));

        Node back = startOne(2, InstantSource.system(), shortLog);
        await(() -> isReady(back));
        assertThat(get(2, "/kv/k149").body()).isEqualTo(filling);
        assertThat(put(2, "/kv/back", "4")).isEqualTo(200);
        assertThat(hashAt(2, 100)).isEqualTo(hashAt(0, 100));
    }

    @Test
    void shouldStartWhenTheCertificateOfItsEntryHasEnded() throws Exception {
        found(1);
        startAll(List.of(InstantSource.offset(InstantSource.system(), Duration.ofDays(400))));

        assertThat(put(0, "/kv/a", "1")).isEqualTo(200);
    }

    @Test
    void shouldTakeOnlyWhatFollowsFromWhoeverHasEnough() throws Exception {
        Genesis genesis = found(1);
        byte[] service = ServiceId.of(
                genesis.bytes(),
                Certificates.fromPem(Files.readString(folder.resolve("service.pem")))
                        .getPublicKey());
        startAll(1);
        for (int i = 0; i < 6; i++) {
            assertThat(put(0, "/kv/k" + i, "v")).isEqualTo(200);
        }
        stopAll();
        List<JournalEntry> whole = entries(folder.resolve("node-1/journal"), service);
        assertThat(whole).hasSizeGreaterThan(6);
        Behind behind = new Behind(whole.subList(0, 2));
        LogPosition last = new LogPosition(1, whole.getLast().raftIndex());
        CatchUp catchUp = new CatchUp(service, behind, System::nanoTime);

        assertThatThrownBy(() -> catchUp.run(last, List.of(silent(), from(whole.subList(0, 4), 3))))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("no node that answers");
        assertThat(behind.journal).as("what one had is kept").hasSize(4);
        assertThatThrownBy(() -> catchUp.run(last, List.of(skipping(whole))))
                .hasMessageContaining("does not follow what is here up to 3");
        assertThatThrownBy(() -> new CatchUp(new byte[32], behind, System::nanoTime).run(last, List.of(from(whole, 2))))
                .hasMessageContaining("does not follow");
        assertThat(behind.journal).hasSize(4);
        LogPosition reached = catchUp.run(last, List.of(silent(), from(whole, 2)));

        assertThat(reached.index()).isEqualTo(last.index());
        assertThat(behind.journal).isEqualTo(whole);
    }

    @Test
    void shouldEndAtWhatTheSourceHadWhenItGrowsForEver() throws Exception {
        Genesis genesis = found(1);
        byte[] service = ServiceId.of(
                genesis.bytes(),
                Certificates.fromPem(Files.readString(folder.resolve("service.pem")))
                        .getPublicKey());
        startAll(1);
        for (int i = 0; i < 6; i++) {
            assertThat(put(0, "/kv/k" + i, "v")).isEqualTo(200);
        }
        stopAll();
        List<JournalEntry> whole = entries(folder.resolve("node-1/journal"), service);
        Behind behind = new Behind(whole.subList(0, 2));
        int[] grown = {4};
        CatchUp.Source growing = height -> {
            JournalRange range =
                    from(whole.subList(0, Math.min(grown[0], whole.size())), 1).journal(height);
            grown[0]++;
            return range;
        };
        LogPosition goal = new LogPosition(1, whole.get(3).raftIndex());

        assertThat(new CatchUp(service, behind, System::nanoTime)
                        .run(goal, List.of(growing))
                        .index())
                .isEqualTo(goal.index());
        assertThat(behind.journal).isEqualTo(whole.subList(0, 4));
    }

    private static boolean isReady(Node node) {
        try {
            return node.awaitReady(100);
        } catch (InterruptedException hurried) {
            throw new IllegalStateException(hurried);
        }
    }

    /** Whether the first of this node's log files is gone. */
    private boolean logBeginsLate(int node) {
        Path raft = folder.resolve("node-" + (node + 1)).resolve("raft");
        try (Stream<Path> files = Files.walk(raft)) {
            List<String> logs = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("log_"))
                    .toList();
            return !logs.isEmpty() && logs.stream().noneMatch(name -> name.matches("log_(inprogress_)?0([_-].*)?"));
        } catch (IOException | UncheckedIOException purged) {
            return false;
        }
    }

    private static ConsensusLimits shortLog() {
        ConsensusLimits it = ConsensusLimits.standard();
        return new ConsensusLimits(
                100_000,
                200_000,
                it.electionTimeoutMin(),
                it.electionTimeoutMax(),
                it.requestTimeout(),
                256_000,
                it.cachedSegments(),
                it.cachedBytesMax(),
                20,
                10,
                it.retryMemory(),
                it.connectionAgeMax(),
                it.closeThreshold(),
                it.readTimeout(),
                it.transferTimeout(),
                it.changeTimeout(),
                it.nudgesMax(),
                it.nudgeInterval());
    }

    private static List<JournalEntry> entries(Path folder, byte[] service) {
        List<JournalEntry> entries = new ArrayList<>();
        switch (Journal.open(new FileStorage(folder), service, JOURNAL)) {
            case Journal.Opening.Ready ready -> {
                Journal journal = ready.journal();
                for (long height = 0; height <= journal.lastHeight(); height++) {
                    if (journal.read(height) instanceof ReadResult.Found(JournalEntry entry)) {
                        entries.add(entry);
                    }
                }
                journal.close();
            }
            case Journal.Opening.Refused refused -> throw new AssertionError(refused.words());
        }
        return entries;
    }

    private static CatchUp.Source silent() {
        return height -> {
            throw new ChannelException("no answer");
        };
    }

    private static CatchUp.Source from(List<JournalEntry> journal, int atOnce) {
        return height -> new JournalRange(
                journal.size() - 1L,
                journal.subList(
                        Math.min((int) height, journal.size()), Math.min((int) height + atOnce, journal.size())));
    }

    private static CatchUp.Source skipping(List<JournalEntry> journal) {
        return height -> from(journal, 2).journal(height + 1);
    }

    /** A node that has the beginning, and whose disk is slow. */
    private static final class Behind implements CatchUp.Sink {
        private final List<JournalEntry> journal = new ArrayList<>();
        private int looks;

        Behind(List<JournalEntry> beginning) {
            journal.addAll(beginning);
        }

        @Override
        public NodeCertificates.Head head() {
            return new NodeCertificates.Head(
                    journal.size() - 1L, journal.getLast().block().headerHash());
        }

        @Override
        public CompletableFuture<?> take(JournalEntry entry) {
            journal.add(entry);
            looks = 0;
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public LogPosition durable() {
            JournalEntry last = journal.get(looks++ < 2 ? journal.size() - 2 : journal.size() - 1);
            return new LogPosition(last.raftTerm(), last.raftIndex());
        }
    }
}
