package coco.journal;

import static org.assertj.core.api.Assertions.assertThat;

import coco.journal.Journal.Opening;
import coco.journal.ReadResult.Missing;
import coco.journal.testing.FaultyStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ranges that hold the first block of a recovery, border on it, or hold blocks before it whose nonces are lost. */
class RecoveredRangeTest {
    private static final JournalLimits SMALL = JournalLimits.DEFAULT.withChunkBytes(8 << 10);
    private static final int RECOVERY = 23;
    private static final int FIRST_WITHOUT_EVIDENCE = 19;
    private static final int BLOCKS = 50;

    private final TestNetwork network = new TestNetwork(12);
    private final FaultyStorage storage = new FaultyStorage(new Random(3));
    private final List<JournalEntry> chain = new ArrayList<>();
    private final Recoveries recoveries = first -> first.header().height() == RECOVERY ? FIRST_WITHOUT_EVIDENCE : -1;

    @BeforeEach
    void fill() {
        BlockSealer sealer = network.sealer();
        SealingKeys after = new SealingKeys(
                new EpochSecrets(network.serviceId, RECOVERY, TestNetwork.fill(8)),
                1,
                new EvidenceKey(network.serviceId, TestNetwork.fill(9)));
        ChainHead head = ChainHead.NONE;
        for (int height = 0; height < BLOCKS; height++) {
            SealingKeys keys = height < RECOVERY ? network.keys : after;
            int term = height < RECOVERY ? 3 : height == RECOVERY ? 4 : 5;
            BlockContent content = network.content(TestNetwork.GENESIS_MILLIS + 40L * height, 2, 100);
            SealedBlock block = sealer.seal(head, term, keys, content, network.publicWrites(height));
            boolean isLost = height >= FIRST_WITHOUT_EVIDENCE && height < RECOVERY;
            byte[] nonce =
                    isLost ? JournalEntry.noEvidence() : keys.evidence().nonce(EvidenceKey.seed(block.bytes(), 0));
            chain.add(new JournalEntry(
                    height == RECOVERY ? 0 : term,
                    height == RECOVERY ? -1 : height < RECOVERY ? 100 + height : height - RECOVERY,
                    nonce,
                    block));
            head = head.next(block);
        }
        try (Journal journal = open()) {
            chain.forEach(journal::append);
        }
    }

    private Journal open() {
        return ((Opening.Ready) Journal.open(storage, network.serviceId, SMALL)).journal();
    }

    /** Fills a gap with these; null if it was put in place, else why not. */
    private @Nullable String restore(Journal journal, Missing gap, List<JournalEntry> from, Recoveries decided) {
        try (ChunkRestore restore = Objects.requireNonNull(journal.restore(gap, decided))) {
            while (!restore.isComplete()) {
                String refusal = restore.append(from.get((int) restore.next()));
                if (refusal != null) {
                    return refusal;
                }
            }
            return restore.finish() instanceof ChunkRestore.Outcome.Refused(String words) ? words : null;
        }
    }

    @Test
    void shouldRestoreEveryRangeOfChunksAroundARecovery() {
        List<String> files = storage.list();
        int ranges = 0;
        for (int from = 0; from < files.size() - 1; from++) {
            for (int to = from + 1; to < files.size(); to++) {
                var good = storage.contents();
                Journal journal = open();
                files.subList(from, to).forEach(storage::delete);
                journal.check(0, bytes -> {});
                for (int height = 0; height < BLOCKS; height++) {
                    journal.read(height);
                }
                journal.quarantineDamaged();
                Missing gap = journal.gaps().getFirst();
                assertThat(restore(journal, gap, chain, recoveries))
                        .as("heights %d to %d", gap.firstHeight(), gap.lastHeight())
                        .isNull();
                assertThat(storage.contents().keySet()).isEqualTo(good.keySet());
                good.forEach((name, bytes) ->
                        assertThat(storage.bytes(name)).as(name).isEqualTo(bytes));
                journal.close();
                ranges++;
            }
        }
        assertThat(ranges).isGreaterThan(20);
    }

    @Test
    void shouldTakeNoOtherBlockWithoutANonceThanTheBallotsDo() {
        for (int wrong = -1; wrong < RECOVERY; wrong++) {
            int taken = wrong;
            boolean isRight = taken == FIRST_WITHOUT_EVIDENCE;
            EntryLinks links = new EntryLinks(network.serviceId, first -> taken, null);
            boolean isRefused = false;
            for (int height = 0; height < BLOCKS && !isRefused; height++) {
                isRefused = links.take(chain.get(height)) != null;
            }
            assertThat(isRefused).as("taken from %d on", taken).isEqualTo(!isRight);
        }
    }

    @Test
    void shouldRefuseBlocksOfWhichSomebodyTookTheNonceAway() {
        for (int stripped = 1; stripped < BLOCKS; stripped++) {
            EntryLinks links = new EntryLinks(network.serviceId, recoveries, null);
            boolean isRefused = false;
            for (JournalEntry entry : chain) {
                JournalEntry given = entry.height() == stripped
                        ? new JournalEntry(
                                entry.raftTerm(), entry.raftIndex(), JournalEntry.noEvidence(), entry.block())
                        : entry;
                isRefused |= links.next() == given.height() && links.take(given) != null;
            }
            boolean wasLost = stripped >= FIRST_WITHOUT_EVIDENCE && stripped < RECOVERY;
            assertThat(isRefused || links.isOpen()).as("nonce of %d", stripped).isEqualTo(!wasLost);
        }
    }

    @Test
    void shouldRefuseTheFirstBlockOfARecoveryThatCameByALog() {
        JournalEntry first = chain.get(RECOVERY);
        for (JournalEntry wrong : List.of(
                new JournalEntry(0, 7, first.evidenceNonce(), first.block()),
                new JournalEntry(4, -1, first.evidenceNonce(), first.block()),
                new JournalEntry(4, 200, first.evidenceNonce(), first.block()),
                new JournalEntry(0, -1, JournalEntry.noEvidence(), first.block()))) {
            EntryLinks links = new EntryLinks(network.serviceId, recoveries, chain.get(RECOVERY - 1));
            assertThat(links.take(wrong)).isNotNull();
            assertThat(links.take(first)).isNull();
        }
        EntryLinks unreadable = new EntryLinks(
                network.serviceId,
                block -> {
                    throw new MalformedException("cut off");
                },
                chain.get(RECOVERY - 1));
        assertThat(unreadable.take(first)).contains("cannot be read");
    }
}
