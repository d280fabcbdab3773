package coco.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** How long a folder's disk takes to make a small write durable: every commit waits for that on a majority of nodes. */
final class SyncProbe {
    private static final int WRITES = 21;
    /** About a sealed block of a few transactions. */
    private static final int WRITE_BYTES = 4096;

    private SyncProbe() {}

    /**
     * The median of a few appends with fdatasync, in microseconds. Leaves nothing behind.
     *
     * @param nanoClock as {@link System#nanoTime}
     */
    static long medianMicros(Path folder, LongSupplier nanoClock) throws IOException {
        Path file = Files.createTempFile(folder, ".coco-doctor-", ".tmp");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long[] micros = new long[WRITES];
            for (int i = 0; i < WRITES; i++) {
                channel.write(ByteBuffer.allocate(WRITE_BYTES), (long) i * WRITE_BYTES);
                long start = nanoClock.getAsLong();
                channel.force(false);
                micros[i] = (nanoClock.getAsLong() - start) / 1_000;
            }
            Arrays.sort(micros);
            return micros[WRITES / 2];
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
