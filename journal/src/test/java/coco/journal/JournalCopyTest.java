package coco.journal;

import static org.assertj.core.api.Assertions.assertThat;

import coco.journal.Journal.Opening;
import coco.journal.ReadResult.Found;
import coco.journal.testing.FaultyStorage;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalCopyTest {
    private static final JournalLimits SMALL = JournalLimits.DEFAULT.withChunkBytes(8 << 10);

    private static TestNetwork network = new TestNetwork(1);
    private static List<JournalEntry> chain = List.of();

    private final FaultyStorage source = new FaultyStorage(new Random(1));
    private final FaultyStorage copy = new FaultyStorage(new Random(2));

    @BeforeAll
    static void seal() {
        network = new TestNetwork(31);
        chain = network.chain(60, 2, 100);
    }

    private static Journal open(Storage storage) {
        return ((Opening.Ready) Journal.open(storage, network.serviceId, SMALL)).journal();
    }

    private static void assertHolds(Storage storage, long lastHeight) {
        Opening.Ready ready = (Opening.Ready) Journal.open(storage, network.serviceId, SMALL);
        assertThat(ready.report().notes()).isEmpty();
        assertThat(ready.journal().lastHeight()).isEqualTo(lastHeight);
        for (int height = 0; height <= lastHeight; height++) {
            assertThat(ready.journal().read(height))
                    .isInstanceOfSatisfying(
                            Found.class,
                            found -> assertThat(found.entry().block())
                                    .isEqualTo(chain.get((int) found.entry().height())
                                            .block()));
        }
        ready.journal().close();
    }

    @Test
    void shouldCopyWhatIsNewWhenItIsCopiedAgain() {
        Journal journal = open(source);
        chain.subList(0, 30).forEach(journal::append);
        JournalCopy.Copied first = new JournalCopy(source, copy, SMALL).run();
        assertThat(first.lastHeight()).isEqualTo(29);
        assertThat(first.damaged()).isEmpty();
        chain.subList(30, 60).forEach(journal::append);
        JournalCopy.Copied second = new JournalCopy(source, copy, SMALL).run();
        assertThat(second.lastHeight()).isEqualTo(59);
        assertThat(second.kept()).isEqualTo(first.copied() - 1);
        copy.crash();
        assertHolds(copy, 59);
    }

    @Test
    void shouldNameDamageAndCopyTheRest() {
        Journal journal = open(source);
        chain.forEach(journal::append);
        String damaged = source.list().get(1);
        source.flip(damaged, 900, 2);
        JournalCopy.Copied copied = new JournalCopy(source, copy, SMALL).run();
        assertThat(copied.damaged()).singleElement().asString().startsWith(damaged);
        assertThat(copy.list()).doesNotContain(damaged).hasSize(source.list().size() - 1);
    }

    @Test
    void shouldReplaceACopyThatWentBad() {
        Journal journal = open(source);
        chain.forEach(journal::append);
        new JournalCopy(source, copy, SMALL).run();
        copy.flip(copy.list().getFirst(), 500, 1);
        assertThat(new JournalCopy(source, copy, SMALL).run().copied()).isEqualTo(2);
        assertHolds(copy, 59);
    }

    @Test
    void shouldCopyAWholePrefixAtAnyMomentWhileItIsWritten(@TempDir Path folder) throws InterruptedException {
        FileStorage files = new FileStorage(folder.resolve("journal"));
        FileStorage copies = new FileStorage(folder.resolve("copy"));
        AtomicReference<Throwable> failed = new AtomicReference<>();
        try (Journal journal = open(files)) {
            journal.append(chain.getFirst());
            Thread writer = Thread.ofPlatform().start(() -> {
                for (JournalEntry entry : chain.subList(1, 60)) {
                    journal.append(entry);
                    journal.force();
                }
            });
            writer.setUncaughtExceptionHandler((thread, cause) -> failed.set(cause));
            int copied = 0;
            while (writer.isAlive() || copied == 0) {
                JournalCopy.Copied part = new JournalCopy(files, copies, SMALL).run();
                assertThat(part.damaged()).isEmpty();
                assertHolds(copies, part.lastHeight());
                copied++;
            }
            writer.join();
        }
        assertThat(failed).hasNullValue();
    }
}
