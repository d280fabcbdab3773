package coco.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import coco.governance.rules.AutoApproval;
import coco.governance.rules.Rule;
import coco.governance.rules.VotingRules;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Genesis documents in JSON and YAML, and the schema that says what they look like. */
final class DocumentFormTest {
    private final Consortium consortium = new Consortium();

    /** One with an entry in every section. */
    private Genesis full() {
        Constitution plain = consortium.of("alice", "bob", "carol");
        Member operator = consortium.member("alice", Set.of(Role.OPERATOR));
        TreeMap<String, Rule> perAction = new TreeMap<>(Map.of(
                "set_rules", new Rule.Unanimous(),
                "remove_member", new Rule.Veto(new TreeSet<>(Set.of("bob")), new Rule.Threshold(2))));
        Constitution c = new Constitution(
                plain.service(),
                plain.preset(),
                List.of(operator, plain.members().get(1), plain.members().get(2)),
                plain.participants(),
                plain.nodes(),
                List.of(),
                List.of(new PlatformEntry(
                        "simulated",
                        new TreeMap<>(Map.of("svn", 3L)),
                        List.of("out-of-date"),
                        List.of("aa".repeat(32)))),
                List.of(),
                plain.code(),
                new VotingRules.ReadyMade(new Rule.Majority(), perAction, new AutoApproval(2)),
                plain.epoch(),
                2,
                10,
                plain.limits(),
                plain.access(),
                List.of(new OidcIssuer("https://login.example", "bob", "coco", "{\"keys\":[]}")),
                List.of(new EnrolmentQuota("shop", 100, 20, 5_000_000_000L, 64)),
                List.of(new AuditorGrant("audit", consortium.certificate("auditor"), List.of("*"), 10_000)),
                List.of(new ContractAccess("kv", "0a", "{\"open\":false}")),
                ServiceStatus.OPENING,
                0,
                0);
        return new Genesis(c, new TreeMap<>(Map.of("ethereum", "{\"alloc\":{\"0x10\":{\"balance\":\"0x1\"}}}")));
    }

    @Test
    @Tag("N6")
    @Tag("N13")
    void shouldReadBackEverySectionItWrote() {
        Genesis genesis = full();

        assertThat(Genesis.parse(genesis.bytes()).bytes()).isEqualTo(genesis.bytes());
        Constitution constitution = genesis.constitution();
        assertThat(Constitution.parse(constitution.bytes()).digest()).isEqualTo(constitution.digest());
        assertThat(Genesis.parse(genesis.bytes()).constitution().bytes()).isEqualTo(constitution.bytes());
    }

    @Test
    void shouldGiveOneDigestWhenTheSameDocumentComesAsYaml() {
        Genesis genesis = full();
        JsonNode tree = Documents.json(genesis.bytes(), "");
        StringBuilder yaml = new StringBuilder("# written by hand\n");
        write(tree, 0, yaml);

        assertThat(Genesis.parse(yaml.toString().getBytes(StandardCharsets.UTF_8))
                        .digest())
                .isEqualTo(genesis.digest());
    }

