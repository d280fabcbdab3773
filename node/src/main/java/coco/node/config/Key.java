package coco.node.config;

import org.jspecify.annotations.Nullable;

/**
 * One line of the table.
 *
 * @param name dotted name; segments nest in YAML
 * @param type how the value is written, checked and printed
 * @param defaultValue what holds where the file is silent; null: the file has to say it
 * @param scope who may choose it
 * @param meaning one or two sentences for the reference page, with the reason for the default
 */
public record Key<T>(
        String name, ValueType<T> type, @Nullable T defaultValue, Scope scope, String meaning) {
    /** Whether the file has to give this key. */
    public boolean required() {
        return defaultValue == null;
    }

    /** The part before the first dot. */
    String section() {
        return name.substring(0, name.indexOf('.'));
    }
}
