package coco.node;

import static org.assertj.core.api.Assertions.assertThat;

import coco.node.config.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The node's own log file. */
@Timeout(60)
final class LoggingTest {
    private static final Logger LOG = LoggerFactory.getLogger(LoggingTest.class);
    private static final long MAX_BYTES = 64 * 1024;

    @TempDir
    Path folder;

    @AfterEach
    void restore() {
        Logging.configure();
    }

    @Test
    void shouldSetALargeFileAsideAndKeepOneOlderOne() throws IOException {
        Path file = folder.resolve("a node.log");
        Path older = folder.resolve("a node.log.1");
        Logging.configure(Configuration.parse("""
            node: {id: n, dataDirectory: d, keysDirectory: k, sealingKeyFile: s, genesisFile: g, serviceCertificateFile: c}
            log: {file: "%s", maxBytes: 64KiB}
            """.formatted(file), true));
        for (int round = 0; round < 2; round++) {
            Files.deleteIfExists(older);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            for (int line = 0; !Files.exists(older); line++) {
                LOG.info("line {} of round {}", line, round);
                if (Files.size(file) > MAX_BYTES) {
                    // The size is looked at once a second: few lines until then, so that the test knows how many.
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                }
                assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            }
            LOG.info("the first line of a new file");
            assertThat(Files.size(older)).isBetween(MAX_BYTES, 2 * MAX_BYTES);
            assertThat(Files.size(file)).isLessThan(MAX_BYTES);
        }
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(file, older);
        }
    }
}
