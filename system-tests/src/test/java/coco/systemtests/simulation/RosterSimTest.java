package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.PeerId;
import coco.consensus.testing.Faults;
import coco.core.CoreLimits;
import coco.core.Keyring;
import coco.core.Roster;
import coco.core.ServiceMaps;
import coco.journal.BlockOpener;
import coco.journal.JournalEntry;
import coco.journal.JournalLimits;
import coco.journal.JournalVerifier;
import coco.journal.MalformedException;
import coco.journal.OpenResult;
import coco.journal.Recovery;
import coco.journal.Report;
import coco.journal.SealRoot;
import coco.journal.SealerDirectory;
import coco.kv.MalformedWriteSetException;
import coco.kv.WriteSet;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Ticket;
import coco.ledgers.kv.KvLedgerFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Nodes come and go, epochs and generations change, members are dealt shares of each, and everything else goes wrong as
 * well.
 */
class RosterSimTest {
    private static final int SEEDS = Integer.getInteger("coco.sim.seeds", 60);

    /** Of a journal those blocks are tried that are this near to a removal, since each costs a signature. */
    private static final long ALL_TRIED = 8;

    /** And every so many of the others. */
    private static final long SOME_TRIED = 16;

    private static final long FIRST_SEED = Long.getLong("coco.sim.seed", 1);

    private static final Recovery RECOVERY = Members.recovery(2, List.of("member-0", "member-1", "member-2"));

    /** What happened in one run, or in several. */
    record Tally(int puts, int changes, int removed, int joined, int epochs, int generations, int blocks) {
        static final Tally NOTHING = new Tally(0, 0, 0, 0, 0, 0, 0);

        Tally plus(Tally other) {
            return new Tally(
                    puts + other.puts,
                    changes + other.changes,
                    removed + other.removed,
                    joined + other.joined,
                    epochs + other.epochs,
                    generations + other.generations,
                    blocks + other.blocks);
        }
    }

    @Test
    void shouldChangeItsNodesUnderLoadWhenNothingFails() {
        Run run = new Run(3, Faults.none(), Roster.EpochPolicy.NEVER, 0);
        run.begin(8);
        run.cluster.runFor(30_000);
        Tally tally = run.settle();
        assertThat(tally.puts()).isGreaterThan(2_000);
        assertThat(tally.removed()).isGreaterThan(3);
        assertThat(tally.joined()).isGreaterThan(3);
    }

