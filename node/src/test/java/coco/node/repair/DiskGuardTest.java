package coco.node.repair;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.PeerId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DiskGuardTest {
    private static final long RESERVE = 800;
    private static final PeerId TWO = new PeerId("node-2");
    private static final PeerId THREE = new PeerId("node-3");

    private final FakeDesk desk = new FakeDesk();
    private final DiskGuard guard = new DiskGuard(desk, RESERVE, 0);

    private static final class FakeDesk implements DiskGuard.Desk {
        private final Map<PeerId, Boolean> space = new HashMap<>(Map.of(TWO, true, THREE, true));
        private final List<PeerId> handedTo = new ArrayList<>();
        private final List<String> ended = new ArrayList<>();
        private long journal = 10_000;
        private long raft = 10_000;
        private boolean leads;
        private @Nullable String stopped;

        @Override
        public List<DiskGuard.Space> spaces() {
            return List.of(new DiskGuard.Space("journal", journal), new DiskGuard.Space("raft", raft));
        }

        @Override
        public void writes(@Nullable String why) {
            stopped = why;
        }

        @Override
        public boolean leads() {
            return leads;
        }

        @Override
        public Set<PeerId> others() {
            return Set.of(TWO, THREE);
        }

        @Override
        public CompletableFuture<Boolean> hasSpace(PeerId node) {
            Boolean answer = space.get(node);
            return answer == null
                    ? CompletableFuture.failedFuture(new IllegalStateException("down"))
                    : CompletableFuture.completedFuture(answer);
        }

        @Override
        public CompletableFuture<Boolean> handOver(PeerId node) {
            handedTo.add(node);
            leads = false;
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void end(String why) {
            ended.add(why);
        }
    }

    @Test
    void shouldStopWritesBelowTheReserveOfAnyFolderAndGoOnAboveIt() throws InterruptedException {
        guard.look(1);
        assertThat(desk.stopped).isNull();
        desk.raft = RESERVE - 1;
        guard.look(2);
        assertThat(desk.stopped).contains("799 bytes are left for raft").contains("disk.reserve");
        assertThat(guard.hasSpace()).isFalse();
        assertThat(guard.freeBytes()).isEqualTo(RESERVE - 1);
        desk.raft = RESERVE;
        guard.look(3);
        assertThat(desk.stopped).isNull();
        assertThat(guard.hasSpace()).isTrue();
        assertThat(desk.ended).isEmpty();
    }

    @Test
    void shouldHandTheLeadToANodeThatHasSpaceAndToNoOther() throws InterruptedException {
        desk.leads = true;
        desk.journal = 500;
        desk.space.put(TWO, false);
        guard.look(1);
        assertThat(desk.handedTo).containsExactly(THREE);
        desk.leads = true;
        guard.look(2);
        assertThat(desk.handedTo).as("not again at once").hasSize(1);
        guard.look(TimeUnit.MINUTES.toNanos(1));
        assertThat(desk.handedTo).hasSize(2);
    }

    @Test
    void shouldKeepTheLeadWhenNobodyHasSpaceOrAnswers() throws InterruptedException {
        desk.leads = true;
        desk.journal = 500;
        desk.space.put(TWO, false);
        desk.space.remove(THREE);
        guard.look(1);
        assertThat(desk.handedTo).isEmpty();
        assertThat(desk.stopped).isNotNull();
    }

    @Test
    void shouldStopALeaderWithSpaceWhenOnlyAMinorityHasIt() throws InterruptedException {
        desk.leads = true;
        desk.space.put(TWO, false);
        guard.look(1);
        assertThat(desk.stopped).isNull();
        desk.space.put(THREE, false);
        guard.look(2);
        assertThat(desk.stopped).contains("minority");
        assertThat(desk.handedTo).isEmpty();
        desk.space.put(THREE, true);
        guard.look(3);
        assertThat(desk.stopped).isNull();
    }

    @Test
    void shouldTakeANodeThatIsDownForOneThatWritesNothing() throws InterruptedException {
        desk.leads = true;
        desk.space.clear();
        guard.look(1);
        assertThat(desk.stopped).isNull();
    }

    @Test
    void shouldEndInOrderOnceBelowTheFloor() throws InterruptedException {
        desk.raft = DiskGuard.floor(RESERVE) - 1;
        guard.look(1);
        guard.look(2);
        assertThat(desk.ended).singleElement().asString().contains("raft").contains("99 bytes");
    }

    @Test
    void shouldDoNothingWithoutAReserve() throws InterruptedException {
        desk.raft = 0;
        new DiskGuard(desk, 0, 0).look(1);
        assertThat(desk.stopped).isNull();
        assertThat(desk.ended).isEmpty();
    }
}
