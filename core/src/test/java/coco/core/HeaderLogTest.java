package coco.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.journal.BlockHeader;
import coco.journal.HeaderLink;
import coco.journal.LogFrontier;
import coco.journal.Merkle;
import coco.ledgers.api.LedgerException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeaderLogTest {
    private static final int BLOCKS = 700;

    private final List<BlockHeader> headers = chain();
    /** What the disk gives back. */
    private final List<BlockHeader> disk = new ArrayList<>(headers);

    private final List<Long> suspects = new ArrayList<>();
    private long reads;
    private final HeaderLog log = new HeaderLog(
            height -> {
                reads++;
                BlockHeader header = disk.get((int) height);
                return new HeaderLink(header.hash(), header.parent());
            },
            suspects::add);

    private static List<BlockHeader> chain() {
        List<BlockHeader> chain = new ArrayList<>();
        LogFrontier frontier = LogFrontier.EMPTY;
        byte[] parent = new byte[32];
        for (int height = 0; height < BLOCKS; height++) {
            BlockHeader header = header(height, parent, frontier.root(), 0);
            chain.add(header);
            parent = header.hash();
            frontier = frontier.append(parent);
        }
        return chain;
    }

    private static BlockHeader header(long height, byte[] parent, byte[] logRoot, int damage) {
        byte[] any = ByteBuffer.allocate(32).putInt(damage).array();
        return new BlockHeader(
                1, any, 0, height, 1, 0, any, 0, parent, 1_800_000_000, any, logRoot, any, any, any, any);
    }

    private void damage(int height) {
        BlockHeader whole = headers.get(height);
        disk.set(height, header(height, whole.parent(), whole.logRoot(), 7));
    }

    private boolean proves(int height, int later) {
        BlockHeader head = headers.get(later);
        return Merkle.includes(head.logRoot(), headers.get(height).hash(), log.inclusion(height, head))
                && Merkle.consistent(
                        height, headers.get(height).logRoot(), later, head.logRoot(), log.consistency(height, head));
    }

    @Test
    void shouldProveWhateverWasAskedForBefore() {
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            int later = 1 + random.nextInt(BLOCKS - 1);
            int height = random.nextInt(later);
            assertThat(proves(height, later))
                    .as("block %d in %d", height, later)
                    .isTrue();
        }
        assertThat(suspects).isEmpty();
    }

    @Test
    void shouldProveAgainWhenABadHeaderWasRepaired() {
        assertThat(proves(10, 300)).isTrue();
        damage(400);
        for (int again = 0; again < 3; again++) {
            assertThatThrownBy(() -> log.inclusion(20, headers.get(600))).isInstanceOf(LedgerException.class);
        }
        assertThat(suspects).contains(400L, 401L);
        assertThat(proves(10, 300)).as("what lies before it").isTrue();
        disk.set(400, headers.get(400));
        assertThat(proves(20, 600)).isTrue();
        assertThat(proves(399, 402)).isTrue();
    }

    @Test
    void shouldReadNothingTwiceWhenABadHeaderIsAskedForAgain() {
        damage(500);
        assertThatThrownBy(() -> log.inclusion(20, headers.get(600))).isInstanceOf(LedgerException.class);
        reads = 0;
        assertThatThrownBy(() -> log.inclusion(20, headers.get(600))).isInstanceOf(LedgerException.class);
        assertThat(reads).isLessThanOrEqualTo(2);
    }

    @Test
    void shouldFindTheHeaderBeforeTheHeadDamaged() {
        damage(599);
        assertThatThrownBy(() -> log.inclusion(20, headers.get(600))).isInstanceOf(LedgerException.class);
        assertThat(suspects).containsExactly(599L, 600L);
    }

    @Test
    void shouldGrowAnewWhenItWasGrownFromAnotherChainThatHoldsTogether() {
        // Everything that is on disk was made again by somebody, and put right after.
        byte[] parent = headers.get(99).hash();
        for (int height = 100; height < BLOCKS; height++) {
            disk.set(height, header(height, parent, headers.get(height).logRoot(), 9));
            parent = disk.get(height).hash();
        }
        log.inclusion(20, disk.get(400));
        for (int height = 100; height < BLOCKS; height++) {
            disk.set(height, headers.get(height));
        }
        BlockHeader head = headers.get(600);
        assertThat(Merkle.includes(head.logRoot(), headers.get(20).hash(), log.inclusion(20, head)))
                .isFalse();
        log.forget();
        assertThat(proves(20, 600)).isTrue();
    }
}
