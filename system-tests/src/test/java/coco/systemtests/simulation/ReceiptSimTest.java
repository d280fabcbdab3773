package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.ForwardingLog;
import coco.consensus.ForwardingMachine;
import coco.consensus.ReplicatedLog;
import coco.consensus.StateMachine;
import coco.consensus.testing.Faults;
import coco.core.CoreLimits;
import coco.core.Receipts;
import coco.core.Roster;
import coco.core.TransactionStatus;
import coco.journal.BlockHeader;
import coco.journal.JournalEntry;
import coco.journal.MalformedException;
import coco.journal.Receipt;
import coco.journal.ReceiptCose;
import coco.journal.ReceiptJson;
import coco.journal.ReceiptVerdict;
import coco.journal.ReceiptVerdict.Check;
import coco.journal.ReceiptVerifier;
import coco.journal.Recovery;
import coco.journal.SealedBlock;
import coco.journal.SignedHead;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerException;
import coco.ledgers.kv.KvLedgerFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What nodes say of transactions while leaders and members change and everything goes wrong, held against what the
 * journal says in the end; and the receipts that they make.
 */
@SuppressWarnings("ByteBufferBackingArray") // ids are wrapped arrays
class ReceiptSimTest {
    private static final int SEEDS = Integer.getInteger("coco.sim.seeds", 30);
    private static final long FIRST_SEED = Long.getLong("coco.sim.seed", 1);

    /** What was seen, over all seeds. */
    private static final class Tally {
        int receipts;
        int older;
        int committed;
        int pending;
        int invalid;
        int unknown;
        int lostBlocks;

        @Override
        public String toString() {
            return receipts + " receipts (" + older + " of older generations), committed " + committed + ", pending "
                    + pending + ", invalid " + invalid + ", unknown " + unknown + ", blocks sealed and lost "
                    + lostBlocks;
        }
    }

