package coco.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import coco.consensus.ConsensusLimits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CommitNudgeTest {
    private static final long COMMITTED = 10;

    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final Events events = new Events("test", failure::complete);

    @AfterEach
    void close() throws InterruptedException {
        events.close(Duration.ofSeconds(10));
        assertThat(failure).isNotDone();
    }

    /** A follower that writes its last entry after some looks, and learns of the commit by some heartbeat. */
    private static final class Fake implements CommitNudge.Follower {
        private final CountDownLatch upToDate = new CountDownLatch(1);
        private final boolean answers;
        private final int heartbeatsNeeded;
        private int looksUntilWritten;
        private volatile int heartbeats;

        Fake(boolean answers, int looksUntilWritten, int heartbeatsNeeded) {
            this.answers = answers;
            this.looksUntilWritten = looksUntilWritten;
            this.heartbeatsNeeded = heartbeatsNeeded;
        }

        @Override
        public Object identity() {
            return this;
        }

        @Override
        public boolean answers() {
            return answers;
        }

        @Override
        public long matchIndex() {
            return looksUntilWritten-- > 0 ? COMMITTED - 1 : COMMITTED;
        }

        @Override
        public long commitIndex() {
            return heartbeats >= heartbeatsNeeded ? COMMITTED : COMMITTED - 1;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread sends
        public void sendHeartbeat() {
            heartbeats++;
            if (heartbeats == heartbeatsNeeded) {
                upToDate.countDown();
            }
        }
    }

    private CommitNudge nudge(Fake... followers) {
        CommitNudge.Leader leader = new CommitNudge.Leader() {
            @Override
            public List<CommitNudge.Follower> followers() {
                return List.of(followers);
            }

            @Override
            public long commitIndex() {
                return COMMITTED;
            }
        };
        return new CommitNudge(ConsensusLimits.standard(), events, () -> leader);
    }

    private void settle() throws InterruptedException {
        // The one event thread is idle again when something posted behind
        // everything else, twice the interval later, has run.
        CountDownLatch idle = new CountDownLatch(1);
        events.schedule(Duration.ofMillis(100), idle::countDown);
        assertThat(idle.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void shouldSendOnceWhenAFollowerIsBehind() throws InterruptedException {
        Fake follower = new Fake(true, 0, 1);
        nudge(follower).nudge();
        assertThat(follower.upToDate.await(60, TimeUnit.SECONDS)).isTrue();
        settle();
        assertThat(follower.heartbeats).isEqualTo(1);
    }

    @Test
    void shouldSendNothingUntilASlowFollowerHasWritten() throws InterruptedException {
        Fake slow = new Fake(true, 8, 1);
        nudge(slow).nudge();
        assertThat(slow.upToDate.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(slow.heartbeats).isEqualTo(1);
    }

    @Test
    void shouldStopAfterTheLimitWhenAFollowerDoesNotLearn() throws InterruptedException {
        Fake deaf = new Fake(true, 0, 1_000);
        nudge(deaf).nudge();
        settle();
        settle();
        assertThat(deaf.heartbeats).isEqualTo(ConsensusLimits.standard().nudgesMax());
    }

    @Test
    void shouldLeaveSilentFollowersAlone() throws InterruptedException {
        Fake silent = new Fake(false, 0, 1);
        Fake well = new Fake(true, 0, 1);
        nudge(silent, well).nudge();
        assertThat(well.upToDate.await(60, TimeUnit.SECONDS)).isTrue();
        settle();
        assertThat(silent.heartbeats).isZero();
    }
}
