package coco.cli.network;

import coco.governance.Preset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A node's configuration file. The keys are those of {@code docs/configuration.md}. */
final class NodeConfiguration {
    /** Origins of wallets in browsers. Pages cannot claim them, and everything here is a developer's own. */
    private static final List<String> EXTENSIONS =
            List.of("chrome-extension://*", "moz-extension://*", "safari-web-extension://*");

    private NodeConfiguration() {}

    /** The text of the file, YAML. */
    static String of(NetworkFolder folder, NetworkPlan plan, int node) {
        Own own = new Own("node-" + node, plan.nodeSettings(), Map.of());
        return of(folder, plan.preset(), new PortPlan(plan.basePort()), node, own);
    }

    /**
     * What is a node's own.
     *
     * @param id its name in the constitution
     * @param settings by full name
     * @param lists settings that are lists of texts
     */
    record Own(String id, Map<String, String> settings, Map<String, List<String>> lists) {
        Own {
            settings = Map.copyOf(settings);
            lists = Map.copyOf(lists);
        }
    }

    /** The same for a node of any name. */
    static String of(NetworkFolder folder, Preset preset, PortPlan ports, int node, Own own) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("node.id", own.id());
        values.put("node.dataDirectory", folder.node(node).toString());
        values.put("node.keysDirectory", folder.keys(node).toString());
        values.put("node.sealingKeyFile", folder.sealingKey(node).toString());
        values.put("node.genesisFile", folder.genesis().toString());
        values.put("node.serviceCertificateFile", folder.serviceCertificate().toString());
        if (preset == Preset.DEVELOPMENT) {
            values.put("http.enabled", "true");
            values.put("http.port", Integer.toString(ports.http(node)));
        }
        String log = folder.log(node).toString();
        // Where the path does not allow it, what the node writes to standard output lands there too, only unbounded.
        if (log.indexOf('%') < 0) {
            values.put("log.file", log);
        }
        values.put("https.port", Integer.toString(ports.https(node)));
        values.put("administrative.port", Integer.toString(ports.administrative(node)));
        values.put("raft.port", Integer.toString(ports.raft(node)));
        // All nodes are on this machine; what is meant for others is opened by whoever moves a node elsewhere.
        values.put("https.address", "127.0.0.1");
        values.put("administrative.address", "127.0.0.1");
        values.put("raft.address", "127.0.0.1");
        values.putAll(own.settings());
        Map<String, String> written = new LinkedHashMap<>();
        values.forEach((name, value) -> written.put(name, quoted(value)));
        if (preset == Preset.DEVELOPMENT) {
            written.put("http.origins", list(EXTENSIONS));
        }
        own.lists().forEach((name, texts) -> written.put(name, list(texts)));
        return yaml(written);
    }

    private static String list(List<String> texts) {
        return texts.stream().map(NodeConfiguration::quoted).toList().toString();
    }

    private static String quoted(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    private static String yaml(Map<String, String> values) {
        Map<String, Map<String, String>> sections = new TreeMap<>();
        values.forEach((name, value) -> {
            int dot = name.indexOf('.');
            sections.computeIfAbsent(name.substring(0, dot), _ -> new TreeMap<>())
                    .put(name.substring(dot + 1), value);
        });
        StringBuilder out = new StringBuilder("# Made by coco up. Every key is explained in docs/configuration.md.\n");
        sections.forEach((section, keys) -> {
            out.append(section).append(":\n");
            keys.forEach((key, value) ->
                    out.append("  ").append(key).append(": ").append(value).append('\n'));
        });
        return out.toString();
    }
}
