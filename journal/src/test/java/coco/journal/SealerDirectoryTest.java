package coco.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class SealerDirectoryTest {
    private final X509Certificate service = new TestNetwork(1).node;
    private final X509Certificate node = new TestNetwork(2).node;
    private final SealerDirectory.Tracked sealers = new SealerDirectory.Tracked();

    private List<Long> sealedBy(X509Certificate certificate) {
        return LongStream.rangeClosed(0, 6)
                .filter(height -> sealers.publicKey(SealerChange.digest(certificate), height) != null)
                .boxed()
                .toList();
    }

    @Test
    void shouldLetNodesSealOnlyAfterTheHistoryThatTheServiceSealed() {
        sealers.apply(
                0,
                List.of(
                        new SealerChange.Admitted(node),
                        new SealerChange.Admitted(service),
                        new SealerChange.Removed(SealerChange.digest(service), 3)));

        assertThat(sealedBy(service)).containsExactly(0L, 1L, 2L, 3L);
        assertThat(sealedBy(node)).containsExactly(4L, 5L, 6L);
    }

    @Test
    void shouldLetNodesSealFromGenesisOnWhenNobodyElseDoes() {
        sealers.apply(0, List.of(new SealerChange.Admitted(node)));
        sealers.apply(2, List.of(new SealerChange.Admitted(service)));
        sealers.apply(4, List.of(new SealerChange.Removed(SealerChange.digest(node), 5)));

        assertThat(sealedBy(node)).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(sealedBy(service)).containsExactly(3L, 4L, 5L, 6L);
    }
}
