package coco.cli.network;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One node as seen from outside.
 *
 * @param node its number, from 1
 * @param pid its process, 0 if it does not run
 * @param ready whether it answers requests
 * @param state the body of {@code /node/state}; null where it could not be had
 */
public record NodeStatus(
        int node, long pid, boolean ready, @Nullable JsonNode state) {
    static NodeStatus stopped(int node) {
        return new NodeStatus(node, 0, false, null);
    }

    static NodeStatus silent(int node, long pid) {
        return new NodeStatus(node, pid, false, null);
    }

    static NodeStatus of(int node, long pid, boolean ready, JsonNode state) {
        return new NodeStatus(node, pid, ready, state);
    }

    /** Whether its process exists. */
    public boolean running() {
        return pid != 0;
    }

    /** A field of {@code /node/state} as text; a dash where there is none. */
    public String field(String name) {
        JsonNode value = state == null ? null : state.get(name);
        return value == null || value.isNull() ? "-" : value.asString();
    }
}
