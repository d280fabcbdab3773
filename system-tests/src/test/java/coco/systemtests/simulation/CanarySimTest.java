package coco.systemtests.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import coco.systemtests.canary.Canary;
import coco.systemtests.canary.CanarySearch;
import coco.systemtests.canary.EncryptionOff;
import java.io.IOException;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanarySimTest {
    @TempDir
    private Path folder = Path.of("");

    private final Random random = new Random(11);
    private final List<Canary> canaries = IntStream.range(0, 12)
            .mapToObj(i -> Canary.bytes("canary " + i, random))
            .toList();
    private final CanarySearch search = new CanarySearch(canaries);

    @Test
    void shouldHandNoSecretToReplicationWhenBlocksAreEncrypted() {
        List<byte[]> replicated = new ReplicatedBytes().apply(values());
        assertThat(replicated).isNotEmpty();
        assertThat(found(replicated)).isEmpty();
    }

    @Test
    void shouldFindEverySecretInReplicationWhenEncryptionIsOff() throws Exception {
        try (URLClassLoader world = EncryptionOff.world(folder)) {
            assertThat(found(capture(world)))
                    .extracting(CanarySearch.Finding::canary)
                    .containsAll(canaries.stream().map(Canary::name).toList());
        }
    }

    private List<byte[]> values() {
        return canaries.stream().map(Canary::bytes).toList();
    }

    @SuppressWarnings("unchecked") // another world's class, of which only the platform's types are known here
    private List<byte[]> capture(URLClassLoader world) throws ReflectiveOperationException, IOException {
        Class<?> other = world.loadClass(ReplicatedBytes.class.getName());
        assertThat(other).isNotSameAs(ReplicatedBytes.class);
        return ((Function<List<byte[]>, List<byte[]>>) other.getConstructor().newInstance()).apply(values());
    }

    private List<CanarySearch.Finding> found(List<byte[]> replicated) {
        List<CanarySearch.Finding> findings = new ArrayList<>();
        replicated.forEach(payload -> findings.addAll(search.in("replication", payload)));
        return findings;
    }
}
