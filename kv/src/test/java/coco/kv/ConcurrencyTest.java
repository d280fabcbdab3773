package coco.kv;

import static coco.kv.TestData.HASHED;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Readers and hashers on leased versions beside the writer. What each must see does not depend on timing. */
class ConcurrencyTest {
    private static final int ACCOUNTS = 200;
    private static final long TOTAL = ACCOUNTS * 1000L;
    private static final int VERSIONS = 1500;

    private final Store store = TestData.store();
    private final ConcurrentHashMap<Long, byte[]> digests = new ConcurrentHashMap<>();
    private volatile boolean done;

    private static byte[] account(int index) {
        return ByteBuffer.allocate(20)
                .putInt(index * 0x9e3779b1)
                .putInt(16, index)
                .array();
    }

    private static byte[] balance(long amount) {
        return ByteBuffer.allocate(8).putLong(amount).array();
    }

    /** Every version moves money between accounts: in each, whatever the moment, the sum is the same. */
    @Test
    void shouldShowEveryReaderOneConsistentVersionWhileTheWriterGoesOn() throws Exception {
        Draft draft = store.draft(store.head());
        for (int i = 0; i < ACCOUNTS; i++) {
            draft.put(HASHED, account(i), balance(1000));
        }
        draft.seal().close();
        List<Callable<Long>> readers = List.of(this::sumUntilDone, this::sumUntilDone, this::digestUntilDone);
        CountDownLatch started = new CountDownLatch(readers.size());
        List<Future<Long>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(readers.size())) {
            for (Callable<Long> reader : readers) {
                results.add(threads.submit(() -> {
                    started.countDown();
                    return reader.call();
                }));
            }
            assertThat(started.await(30, TimeUnit.SECONDS)).isTrue();
            try {
                moveMoney();
            } finally {
                done = true;
            }
            for (Future<Long> result : results) {
                assertThat(result.get(60, TimeUnit.SECONDS)).isPositive();
            }
        }
        NavigableMap<byte[], byte[]> entries = new TreeMap<>(Keys.ORDER);
        Cursor cursor = store.head().scan(HASHED, new byte[0], null);
        while (cursor.next()) {
            entries.put(cursor.key(), cursor.value());
        }
        assertThat(store.head().digest(HASHED)).isEqualTo(new PlainTree(new ShaDigest()).digest(entries, new byte[0]));
        store.reclaim(Integer.MAX_VALUE);
        assertThat(store.statistics().waitingBlocks()).isZero();
        HandleList reachable = new HandleList();
        for (int root : store.head().roots) {
            Editor.collectYounger(store.head().arena.slabs(), root, -1, reachable);
        }
        assertThat(store.statistics().liveBlocks()).isEqualTo(reachable.size());
    }

    private void moveMoney() {
        for (int i = 0; i < VERSIONS; i++) {
            Version base = store.head();
            Draft draft = store.draft(base);
            for (int j = 0; j < 10; j++) {
                move(draft, account((i * 7 + j) % ACCOUNTS), account((i * 13 + j * 3 + 1) % ACCOUNTS));
            }
            if (i % 11 == 5) {
                draft.discard();
                continue;
            }
            try (Version committed = base.lease();
                    Version sealed = draft.seal()) {
                byte[] digest = sealed.digest(HASHED);
                byte[] seen = digests.putIfAbsent(sealed.number(), digest);
                assertThat(seen == null ? digest : seen).isEqualTo(digest);
                if (i % 13 == 7) {
                    store.rollBackTo(committed);
                }
            }
        }
    }

    private static void move(Draft draft, byte[] from, byte[] to) {
        byte[] have = draft.get(HASHED, from);
        if (have == null) {
            return;
        }
        long amount = ByteBuffer.wrap(have).getLong();
        draft.remove(HASHED, from);
        byte[] other = draft.get(HASHED, to);
        draft.put(
                HASHED,
                to,
                balance(amount + (other == null ? 0 : ByteBuffer.wrap(other).getLong())));
        if (other != null) {
            long half = amount / 2;
            draft.put(HASHED, from, balance(half));
            draft.put(HASHED, to, balance(amount - half + ByteBuffer.wrap(other).getLong()));
        }
    }

    private long sumUntilDone() {
        long passes = 0;
        do {
            try (Version version = store.leaseHead()) {
                if (version.size(HASHED) > 0) {
                    long sum = 0;
                    Cursor cursor = version.scan(HASHED, new byte[0], null);
                    while (cursor.next()) {
                        assertThat(version.get(HASHED, cursor.key())).isEqualTo(cursor.value());
                        sum += ByteBuffer.wrap(cursor.value()).getLong();
                    }
                    assertThat(sum).isEqualTo(TOTAL);
                }
            }
            passes++;
        } while (!done);
        return passes;
    }

    /** Two threads may digest the same nodes at once; both, and later digests from the same nodes, agree. */
    private long digestUntilDone() {
        long passes = 0;
        do {
            try (Version version = store.leaseHead()) {
                byte[] digest = version.digest(HASHED);
                byte[] seen = digests.putIfAbsent(version.number(), digest);
                assertThat(seen == null ? digest : seen).isEqualTo(digest);
                passes++;
            }
        } while (!done);
        return passes;
    }
}
