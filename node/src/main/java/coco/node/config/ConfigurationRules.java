package coco.node.config;

import coco.node.config.ConfigurationException.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules between keys, checked once every key has a value. */
final class ConfigurationRules {
    private static final List<Key<Integer>> PORTS =
            List.of(Keys.HTTP_PORT, Keys.HTTPS_PORT, Keys.ADMINISTRATIVE_PORT, Keys.RAFT_PORT);

    /** The largest message of the node channel. */
    private static final long CHANNEL_BODY_BYTES = 9L << 20;

    private ConfigurationRules() {}

    static void check(Map<String, Object> values, Map<String, Integer> lines, List<Problem> problems) {
        if (!problems.isEmpty()) {
            return;
        }
        long body = Math.max(bytes(values, Keys.RPC_MAX_BODY_BYTES), CHANNEL_BODY_BYTES);
        if (bytes(values, Keys.HTTP_MAX_BUFFERED_BYTES) < 2 * body) {
            String name = Keys.HTTP_MAX_BUFFERED_BYTES.name();
            problems.add(new Problem(
                    lines.getOrDefault(name, lines.getOrDefault(Keys.RPC_MAX_BODY_BYTES.name(), 0)),
                    name + " must be at least " + 2 * body + ", twice the largest body, or none would ever fit"));
        }
        if ("simulated".equals(values.get(Keys.ATTESTATION_PLATFORM.name()))
                && Keys.NO_PATH.equals(values.get(Keys.NODE_SEALING_KEY_FILE.name()))) {
            problems.add(new Problem(
                    0, Keys.NODE_SEALING_KEY_FILE.name() + " is missing: " + Keys.NODE_SEALING_KEY_FILE.meaning()));
        }
        Map<Object, Key<Integer>> taken = new HashMap<>();
        for (Key<Integer> port : PORTS) {
            boolean unused = port.equals(Keys.HTTP_PORT) && Boolean.FALSE.equals(values.get(Keys.HTTP_ENABLED.name()));
            Object number = values.get(port.name());
            @Nullable Key<Integer> other = unused || number == null ? null : taken.putIfAbsent(number, port);
            if (other != null) {
                problems.add(new Problem(
                        lines.getOrDefault(port.name(), lines.getOrDefault(other.name(), 0)),
                        port.name() + " and " + other.name() + " are both " + number));
            }
        }
    }

    private static long bytes(Map<String, Object> values, Key<Long> key) {
        return values.get(key.name()) instanceof Long value ? value : 0;
    }
}
