package coco.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class WakeableTaskTest {
    private final ArrayDeque<Runnable> threads = new ArrayDeque<>();
    private final List<String> runs = new ArrayList<>();

    @Test
    void shouldRunOnceHoweverOftenItWasWokenBefore() {
        WakeableTask task = new WakeableTask(threads::add, () -> runs.add("run"));
        task.run();
        task.run();
        task.run();
        assertThat(threads).hasSize(1);
        threads.remove().run();
        assertThat(runs).hasSize(1);
        task.run();
        threads.remove().run();
        assertThat(runs).hasSize(2);
    }

    @Test
    void shouldRunOnceMoreWhenWokenWhileItRuns() {
        WakeableTask[] itself = new WakeableTask[1];
        itself[0] = new WakeableTask(threads::add, () -> {
            runs.add("run");
            if (runs.size() < 3) {
                itself[0].run();
                itself[0].run();
            }
        });
        itself[0].run();
        threads.remove().run();
        assertThat(runs).hasSize(3);
        assertThat(threads).isEmpty();
    }

    @Test
    void shouldBeReadyAgainAfterAFailure() {
        WakeableTask task = new WakeableTask(threads::add, () -> {
            runs.add("run");
            throw new IllegalStateException("planted");
        });
        for (int i = 0; i < 2; i++) {
            task.run();
            threads.remove().run();
        }
        assertThat(runs).hasSize(2);
    }

    @Test
    void shouldBeReadyAgainAfterAnError() {
        WakeableTask task = new WakeableTask(threads::add, () -> {
            runs.add("run");
            throw new OutOfMemoryError("planted");
        });
        for (int i = 0; i < 2; i++) {
            task.run();
            threads.remove().run();
        }
        assertThat(runs).hasSize(2);
    }

    @Test
    void shouldNotFailWhoeverWakesItWhenThereIsNoThread() {
        WakeableTask task = new WakeableTask(
                work -> {
                    if (runs.isEmpty()) {
                        runs.add("refused");
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    threads.add(work);
                },
                () -> runs.add("run"));
        task.run();
        task.run();
        threads.remove().run();
        assertThat(runs).containsExactly("refused", "run");
    }

    @Test
    void shouldNeverRunTwiceAtATimeAndMissNoWaking() throws Exception {
        AtomicInteger news = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4);
        try (ExecutorService real = Executors.newCachedThreadPool()) {
            WakeableTask task = new WakeableTask(real, () -> {
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                told.set(news.get());
                atOnce.decrementAndGet();
            });
            for (int thread = 0; thread < 4; thread++) {
                Thread.startVirtualThread(() -> {
                    for (int i = 0; i < 10_000; i++) {
                        news.incrementAndGet();
                        task.run();
                    }
                    done.countDown();
                });
            }
            assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(told.get()).isEqualTo(40_000);
        assertThat(most.get()).isEqualTo(1);
    }
}
