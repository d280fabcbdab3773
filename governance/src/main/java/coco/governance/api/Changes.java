package coco.governance.api;

import coco.governance.document.Documents;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where two documents differ, by path. Entries of lists that have a name are compared with those of the same name, so
 * that an entry that goes does not make all behind it look changed.
 *
 * <p>Recursion is bounded by the nesting that the documents' parser allows.
 */
final class Changes {
    /** What names an entry of a list in a constitution, the first that all entries have and no two share. */
    private static final List<String> NAMES = List.of("id", "measurement", "platform", "issuer", "actor", "contract");

    private final ArrayNode out;

    private Changes(ArrayNode out) {
        this.out = out;
    }

    /** A list of {@code {path, before, after}}; what is missing is null. */
    static ArrayNode between(JsonNode before, JsonNode after) {
        ArrayNode out = Documents.object().putArray("changes");
        new Changes(out).compare("", before, after);
        return out;
    }

    private void compare(String path, @Nullable JsonNode before, @Nullable JsonNode after) {
        if (before != null && before.equals(after)) {
            return;
        }
        if (before != null && after != null && before.isObject() && after.isObject()) {
            TreeSet<String> names = new TreeSet<>(before.propertyNames());
            names.addAll(after.propertyNames());
            for (String name : names) {
                compare(path.isEmpty() ? name : path + "." + name, before.get(name), after.get(name));
            }
            return;
        }
        if (before != null && after != null && before.isArray() && after.isArray()) {
            for (String name : NAMES) {
                Map<String, JsonNode> old = byName(before, name);
                Map<String, JsonNode> young = byName(after, name);
                if (old != null && young != null) {
                    compareEntries(path, old, young);
                    return;
                }
            }
        }
        ObjectNode change = out.addObject().put("path", path);
        change.set("before", before);
        change.set("after", after);
    }

    private void compareEntries(String path, Map<String, JsonNode> before, Map<String, JsonNode> after) {
        before.forEach((name, entry) -> compare(path + "[" + name + "]", entry, after.get(name)));
        after.forEach((name, entry) -> {
            if (!before.containsKey(name)) {
                compare(path + "[" + name + "]", null, entry);
            }
        });
    }

    private static @Nullable Map<String, JsonNode> byName(JsonNode list, String key) {
        Map<String, JsonNode> entries = new LinkedHashMap<>();
        for (JsonNode entry : list) {
            JsonNode name = entry.get(key);
            if (name == null || !name.isString() || entries.put(name.stringValue(), entry) != null) {
                return null;
            }
        }
        return entries;
    }
}
