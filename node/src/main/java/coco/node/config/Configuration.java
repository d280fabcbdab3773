package coco.node.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A value for every key. Immutable. */
public final class Configuration {
    private final Map<String, Object> values;

    Configuration(Map<String, Object> values) {
        this.values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /**
     * Reads a configuration file.
     *
     * @param yaml the file's text
     * @param measuredAllowed whether the file may hold measured keys: on the simulated platform, or when the file is
     *     part of the attested image
     * @throws ConfigurationException with every problem of the file
     */
    public static Configuration parse(String yaml, boolean measuredAllowed) {
        return new ConfigurationReader().read(List.of(new ConfigurationReader.Text(yaml, measuredAllowed)));
    }

    /**
     * Reads the host's file, and the one of the attested image, which alone may hold measured keys. A key stands in one
     * of them.
     *
     * @throws ConfigurationException with every problem of both
     */
    public static Configuration parse(String hostYaml, String imageYaml) {
        return new ConfigurationReader()
                .read(List.of(
                        new ConfigurationReader.Text(imageYaml, true), new ConfigurationReader.Text(hostYaml, false)));
    }

    /** The value of a key. */
    @SuppressWarnings("unchecked") // the reader put in what the key's own type parsed
    public <T> T get(Key<T> key) {
        Object value = values.get(key.name());
        if (value == null) {
            throw new IllegalStateException("not a key of the table: " + key.name());
        }
        return (T) value;
    }

    /** Every key with its effective value, as YAML that parses to an equal configuration. */
    public String print() {
        StringBuilder out = new StringBuilder();
        String section = "";
        for (Key<?> key : Keys.all()) {
            if (!key.section().equals(section)) {
                section = key.section();
                out.append(section).append(":\n");
            }
            out.append("  ")
                    .append(key.name().substring(section.length() + 1))
                    .append(": ")
                    .append(printed(key))
                    .append('\n');
        }
        return out.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Configuration c && c.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    private <T> String printed(Key<T> key) {
        String text = key.type().print(get(key));
        if (key.type().isList()) {
            return text.equals("[]")
                    ? text
                    : "['" + text.substring(1, text.length() - 1).replace(", ", "', '") + "']";
        }
        return "'" + text.replace("'", "''") + "'";
    }
}