    /** Block style, scalars plain where that is safe, text of several lines literal. */
    private static void write(JsonNode node, int indent, StringBuilder out) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            out.append(" ".repeat(indent)).append(entry.getKey()).append(':');
            writeValue(entry.getValue(), indent, out);
        }
    }

    private static void writeValue(JsonNode value, int indent, StringBuilder out) {
        if (value.isObject() && !value.isEmpty()) {
            out.append('\n');
            write(value, indent + 2, out);
        } else if (value.isArray() && !value.isEmpty()) {
            out.append('\n');
            for (JsonNode item : value) {
                out.append(" ".repeat(indent)).append("-");
                writeValue(item, indent + 2, out);
            }
        } else if (value.isString() && value.stringValue().contains("\n")) {
            out.append(" |\n");
            value.stringValue()
                    .lines()
                    .forEach(line ->
                            out.append(" ".repeat(indent + 2)).append(line).append('\n'));
        } else if (value.isString() && value.stringValue().matches("0x[0-9a-f]+|[a-z][a-z-]*")) {
            out.append(' ').append(value.stringValue()).append('\n');
        } else {
            out.append(' ').append(value).append('\n');
        }
    }

    @Test
    void shouldTakeYamlForOneThingOnly() {
        record Case(String yaml, String expected) {}
        List<Case> cases = List.of(
                new Case("a: 0x10", "{\"a\":\"0x10\"}"),
                new Case("a: 010", "a: write 010 in quotes"),
                new Case("a: 1_000", "{\"a\":\"1_000\"}"),
                new Case("a: 12345678901234567890", "{\"a\":12345678901234567890}"),
                new Case("a: -7", "{\"a\":-7}"),
                new Case("a: '7'", "{\"a\":\"7\"}"),
                new Case("a: yes", "{\"a\":\"yes\"}"),
                new Case("a: true", "{\"a\":true}"),
                new Case("a: [1, {b: no}]", "{\"a\":[1,{\"b\":\"no\"}]}"),
                new Case("a: 1.5", "a: write 1.5 in quotes"),
                new Case("a: 1e3", "a: write 1e3 in quotes"),
                new Case("a: .inf", "a: write .inf in quotes"),
                new Case("a: &x 1", "a: anchors and aliases are not taken"),
                new Case("a: *x", "not valid YAML|anchors and aliases"),
                new Case("a: !!int 1", "a: tags are not taken"),
                new Case("a: 1\na: 2", "a: the same key appears twice"),
                new Case("<<: {a: 1}", "a key must be plain text"),
                new Case("? [a]\n: 1", "a key must be plain text"),
                new Case("a: 1\n---\nb: 2", "not one YAML document"),
                new Case("a: [1", "not valid YAML"),
                new Case("[".repeat(60) + "]".repeat(60), "nested deeper than 32"));
        for (Case each : cases) {
            String found;
            try {
                found = Documents.jsonOrYaml(each.yaml().getBytes(StandardCharsets.UTF_8))
                        .toString();
            } catch (DocumentException refused) {
                found = String.valueOf(refused.getMessage());
            }
            assertThat(Arrays.stream(each.expected().split("\\|")).anyMatch(found::contains))
                    .as(each.yaml() + " gave " + found)
                    .isTrue();
        }
    }

    @Test
    @Tag("N5")
    void shouldRefuseAGenesisThatLacksOneOfTheFiveLists() {
        for (String section : List.of("members", "nodes", "code", "platforms", "rules")) {
            ObjectNode tree = (ObjectNode) Documents.json(full().bytes(), "");
            tree.remove(section);
            assertThatThrownBy(() -> Genesis.parse(tree.toString().getBytes(StandardCharsets.UTF_8)))
                    .hasMessage(section + ": is missing");
        }
    }

    @Test
    void shouldAgreeWithTheSchemaWhenDocumentsAreChangedInOnePlace() throws IOException {
        Schema schema = schema();
        JsonNode good = Documents.json(full().bytes(), "");
        assertThat(schema.validate(good)).isEmpty();
        List<String> differences = new ArrayList<>();
        int tried = 0;
        for (List<String> path : objects(good, List.of())) {
            for (Change change : changes((ObjectNode) at(good, path))) {
                JsonNode changed = good.deepCopy();
                change.edit().accept((ObjectNode) at(changed, path));
                boolean bySchema = schema.validate(changed).isEmpty();
                String byParser = refusal(changed);
                tried++;
                // The parser also knows what parts have to keep among themselves.
                if ((byParser == null && !bySchema) || (byParser != null && bySchema && change.structural())) {
                    differences.add(change.name() + " at " + path + ": schema " + bySchema + ", parser " + byParser);
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(tried).isGreaterThan(250);
    }

    private record Change(String name, boolean structural, Consumer<ObjectNode> edit) {}

    private static List<Change> changes(ObjectNode object) {
        List<Change> changes = new ArrayList<>();
        changes.add(new Change("unknown key", true, each -> each.put("zzz", 1)));
        for (String name : List.copyOf(object.propertyNames())) {
            changes.add(new Change("without " + name, false, each -> each.remove(name)));
            changes.add(new Change(
                    "null " + name, false, each -> each.putArray(name).addArray()));
            changes.add(new Change("other kind of " + name, true, each -> {
                if (each.get(name).isObject() || each.get(name).isArray()) {
                    each.put(name, 7);
                } else if (each.get(name).isString()) {
                    each.put(name, 7);
                } else {
                    each.put(name, "text");
                }
            }));
        }
        return changes;
    }

    /** Objects whose keys the form of the document names. */
    private static List<List<String>> objects(JsonNode node, List<String> path) {
        List<List<String>> found = new ArrayList<>();
        Set<String> free = Set.of("ledgers", "minimum", "keys", "rule", "actions", "rules");
        if (!path.isEmpty() && free.contains(path.getLast())) {
            return found;
        }
        if (node.isObject()) {
            found.add(path);
            node.properties().forEach(each -> found.addAll(objects(each.getValue(), with(path, each.getKey()))));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                found.addAll(objects(node.get(i), with(path, String.valueOf(i))));
            }
        }
        return found;
    }

    private static List<String> with(List<String> path, String next) {
        List<String> longer = new ArrayList<>(path);
        longer.add(next);
        return longer;
    }

    private static JsonNode at(JsonNode root, List<String> path) {
        JsonNode node = root;
        for (String step : path) {
            node = node instanceof ArrayNode array ? array.get(Integer.parseInt(step)) : node.get(step);
        }
        return node;
    }

    private static @Nullable String refusal(JsonNode document) {
        try {
            Genesis.parse(document.toString().getBytes(StandardCharsets.UTF_8));
            return null;
        } catch (DocumentException refused) {
            return refused.getMessage();
        }
    }

    private static Schema schema() throws IOException {
        try (InputStream in = Objects.requireNonNull(Genesis.class.getResourceAsStream("genesis.schema.json"))) {
            JsonNode tree = Documents.json(in.readAllBytes(), "");
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(tree);
        }
    }

    @Test
    void shouldGiveOnlyTypedErrorsWhenConstitutionsAndYamlAreMutated() {
        long seed = 20_261_126L;
        Random random = new Random(seed);
        byte[] constitution = full().constitution().bytes();
        StringBuilder yaml = new StringBuilder();
        write(Documents.json(full().bytes(), ""), 0, yaml);
        byte[] text = yaml.toString().getBytes(StandardCharsets.UTF_8);
        int typed = 0;
        for (int round = 0; round < 600; round++) {
            byte[] bad = (round % 2 == 0 ? constitution : text).clone();
            for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                if (round % 2 == 0) {
                    Constitution.parse(bad);
                } else {
                    Genesis.parse(bad);
                }
            } catch (DocumentException refused) {
                typed++;
            }
        }
        assertThat(typed).as("seed %d", seed).isGreaterThan(300);
    }
}
