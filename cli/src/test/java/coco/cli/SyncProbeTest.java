package coco.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SyncProbeTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void shouldGiveTheMedianAndLeaveNothing() throws IOException {
        AtomicLong reading = new AtomicLong();
        AtomicLong now = new AtomicLong();
        // The n-th write takes n milliseconds: two readings each, of which the second is later by that much.
        long median = SyncProbe.medianMicros(folder, () -> {
            long count = reading.getAndIncrement();
            return count % 2 == 0 ? now.get() : now.addAndGet((count + 1) / 2 * 1_000_000);
        });

        assertThat(median).isEqualTo(11_000);
        assertThat(folder).isEmptyDirectory();
    }
}
