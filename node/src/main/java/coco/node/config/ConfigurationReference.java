package coco.node.config;

/** The reference page {@code docs/configuration.md}, generated from the table. */
public final class ConfigurationReference {
    private ConfigurationReference() {}

    /** The whole page, Markdown. */
    public static String markdown() {
        StringBuilder out = new StringBuilder();
        out.append("# Configuration of a node\n\n");
        out.append(
                "Generated from the table in `coco.node.config.Keys`; a test compares. A node reads one YAML file,\n");
        out.append("`--config FILE`; `--check` reads it, says everything that is wrong with it and starts nothing.\n");
        out.append("Sections nest (`http:` then `port:`); unknown or repeated keys are refused. A `host` key is the\n");
        out.append(
                "operator's choice; a `measured` key changes what the service promises, so on hardware it belongs\n");
        out.append(
                "into the attested image, in the file that its launcher names with `--measured FILE`, and is refused in a\n");
        out.append("host's file. The simulated platform takes both from one file.\n");
        String section = "";
        for (Key<?> key : Keys.all()) {
            if (!key.section().equals(section)) {
                section = key.section();
                out.append("\n## ").append(section).append("\n\n");
                out.append("| key | value | default | scope | meaning |\n|---|---|---|---|---|\n");
            }
            appendRow(key, out);
        }
        return out.toString();
    }

    private static <T> void appendRow(Key<T> key, StringBuilder out) {
        T value = key.defaultValue();
        out.append("| `").append(key.name()).append("` | ").append(key.type().description());
        out.append(" | ").append(value == null ? "required" : "`" + key.type().print(value) + "`");
        out.append(" | ").append(key.scope() == Scope.HOST ? "host" : "measured");
        out.append(" | ").append(key.meaning()).append(" |\n");
    }
}
