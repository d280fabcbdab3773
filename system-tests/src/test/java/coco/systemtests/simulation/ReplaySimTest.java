package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.consensus.testing.Faults;
import coco.core.CoreLimits;
import coco.journal.JournalEntry;
import coco.journal.MalformedException;
import coco.journal.SealedBlock;
import coco.ledgers.kv.KvLedgerFactory;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a start believes of the journal that it finds on its own disk. */
class ReplaySimTest {
    private static final int SIGNATURE_BYTES = 64;

    private final SimulatedCluster cluster = new SimulatedCluster(
            3,
            Faults.none(),
            List.of(new KvLedgerFactory()),
            Map.of("kv", new byte[0]),
            CoreLimits.DEFAULTS,
            UnaryOperator.identity());
    private final SimulatedNode node = cluster.nodes().getFirst();
    private long height;

    @BeforeEach
    void fillAndStop() {
        cluster.startAll();
        Workload puts = new Workload(cluster);
        puts.start(5);
        cluster.runFor(4_000);
        puts.stop();
        cluster.runFor(3_000);
        assertThat(cluster.level()).isTrue();
        height = cluster.highest();
        assertThat(height).isGreaterThan(20);
        cluster.stop(node);
    }

    private void restart() {
        cluster.startMissing();
        cluster.runFor(1_000);
    }

    private static JournalEntry withBlock(JournalEntry entry, byte[] block) {
        try {
            return new JournalEntry(
                    entry.raftTerm(), entry.raftIndex(), entry.evidenceNonce(), SealedBlock.parse(block));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static JournalEntry flipped(JournalEntry entry, int fromTheEnd) {
        byte[] bytes = entry.block().bytes().clone();
        bytes[bytes.length - fromTheEnd] ^= 1;
        return withBlock(entry, bytes);
    }

    @Test
    void shouldComeBackToTheSameStateWhenTheJournalIsAsItWas() {
        node.rewriteJournal(entry -> entry);
        restart();
        assertThat(node.core().heads().height()).isEqualTo(height);
        cluster.assertSameState();
    }

    @Test
    void shouldNotStartWhenTheNewestBlockIsNotSigned() {
        node.rewriteJournal(entry -> entry.height() == height ? flipped(entry, 1) : entry);
        assertThatThrownBy(this::restart).hasMessageContaining("BAD_SIGNATURE");
    }

    @Test
    void shouldNotStartWhenABlockInTheMiddleIsNotProvenToBeCommitted() {
        node.rewriteJournal(entry -> entry.height() == height / 2
                ? new JournalEntry(entry.raftTerm(), entry.raftIndex(), new byte[32], entry.block())
                : entry);
        assertThatThrownBy(this::restart).hasMessageContaining("WRONG_EVIDENCE");
    }

    @Test
    void shouldNotStartWhenABlockInTheMiddleWasChanged() {
        node.rewriteJournal(entry -> entry.height() == height / 2 ? flipped(entry, SIGNATURE_BYTES + 1) : entry);
        assertThatThrownBy(this::restart).hasMessageContaining("WRONG_PRIVATE_PART");
    }

    /** The signature of an older block proves nothing that the chain to the newest one does not. */
    @Test
    void shouldComeBackToTheSameStateWhenOnlyAnOldSignatureIsDamaged() {
        node.rewriteJournal(entry -> entry.height() == height / 2 ? flipped(entry, 1) : entry);
        restart();
        assertThat(node.core().heads().height()).isEqualTo(height);
    }
}
