package coco.cli.bench;

import coco.cli.network.LocalNetwork;
import coco.cli.network.NodeProcess;
import coco.node.config.Configuration;
import coco.node.config.Key;
import coco.node.config.Keys;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the figures of a network depend on, as it is in force, defaults included. */
public final class NetworkSettings {
    private static final List<Key<?>> KEYS = List.of(
            Keys.BATCH_MAX_TRANSACTIONS,
            Keys.BATCH_MIN_INTERVAL,
            Keys.BATCH_MAX_EXECUTION,
            Keys.BLOCK_MAX_BYTES,
            Keys.RPC_SEND_REPLY);

    private NetworkSettings() {}

    /** By name. All nodes of a local network are set up alike, so the first speaks for all. */
    public static Map<String, String> of(LocalNetwork network) throws IOException {
        Map<String, String> settings = new TreeMap<>();
        Configuration node =
                Configuration.parse(Files.readString(network.folder().configuration(1)), true);
        KEYS.forEach(key -> settings.put(key.name(), print(key, node)));
        List<NodeProcess> running = network.running();
        if (!running.isEmpty()) {
            running.getFirst().heapMebibytes().ifPresent(heap -> settings.put("heapMebibytes", Integer.toString(heap)));
        }
        settings.put("nodes", Integer.toString(network.description().nodes()));
        settings.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        settings.put("java", Runtime.version().toString());
        settings.put("fileSystem", Files.getFileStore(network.folder().root()).type());
        return settings;
    }

    private static <T> String print(Key<T> key, Configuration node) {
        return key.type().print(node.get(key));
    }
}