    @Test
    void shouldLoseNothingAndKeepTheRemovedOutWhenEverythingFails() {
        Tally tally = Tally.NOTHING;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            tally = tally.plus(storm(seed));
        }
        System.out.printf("simulation of rosters: %d seeds, %s%n", SEEDS, tally);
        assertThat(tally.puts()).isGreaterThan(SEEDS * 5);
        assertThat(tally.removed()).isGreaterThanOrEqualTo(SEEDS / 3);
        assertThat(tally.joined()).isGreaterThanOrEqualTo(SEEDS / 3);
        assertThat(tally.generations()).isGreaterThanOrEqualTo(SEEDS / 3);
        assertThat(tally.epochs()).isGreaterThanOrEqualTo(2 * SEEDS);
    }

    @Test
    void shouldTakeNoTransactionsBeforeTheServiceIsOpenAndKeepToLimitsFromTheNextBlockOn() {
        Run run = new Run(11, Faults.none(), Roster.EpochPolicy.NEVER, 0);
        run.cluster.startAll();
        run.puts.start(20);
        run.cluster.runFor(5_000);
        assertThat(run.cluster.highest()).as("height before it opens").isZero();

        run.administer(RosterLedger.Change.opening(1));
        run.cluster.runFor(5_000);
        long limited = run.administer(RosterLedger.Change.limit(2, 1));
        run.cluster.runFor(5_000);
        run.puts.stop();
        run.await("answers", () -> run.puts.open() == 0);

        NavigableMap<Long, LedgerBlock> blocks = run.cluster.nodes().getFirst().blocks("kv");
        assertThat(blocks.firstKey()).isZero();
        assertThat(most(blocks.headMap(limited, true))).as("before").isGreaterThan(3);
        assertThat(most(blocks.tailMap(limited, false))).as("after").isEqualTo(1);
    }

    private static int most(NavigableMap<Long, LedgerBlock> blocks) {
        return blocks.values().stream()
                .mapToInt(block -> block.transactions().size())
                .max()
                .orElseThrow();
    }

    @Test
    void shouldStayOutWhenItStartsAgainAfterItsRemoval() {
        Run run = new Run(12, Faults.none(), Roster.EpochPolicy.NEVER, 0);
        run.begin(5);
        run.officer.stop();
        run.cluster.runFor(5_000);
        SimulatedNode leader = Objects.requireNonNull(run.cluster.leader());
        long removed =
                run.administer(RosterLedger.Change.removal(1_000, leader.id().value()));
        run.cluster.runFor(5_000);
        assertThat(run.cluster.removals()).containsEntry(leader.id(), removed);
        assertThat(leader.running()).isFalse();

        leader.start(UnaryOperator.identity());
        run.cluster.runFor(3_000);

        assertThat(leader.core().heads().height()).isEqualTo(removed);
        assertThat(run.cluster.highest()).isGreaterThan(removed);
        CompletableFuture<Void> read = leader.core().replica().linearizable();
        run.cluster.runFor(100);
        assertThat(read).isCompletedExceptionally();
        leader.crash(false);
        run.settle();
    }

    @Test
    void shouldOpenOneEpochForAnAuditorAndNothingMore() throws IOException, MalformedException {
        Run run = new Run(14, Faults.none(), new Roster.EpochPolicy(12, 0), 0);
        run.begin(5);
        run.cluster.runFor(8_000);
        run.settle();
        Audit audit = new Audit(run.cluster, run.cluster.nodes().getFirst());
        List<Long> epochs = List.copyOf(audit.proven().epochs().keySet());
        assertThat(epochs.size()).isGreaterThan(6);
        for (long epoch : List.of(epochs.get(1), epochs.get(epochs.size() / 2), epochs.getLast())) {
            SealRoot root = audit.open(epoch);
            assertThat(audit.assertOpensThisEpochAlone(root))
                    .as("blocks that stay closed")
                    .isGreaterThan(20);
            audit.assertMakesNoReceipt(root);
            audit.assertSealsNothing(root);
        }
    }

    /** An epoch a block, but that genesis and the first block share one: a start opens every one of them. */
    @Test
    void shouldStartAgainWithHundredsOfEpochs() {
        Run run = new Run(13, Faults.none(), new Roster.EpochPolicy(1, 0), 0);
        run.begin(2);
        run.officer.stop();
        run.cluster.runFor(10_000);
        Tally tally = run.settle();
        assertThat(tally.epochs()).isGreaterThan(300);
        assertThat(tally.epochs()).isEqualTo(tally.blocks() - 1);
    }

    @Test
    @Tag("long")
    void shouldLoseNothingAndKeepTheRemovedOutOverManySeeds() {
        for (long seed = 300_000; seed < 301_000; seed++) {
            storm(seed);
        }
    }

    /** Half of the runs change epochs by policy too, some of them with nearly every block. */
    private static Roster.EpochPolicy policy(long seed) {
        return seed % 2 == 0 ? Roster.EpochPolicy.NEVER : new Roster.EpochPolicy(1 + seed % 20, 1 + seed % 3);
    }

    static Tally storm(long seed) {
        try {
            Run run = new Run(seed, Faults.harsh(), policy(seed), 0.4);
            run.begin(4);
            run.cluster.weather(SimulatedCluster.Weather.STORM, Faults.harsh());
            run.cluster.storm();
            run.cluster.runFor(9_000);
            return run.settle();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " (again: mvn -B verify -pl system-tests -am -Dtest=RosterSimTest"
                            + " -Dcoco.sim.seeds=1 -Dcoco.sim.seed=" + seed + ")",
                    e);
        }
    }

    private static final class Run {
        final SimulatedCluster cluster;
        final Workload puts;
        final Officer officer;

        Run(long seed, Faults faults, Roster.EpochPolicy policy, double strikes) {
            cluster = new SimulatedCluster(
                    seed,
                    faults,
                    List.of(new KvLedgerFactory()),
                    Map.of("kv", new byte[0]),
                    CoreLimits.DEFAULTS,
                    UnaryOperator.identity(),
                    new Roster(List.of(), 0, 0, false, Roster.Limits.NONE, policy, RECOVERY));
            cluster.snapshotBlocks(seed % 3 == 0 ? 0 : 4 + seed % 13);
            puts = new Workload(cluster);
            officer = new Officer(cluster, strikes);
        }

        void begin(int clients) {
            cluster.startAll();
            cluster.reconcile();
            cluster.runFor(10);
            officer.start();
            puts.start(clients);
        }

        /** Calm returns, everybody finishes, and everything must agree, on disk too. */
        Tally settle() {
            cluster.weather(SimulatedCluster.Weather.CALM, Faults.none());
            cluster.startMissing();
            puts.stop();
            officer.stop();
            await("answers", () -> puts.open() + officer.open() == 0);
            await("peers like the roster", cluster::isReconciled);
            await("one height", cluster::level);
            agree();
            cluster.nodes().forEach(cluster::stop);
            cluster.startMissing();
            await("one height after a restart", cluster::level);
            agree();
            SimulatedNode any = cluster.nodes().getFirst();
            List<JournalEntry> journal = any.journal();
            cluster.removals().forEach((id, height) -> assertShutOut(id, height, journal));
            Report report = verify(any);
            assertThat(report.verdict()).as(report.toText()).isEqualTo(Report.Verdict.VALID);
            assertThat(report.levels()).as(report.toText()).allMatch(level -> level.skipped() == 0);
            Tally tally = tally(journal);
            assertThat(Members.assertAllEpochsOpen(journal, cluster.serviceId(), any.keys()))
                    .as("epochs that members open")
                    .isGreaterThanOrEqualTo(tally.epochs());
            return tally;
        }

        /** The height of the block by which it was done. */
        long administer(RosterLedger.Change change) {
            Ticket ticket =
                    Objects.requireNonNull(cluster.leader()).core().replica().submit(change.offer());
            await("its block", () -> ticket.outcome().isDone());
            assertThat(ticket.outcome().join()).isInstanceOf(Outcome.Applied.class);
            return ((Outcome.Applied) ticket.outcome().join()).height();
        }

        private void await(String what, BooleanSupplier reached) {
            long patience = cluster.simulation().nowNanos() + TimeUnit.SECONDS.toNanos(120);
            while (!reached.getAsBoolean() && cluster.simulation().nowNanos() < patience) {
                cluster.runFor(100);
                cluster.startMissing();
            }
            assertThat(reached.getAsBoolean()).as(what).isTrue();
        }

        private void agree() {
            for (SimulatedNode node : cluster.nodes()) {
                puts.verify(node.executed("kv"));
                Map<ByteBuffer, Integer> changes = node.executed(RosterLedger.ID);
                assertThat(changes.keySet()).containsAll(officer.acknowledged());
                assertThat(changes.values()).allMatch(count -> count == 1);
                assertThat(node.core().roster()).isEqualTo(cluster.roster());
            }
            cluster.assertSameState();
        }

        /** A removed node has no secret of what follows, so that the journal is of no use to it. */
        private void assertShutOut(PeerId id, long removed, List<JournalEntry> journal) {
            Keyring keys = cluster.node(id).keys();
            SealerDirectory.Tracked sealers = new SealerDirectory.Tracked();
            BlockOpener opener = new BlockOpener(cluster.serviceId(), keys, sealers, JournalLimits.DEFAULT);
            for (JournalEntry entry : journal) {
                long height = entry.height();
                boolean tried = Math.abs(height - removed) <= ALL_TRIED || height % SOME_TRIED == 0;
                OpenResult opened = height == 0 || !tried ? null : opener.open(entry.block());
                if (opened == null) {
                    assertThat(height > removed
                                    && Arrays.equals(entry.block().header().sealer(), cluster.certificateDigest(id)))
                            .as("block %d is sealed by %s, removed at %d", height, id, removed)
                            .isFalse();
                } else if (height > removed) {
                    assertThat(opened)
                            .as("block %d, opened by %s, removed at %d", height, id, removed)
                            .isInstanceOfSatisfying(
                                    OpenResult.Refusal.class,
                                    refusal -> assertThat(refusal.kind()).isEqualTo(OpenResult.Kind.UNKNOWN_EPOCH));
                    assertThat(entry.block().header().sealer()).isNotEqualTo(cluster.certificateDigest(id));
                } else {
                    assertThat(opened).as("block %d, opened by %s", height, id).isInstanceOf(OpenResult.Opened.class);
                }
                try {
                    sealers.apply(
                            height, new ServiceMaps().read(height, entry.block().publicWrites()));
                } catch (MalformedException e) {
                    throw new AssertionError(e);
                }
                if (height >= removed) {
                    assertThat(wraps(entry))
                            .as("nodes that block %d holds a secret for", height)
                            .doesNotContain(id.value());
                }
            }
        }

        /** For which nodes a block holds a secret. */
        private static List<String> wraps(JournalEntry entry) {
            List<String> nodes = new ArrayList<>();
            try {
                WriteSet.parsePart(entry.block().publicWrites(), List.of(ServiceMaps.EPOCHS))
                        .forEach((map, key, value) -> {
                            if (value != null) {
                                int length = key.length - Long.BYTES;
                                nodes.add(new String(key, Long.BYTES, length, StandardCharsets.UTF_8));
                            }
                        });
            } catch (MalformedWriteSetException e) {
                throw new AssertionError(e);
            }
            return nodes;
        }

        private Report verify(SimulatedNode node) {
            return new JournalVerifier(new ServiceMaps(), node.keys()::sealRoot, SimulatedCluster.JOURNAL_LIMITS)
                    .verify(node.disk(), cluster.serviceCertificate());
        }

        private Tally tally(List<JournalEntry> journal) {
            long epochs = journal.stream()
                    .map(entry -> entry.block().header().epoch())
                    .distinct()
                    .count();
            int generations = journal.getLast().block().header().generation();
            return new Tally(
                    puts.acknowledged().size(),
                    officer.acknowledged().size(),
                    cluster.removals().size(),
                    cluster.joined(),
                    (int) epochs,
                    generations,
                    journal.size());
        }
    }
}
