package coco.cli.demo.compare;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The network that Coco is compared with.
 *
 * @param label exactly what it is
 * @param nodes JSON-RPC of each; the first one is sent to
 * @param process of ours; null for somebody else's network
 */
record Baseline(String label, List<URI> nodes, @Nullable AnvilProcess process) implements AutoCloseable {
    Baseline {
        nodes = List.copyOf(nodes);
    }

    /** Somebody's network. */
    static Baseline of(List<URI> nodes) {
        String names = String.join(", ", nodes.stream().map(URI::toString).toList());
        return new Baseline("the network at " + names + ", as it is", nodes, null);
    }

    /** An anvil of our own. */
    static Baseline of(AnvilProcess process, BaselineSettings settings) {
        return new Baseline(settings.label(), List.of(process.url()), process);
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }
}
