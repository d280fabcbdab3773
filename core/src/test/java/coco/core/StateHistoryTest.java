package coco.core;

import static org.assertj.core.api.Assertions.assertThat;

import coco.kv.Draft;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Version;
import coco.kv.Visibility;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StateHistoryTest {
    private static final MapSpec MAP = new MapSpec("map", Visibility.PUBLIC);
    private static final int KEYS = 64;

    private static CoreLimits limits(int stateBlocks, long stateBytes) {
        CoreLimits d = CoreLimits.DEFAULTS;
        return new CoreLimits(
                d.batchMinIntervalMillis(),
                d.batchMaxTransactions(),
                d.batchMaxExecutionMillis(),
                d.blockMaxBytes(),
                d.window(),
                d.heartbeatMillis(),
                stateBlocks,
                stateBytes);
    }

    private static byte[] number(long number) {
        return ByteBuffer.allocate(8).putLong(number).array();
    }

    /** A chain as the core drives it: speculation ahead of the committed state, lost at times, and promoted. */
    private static final class Run {
        private final Random random;
        private final Store store = new Store(List.of(MAP), StoreLimits.DEFAULT);
        private final StateHistory history;
        private final List<long[]> models = new ArrayList<>();
        private Version committed = store.leaseHead();

        Run(long seed, CoreLimits limits) {
            random = new Random(seed);
            history = new StateHistory(limits);
            models.add(new long[KEYS]);
            history.keep(0, committed, store.statistics());
        }

        private Version next(long[] model) {
            Draft draft = store.draft(store.head());
            for (int i = random.nextInt(12); i > 0; i--) {
                int key = random.nextInt(KEYS);
                model[key] = random.nextLong();
                draft.put(MAP, number(key), number(model[key]));
            }
            return draft.seal();
        }

        void block() {
            while (random.nextInt(4) == 0) {
                long[] lost = models.getLast().clone();
                next(lost).close();
                next(lost).close();
                store.rollBackTo(committed);
            }
            long[] model = models.getLast().clone();
            Version before = committed;
            committed = next(model);
            models.add(model);
            history.keep(models.size() - 1, committed, store.statistics());
            before.close();
        }

        void check(long height) {
            try (Version version = Objects.requireNonNull(history.lease(height))) {
                long[] model = models.get((int) height);
                for (int key = 0; key < KEYS; key++) {
                    byte[] value = version.get(MAP, number(key));
                    assertThat(value == null ? 0 : ByteBuffer.wrap(value).getLong())
                            .isEqualTo(model[key]);
                }
            }
        }

        long newest() {
            return models.size() - 1L;
        }
    }

    @Property(tries = 40)
    void shouldReadKeptStatesExactlyAsTheyWere(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int blocks,
            @ForAll @IntRange(max = 3) int kilobytes) {
        Run run = new Run(seed, limits(blocks, 2_000L << (3 * kilobytes)));
        for (int i = 0; i < 200; i++) {
            run.block();
            int count = run.history.count();
            assertThat(count).isBetween(1, blocks);
            assertThat(run.history.bytes()).isBetween(0L, 2_000L << (3 * kilobytes));
            run.check(run.newest() - run.random.nextInt(count));
        }
        int count = run.history.count();
        for (int back = 0; back < count; back++) {
            run.check(run.newest() - back);
        }
        assertThat(run.history.lease(run.newest() - count)).isNull();
        assertThat(run.history.lease(run.newest() + 1)).isNull();
        // What was let go is noticed when the store is used next.
        run.store.draft(run.store.head()).discard();
        assertThat(run.store.statistics().versions()).isEqualTo(count);
    }

    @Test
    void shouldKeepTheNewestOnlyWhenTheStoreHasNoRoomForMore() {
        Store store = new Store(List.of(MAP), StoreLimits.DEFAULT.withStoreBytes(4 << 20));
        StateHistory history = new StateHistory(limits(1_000, 1L << 30));
        byte[] large = new byte[20_000];
        for (int height = 0; height < 400; height++) {
            Draft draft = store.draft(store.head());
            large[0] = (byte) (height / 100 + 1);
            draft.put(MAP, number(height % 100), large);
            try (Version version = draft.seal()) {
                history.keep(height, version, store.statistics());
            }
            // What the newest state takes, what replaces it, and a quarter beside them.
            assertThat(history.bytes()).isLessThanOrEqualTo(3 << 20);
        }
        assertThat(history.count()).isBetween(2, 60);
        assertThat(store.statistics().liveBytes()).isLessThan(4 << 20);
    }

    @Test
    void shouldLetReadersFinishWhenTheirStateIsDropped() throws Exception {
        Run run = new Run(11, limits(4, 1L << 30));
        AtomicLong newest = new AtomicLong();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Random choices = new Random(i);
                readers.add(threads.submit(() -> readUntil(run, newest, choices)));
            }
            for (int i = 0; i < 3_000; i++) {
                run.block();
                newest.set(run.newest());
            }
            long found = 0;
            for (Future<Long> reader : readers) {
                found += reader.get(60, TimeUnit.SECONDS);
            }
            assertThat(found).isPositive();
        }
    }

    /** Reads a state twice while the writer goes on: it stays what it is, whether or not it is still kept. */
    private static long readUntil(Run run, AtomicLong newest, Random choices) {
        long found = 0;
        while (newest.get() < 3_000) {
            try (Version version = run.history.lease(newest.get() - choices.nextInt(5))) {
                if (version != null) {
                    found++;
                    assertThat(sum(version)).isEqualTo(sum(version));
                }
            }
        }
        return found;
    }

    private static long sum(Version version) {
        long sum = 0;
        for (int key = 0; key < KEYS; key++) {
            byte[] value = version.get(MAP, number(key));
            sum += value == null ? 0 : ByteBuffer.wrap(value).getLong() * (key + 1);
        }
        return sum;
    }
}
