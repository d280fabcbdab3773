package coco.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.node.config.Configuration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who works on how many threads. */
@Timeout(60)
final class ComputePoolTest {
    private static final String REQUIRED =
            "node: {id: n, dataDirectory: d, keysDirectory: k, sealingKeyFile: s, genesisFile: g,"
                    + " serviceCertificateFile: c}\n";

    @Test
    void shouldAdmitWhileEveryReaderIsBusyAndTheirQueueFull() throws Exception {
        Configuration configuration = Configuration.parse(REQUIRED + "rpc: {readQueue: 3}\n", true);
        CountDownLatch release = new CountDownLatch(1);
        try (ComputePool admission = ComputePool.admission(configuration, 2);
                ComputePool reading = ComputePool.reading(configuration, 2)) {
            for (int i = 0; i < 4; i++) {
                reading.executor().execute(() -> await(release));
            }
            assertThat(reading.waiting()).isEqualTo(3);
            assertThatThrownBy(() -> reading.executor().submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);

            assertThat(admission.executor().submit(() -> 42).get()).isEqualTo(42);

            release.countDown();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 2, 1", "3, 3, 1", "8, 8, 4"})
    void shouldLeaveHalfTheProcessorsToAdmissionAndReplication(int processors, int admitting, int readers) {
        Configuration configuration = Configuration.parse(REQUIRED, true);
        try (ComputePool admission = ComputePool.admission(configuration, processors);
                ComputePool reading = ComputePool.reading(configuration, processors)) {
            assertThat(admission.executor().getMaximumPoolSize()).isEqualTo(admitting);
            assertThat(reading.executor().getMaximumPoolSize()).isEqualTo(readers);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }
}