    @Test
    void shouldSayNothingOfATransactionThatTheJournalContradicts() {
        Tally tally = new Tally();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            storm(seed, tally);
        }
        System.out.printf("simulation of receipts: %d seeds, %s%n", SEEDS, tally);
        assertThat(tally.receipts).isGreaterThan(SEEDS * 5);
        assertThat(tally.older).isGreaterThan(SEEDS / 3);
        assertThat(tally.committed).isGreaterThan(SEEDS * 5);
        assertThat(tally.pending).isGreaterThan(SEEDS);
        assertThat(tally.unknown).isGreaterThan(SEEDS);
        assertThat(tally.lostBlocks)
                .as("without them nothing is shown of deposed leaders")
                .isPositive();
    }

    @Test
    void shouldMakeADamagedIndexAgainWhileRunning() {
        Run run = new Run(21, Faults.none(), new Tally());
        run.begin();
        run.cluster.runFor(20_000);
        run.officer.stop();
        run.cluster.runFor(5_000);
        SimulatedNode node = Objects.requireNonNull(run.cluster.leader());
        assertThat(node.indexRuns()).isPositive();
        List<ByteBuffer> ids = List.copyOf(run.puts.acknowledged());
        run.cluster.stop(node);
        node.damageIndex();
        run.cluster.startMissing();
        assertThat(ids).as("one whose page is damaged").anyMatch(id -> isDamaged(node, id));
        run.cluster.runFor(8_000);
        assertThat(ids).allMatch(id -> node.core().receipts().receipt(id.array()) != null);
        run.wrong.removeIf(LedgerException.class::isInstance);
        run.settle();
    }

    private static boolean isDamaged(SimulatedNode node, ByteBuffer id) {
        try {
            node.core().receipts().receipt(id.array());
            return false;
        } catch (LedgerException damaged) {
            return true;
        }
    }

    @Test
    @Tag("long")
    void shouldSayNothingThatTheJournalContradictsOverManySeeds() {
        Tally tally = new Tally();
        for (long seed = 500_000; seed < 500_500; seed++) {
            storm(seed, tally);
        }
        System.out.println("simulation of receipts: " + tally);
    }

    private static void storm(long seed, Tally tally) {
        try {
            Run run = new Run(seed, Faults.harsh(), tally);
            run.begin();
            run.cluster.weather(SimulatedCluster.Weather.STORM, Faults.harsh());
            run.cluster.storm();
            run.cluster.runFor(7_000);
            run.settle();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + " (again: mvn -B verify -pl system-tests -am -Dtest=ReceiptSimTest"
                            + " -Dcoco.sim.seeds=1 -Dcoco.sim.seed=" + seed + ")",
                    e);
        }
    }

    private static final class Run {
        final SimulatedCluster cluster;
        final Workload puts;
        final Officer officer;
        final Tally tally;
        final List<SealedBlock> sealed = new ArrayList<>();
        final Map<ByteBuffer, Long> committed = new HashMap<>();
        final Map<ByteBuffer, Long> absentUpTo = new HashMap<>();
        final Map<ByteBuffer, byte[]> receiptHeads = new HashMap<>();
        final List<Throwable> wrong = new ArrayList<>();
        boolean watching = true;

        Run(long seed, Faults faults, Tally tally) {
            this.tally = tally;
            cluster = new SimulatedCluster(
                    seed,
                    faults,
                    List.of(new KvLedgerFactory()),
                    Map.of("kv", new byte[0]),
                    CoreLimits.DEFAULTS,
                    this::overheard,
                    new Roster(List.of(), 0, 0, false, Roster.Limits.NONE, Roster.EpochPolicy.NEVER, Recovery.NONE));
            puts = new Workload(cluster);
            officer = new Officer(cluster, faults.equals(Faults.none()) ? 0 : 0.4);
        }

        /** Somebody copies every block that a leader gives away, whether or not it is ever committed. */
        private ReplicatedLog overheard(ReplicatedLog log) {
            return new ForwardingLog(log) {
                @Override
                public void start(StateMachine machine) {
                    super.start(new ForwardingMachine(machine) {
                        @Override
                        public @Nullable String preAppend(long term, byte[] payload) {
                            String refused = super.preAppend(term, payload);
                            if (refused == null && payload.length > BlockHeader.LENGTH) {
                                copy(payload);
                            }
                            return refused;
                        }
                    });
                }
            };
        }

        private void copy(byte[] payload) {
            try {
                sealed.add(SealedBlock.parse(Arrays.copyOfRange(payload, 1, payload.length)));
            } catch (MalformedException e) {
                throw new AssertionError("a leader appends what is no block", e);
            }
        }

        void begin() {
            cluster.startAll();
            cluster.reconcile();
            cluster.runFor(10);
            officer.start();
            puts.start(4);
            watch();
        }

        private void watch() {
            long pause = cluster.simulation().random().nextLong(TimeUnit.MILLISECONDS.toNanos(60));
            cluster.simulation().schedule(pause, () -> {
                if (watching) {
                    List<ByteBuffer> ids = List.copyOf(puts.submitted());
                    List<SimulatedNode> up = cluster.nodes().stream()
                            .filter(SimulatedNode::running)
                            .toList();
                    if (!ids.isEmpty() && !up.isEmpty()) {
                        ask(
                                up.get(cluster.simulation().random().nextInt(up.size())),
                                ids.get(Math.max(
                                        0,
                                        ids.size()
                                                - 1
                                                - cluster.simulation().random().nextInt(12))));
                    }
                    watch();
                }
            });
        }

        private void ask(SimulatedNode node, ByteBuffer id) {
            Receipts receipts = node.core().receipts();
            var _ = receipts.remembered(id.array()).whenComplete((remembered, failure) -> {
                try {
                    said(receipts, id, receipts.status(id.array(), remembered));
                } catch (AssertionError | RuntimeException e) {
                    wrong.add(e);
                }
            });
        }

        private void said(Receipts receipts, ByteBuffer id, TransactionStatus status) {
            switch (status) {
                case TransactionStatus.Committed known -> {
                    tally.committed++;
                    Long before = committed.put(id, known.height());
                    assertThat(before == null || before == known.height())
                            .as("committed at %s, later at %s", before, known.height())
                            .isTrue();
                    receipt(receipts, id, known.height());
                }
                case TransactionStatus.Pending pending -> tally.pending++;
                case TransactionStatus.Invalid invalid -> {
                    tally.invalid++;
                    absentUpTo.merge(id, invalid.height(), Math::max);
                }
                case TransactionStatus.Unknown unknown -> {
                    tally.unknown++;
                    absentUpTo.merge(id, unknown.height(), Math::max);
                }
            }
        }

        private void receipt(Receipts receipts, ByteBuffer id, long height) {
            Receipt receipt = Objects.requireNonNull(receipts.receipt(id.array()), "committed, so there is one");
            ReceiptVerifier verifier = new ReceiptVerifier(cluster.serviceCertificate());
            try {
                for (Receipt form : List.of(
                        ReceiptCose.decode(ReceiptCose.encode(receipt)),
                        ReceiptJson.receipt(ReceiptJson.encode(receipt)))) {
                    ReceiptVerdict verdict = verifier.verify(form);
                    assertThat(verdict.valid()).as(verdict.toString()).isTrue();
                }
            } catch (MalformedException e) {
                throw new AssertionError("a receipt that does not read back", e);
            }
            assertThat(receipt.leaf().id()).isEqualTo(id.array());
            assertThat(receipt.head().header().height()).isEqualTo(height);
            receiptHeads.put(id, receipt.head().header().hash());
            tally.receipts++;
            tally.older += receipt.newer() == null ? 0 : 1;
        }

        void settle() {
            cluster.weather(SimulatedCluster.Weather.CALM, Faults.none());
            cluster.startMissing();
            puts.stop();
            officer.stop();
            watching = false;
            await("answers", () -> puts.open() + officer.open() == 0);
            await("peers like the roster", cluster::isReconciled);
            await("one height", cluster::level);
            SimulatedNode any = cluster.nodes().getFirst();
            await(
                    "all of it on disk",
                    () -> any.core().writer().durableHeight()
                            == any.core().heads().height());
            assertThat(wrong).isEmpty();
            List<JournalEntry> journal = any.journal();
            Map<ByteBuffer, Long> truth = new HashMap<>();
            any.blocks("kv").forEach((height, block) -> {
                for (LedgerBlock.Executed transaction : block.transactions()) {
                    truth.put(ByteBuffer.wrap(transaction.id()), height);
                }
            });
            assertThat(truth).containsAllEntriesOf(committed);
            absentUpTo.forEach((id, height) -> assertThat(truth.getOrDefault(id, Long.MAX_VALUE))
                    .as("said to be in no block up to %d", height)
                    .isGreaterThan(height));
            receiptHeads.forEach((id, hash) -> assertThat(hash)
                    .isEqualTo(journal.get(Objects.requireNonNull(truth.get(id)).intValue())
                            .block()
                            .headerHash()));
            cluster.nodes().forEach(node -> {
                for (ByteBuffer id : puts.acknowledged().stream().limit(5).toList()) {
                    receipt(node.core().receipts(), id, Objects.requireNonNull(truth.get(id)));
                }
            });
            assertLostStayLost(journal, any.core().receipts());
        }

        /** Of what was sealed and not committed nobody has a nonce, neither outside nor by asking. */
        private void assertLostStayLost(List<JournalEntry> journal, Receipts receipts) {
            Set<ByteBuffer> known = new HashSet<>();
            journal.forEach(entry -> known.add(ByteBuffer.wrap(entry.block().headerHash())));
            Receipt like = Objects.requireNonNull(
                    receipts.receipt(puts.acknowledged().iterator().next().array()));
            ReceiptVerifier verifier = new ReceiptVerifier(cluster.serviceCertificate());
            for (SealedBlock block : sealed) {
                if (known.contains(ByteBuffer.wrap(block.headerHash()))) {
                    continue;
                }
                tally.lostBlocks++;
                int height = Math.toIntExact(block.header().height());
                JournalEntry instead = journal.get(Math.min(height, journal.size() - 1));
                SignedHead head = new SignedHead(
                        block.header(),
                        block.signature(),
                        instead.evidenceNonce(),
                        like.head().sealer(),
                        like.head().endorsement());
                assertThat(verifier.verify(head, like.identities()).checks())
                        .filteredOn(check -> check.check() == Check.EVIDENCE)
                        .isNotEmpty()
                        .noneMatch(ReceiptVerdict.Outcome::passed);
            }
        }

        private void await(String what, BooleanSupplier reached) {
            long patience = cluster.simulation().nowNanos() + TimeUnit.SECONDS.toNanos(120);
            while (!reached.getAsBoolean() && cluster.simulation().nowNanos() < patience) {
                cluster.runFor(100);
                cluster.startMissing();
            }
            assertThat(reached.getAsBoolean()).as(what).isTrue();
        }
    }
}
