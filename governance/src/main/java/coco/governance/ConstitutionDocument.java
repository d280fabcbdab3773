package coco.governance;

import coco.governance.document.CanonicalJson;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.document.Fields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Between constitutions and their JSON: that of genesis, and those in force later. */
final class ConstitutionDocument {
    private ConstitutionDocument() {}

    static Genesis genesis(byte[] text) {
        return genesis(Documents.jsonOrYaml(text));
    }

    static Genesis founded(byte[] text, NodeEntry node) {
        JsonNode tree = Documents.jsonOrYaml(text);
        JsonNode nodes = tree.get("nodes");
        if (!(tree instanceof ObjectNode root) || (nodes != null && !(nodes.isArray() && nodes.isEmpty()))) {
            throw new DocumentException("nodes", "must be empty: the node that founds the network puts itself there");
        }
        root.putArray("nodes").add(Entries.tree(node));
        return genesis(root);
    }

    private static Genesis genesis(JsonNode tree) {
        Fields root = root(tree);
        Preset preset = root.word("preset", List.of(Preset.values()), Preset::word);
        ServiceStatus status = switch (preset) {
            case DEVELOPMENT -> ServiceStatus.OPEN;
            case CONSORTIUM -> ServiceStatus.OPENING;
        };
        Constitution constitution =
                constitution(root, preset, new Former(List.of(), List.of()), new Progress(status, 0, 0));
        SortedMap<String, String> ledgers = ledgers(root.required("ledgers"));
        root.finish();
        return new Genesis(constitution, ledgers);
    }

    static Constitution constitution(byte[] json) {
        Fields root = root(Documents.json(json, ""));
        Preset preset = root.word("preset", List.of(Preset.values()), Preset::word);
        Progress progress = new Progress(
                root.word("status", List.of(ServiceStatus.values()), ServiceStatus::word),
                root.integer("generation"),
                root.longInteger("rollovers"));
        Former former = new Former(
                root.list("formerNodes", Entries::formerNode), root.listOrNone("formerPlatforms", Entries::platform));
        Constitution constitution = constitution(root, preset, former, progress);
        root.finish();
        return constitution;
    }

    /** What no genesis document says. */
    private record Progress(ServiceStatus status, int generation, long rollovers) {}

    /** Nor this. */
    private record Former(List<FormerNode> nodes, List<PlatformEntry> platforms) {}

    private static Fields root(JsonNode tree) {
        Fields root = new Fields(tree, "");
        int version = root.integer("version");
        if (version != Constitution.FORMAT_VERSION) {
            throw new DocumentException(
                    "version", "this software reads version " + Constitution.FORMAT_VERSION + ", found " + version);
        }
        return root;
    }

    private static Constitution constitution(Fields root, Preset preset, Former former, Progress progress) {
        Fields recovery = root.object("recovery");
        int threshold = recovery.integer("threshold");
        recovery.finish();
        Fields notice = root.object("notice");
        long blocks = notice.longInteger("blocks");
        notice.finish();
        return new Constitution(
                root.text("service"),
                preset,
                root.list("members", Entries::member),
                root.list("participants", Entries::participant),
                new NodeList(root.list("nodes", Entries::node)),
                former.nodes(),
                root.list("platforms", Entries::platform),
                former.platforms(),
                root.list("code", Entries::code),
                Entries.rules(root, "rules"),
                part(root, "epoch", Entries::epoch),
                threshold,
                blocks,
                part(root, "limits", Entries::limits),
                part(root, "access", Entries::access),
                root.list("oidcIssuers", Entries::oidcIssuer),
                root.list("enrolment", Entries::quota),
                root.list("auditors", Entries::auditor),
                root.list("contractAccess", Entries::contractAccess),
                progress.status(),
                progress.generation(),
                progress.rollovers());
    }

    private static <T> T part(Fields root, String name, Function<Fields, T> read) {
        Fields fields = root.object(name);
        T part = read.apply(fields);
        fields.finish();
        return part;
    }

    private static SortedMap<String, String> ledgers(JsonNode node) {
        if (!node.isObject()) {
            throw new DocumentException("ledgers", "must be an object: ledger id to genesis document");
        }
        SortedMap<String, String> ledgers = new TreeMap<>();
        node.propertyStream()
                .forEach(entry -> ledgers.put(
                        entry.getKey(), CanonicalJson.write(entry.getValue(), "ledgers." + entry.getKey())));
        return ledgers;
    }

    /** The document of a genesis. */
    static ObjectNode tree(Genesis genesis) {
        ObjectNode root = common(genesis.constitution());
        ObjectNode ledgers = root.putObject("ledgers");
        genesis.ledgers().forEach((id, document) -> ledgers.set(id, Documents.tree(document)));
        return root;
    }

    /** The document of a constitution in force. */
    static ObjectNode tree(Constitution constitution) {
        ObjectNode root = common(constitution);
        list(root, "formerNodes", constitution.formerNodes(), Entries::tree);
        if (!constitution.formerPlatforms().isEmpty()) {
            list(root, "formerPlatforms", constitution.formerPlatforms(), Entries::tree);
        }
        root.put("status", constitution.status().word());
        root.put("generation", constitution.generation());
        root.put("rollovers", constitution.rollovers());
        return root;
    }

    private static ObjectNode common(Constitution constitution) {
        ObjectNode root = Documents.object();
        root.put("version", Constitution.FORMAT_VERSION);
        root.put("service", constitution.service());
        root.put("preset", constitution.preset().word());
        list(root, "members", constitution.members(), Entries::tree);
        list(root, "participants", constitution.participants(), Entries::tree);
        list(root, "nodes", constitution.nodes().nodes(), Entries::tree);
        list(root, "platforms", constitution.platforms(), Entries::tree);
        list(root, "code", constitution.code(), Entries::tree);
        root.set("rules", constitution.rules().toJson());
        root.set("epoch", Entries.tree(constitution.epoch()));
        root.putObject("recovery").put("threshold", constitution.recoveryThreshold());
        root.putObject("notice").put("blocks", constitution.noticeBlocks());
        root.set("limits", Entries.tree(constitution.limits()));
        root.set("access", Entries.tree(constitution.access()));
        list(root, "oidcIssuers", constitution.oidcIssuers(), Entries::tree);
        list(root, "enrolment", constitution.enrolment(), Entries::tree);
        list(root, "auditors", constitution.auditors(), Entries::tree);
        list(root, "contractAccess", constitution.contractAccess(), Entries::tree);
        return root;
    }

    /** Members and rules. */
    static byte[] electorate(Constitution constitution) {
        ObjectNode root = Documents.object();
        list(root, "members", constitution.members(), Entries::tree);
        root.set("rules", constitution.rules().toJson());
        return canonical(root).getBytes(StandardCharsets.UTF_8);
    }

    private static <T> void list(ObjectNode root, String name, List<T> entries, Function<T, ObjectNode> tree) {
        ArrayNode array = root.putArray(name);
        entries.forEach(entry -> array.add(tree.apply(entry)));
    }

    static String canonical(JsonNode tree) {
        return CanonicalJson.write(tree, "");
    }
}
