package coco.governance.rules;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The section {@code rules} as JSON. Each rule has one form: a word where it has no arguments, else an object whose
 * first key is the word. Unknown keys are refused: a misspelt rule that is skipped is a rule that is not in force.
 */
final class RulesDocument {
    /** More actions than there are, more veto holders than a consortium has members that agree on anything. */
    private static final int ENTRIES_MAX = 128;

    private static final Pattern ACTION = Pattern.compile("[a-z][a-z_]{0,63}");
    private static final Pattern MEMBER = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final String RULES =
            "\"unanimous\", \"majority\", \"one\", {\"threshold\": M} or {\"veto\": [members], \"then\": rule}";

    private RulesDocument() {}

    static VotingRules read(JsonNode section) {
        if (section.has("module")) {
            keys(section, "", Set.of("module"));
            return module(section.get("module"));
        }
        keys(section, "", Set.of("default", "actions", "autoApprove"));
        SortedMap<String, Rule> perAction = new TreeMap<>();
        JsonNode actions = section.get("actions");
        if (actions != null) {
            require(actions.isObject() && actions.size() <= ENTRIES_MAX, "actions", "an object of action names");
            for (Map.Entry<String, JsonNode> entry : actions.properties()) {
                String path = "actions." + entry.getKey();
                require(ACTION.matcher(entry.getKey()).matches(), path, "the name of an action");
                perAction.put(entry.getKey(), rule(entry.getValue(), path, true));
            }
        }
        Rule byDefault = rule(section.get("default"), "default", true);
        return new VotingRules.ReadyMade(byDefault, perAction, autoApproval(section.get("autoApprove")));
    }

    private static VotingRules module(JsonNode source) {
        require(source.isString(), "module", "the text of a module");
        try {
            return new VotingRules.Module(source.stringValue());
        } catch (IllegalArgumentException e) {
            throw new RulesException("module", String.valueOf(e.getMessage()));
        }
    }

    private static Rule rule(@Nullable JsonNode node, String path, boolean vetoAllowed) {
        if (node != null && node.isString()) {
            return switch (node.stringValue()) {
                case "unanimous" -> new Rule.Unanimous();
                case "majority" -> new Rule.Majority();
                case "one" -> new Rule.One();
                default -> throw new RulesException(path, RULES);
            };
        }
        if (node != null && node.has("threshold")) {
            keys(node, path, Set.of("threshold"));
            return new Rule.Threshold(number(node.get("threshold"), path + ".threshold", Rule.Threshold.VOTES_MAX));
        }
        if (node != null && node.has("veto")) {
            keys(node, path, Set.of("veto", "then"));
            require(vetoAllowed, path, "a veto within a veto means nothing");
            return new Rule.Veto(
                    holders(node.get("veto"), path + ".veto"), rule(node.get("then"), path + ".then", false));
        }
        throw new RulesException(path, RULES);
    }

    private static SortedSet<String> holders(JsonNode node, String path) {
        require(node.isArray() && !node.isEmpty() && node.size() <= ENTRIES_MAX, path, "1 to 128 members");
        SortedSet<String> holders = new TreeSet<>();
        for (JsonNode holder : node) {
            require(holder.isString() && MEMBER.matcher(holder.stringValue()).matches(), path, "ids of members");
            require(holders.add(holder.stringValue()), path, "each member once");
        }
        return holders;
    }

    private static @Nullable AutoApproval autoApproval(@Nullable JsonNode node) {
        if (node == null) {
            return null;
        }
        keys(node, "autoApprove", Set.of("nodesPerOperator"));
        JsonNode nodes = node.get("nodesPerOperator");
        require(nodes != null, "autoApprove.nodesPerOperator", "is missing");
        return new AutoApproval(number(nodes, "autoApprove.nodesPerOperator", AutoApproval.NODES_MAX));
    }

    private static int number(JsonNode node, String path, int max) {
        boolean fits = node.isIntegralNumber() && node.canConvertToInt();
        require(fits && node.intValue() >= 1 && node.intValue() <= max, path, "a whole number, 1 to " + max);
        return node.intValue();
    }

    private static void keys(JsonNode node, String path, Set<String> known) {
        require(node.isObject(), path, "an object");
        for (String name : node.propertyNames()) {
            require(known.contains(name), path.isEmpty() ? name : path + "." + name, "unknown key");
        }
    }

    private static void require(boolean condition, String path, String problem) {
        if (!condition) {
            throw new RulesException(path, problem);
        }
    }

    static JsonNode write(VotingRules rules) {
        ObjectNode section = JsonNodeFactory.instance.objectNode();
        switch (rules) {
            case VotingRules.Module module -> section.put("module", module.source());
            case VotingRules.ReadyMade ready -> {
                section.set("default", write(ready.byDefault()));
                if (!ready.perAction().isEmpty()) {
                    ObjectNode actions = section.putObject("actions");
                    ready.perAction().forEach((action, rule) -> actions.set(action, write(rule)));
                }
                AutoApproval automatic = ready.autoApprove();
                if (automatic != null) {
                    section.putObject("autoApprove").put("nodesPerOperator", automatic.nodesPerOperator());
                }
            }
        }
        return section;
    }

    private static JsonNode write(Rule rule) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (rule) {
            case Rule.Unanimous _ -> json.stringNode("unanimous");
            case Rule.Majority _ -> json.stringNode("majority");
            case Rule.One _ -> json.stringNode("one");
            case Rule.Threshold threshold -> json.objectNode().put("threshold", threshold.votes());
            case Rule.Veto veto -> {
                ObjectNode node = json.objectNode();
                ArrayNode holders = node.putArray("veto");
                veto.members().forEach(holders::add);
                yield node.set("then", write(veto.then()));
            }
        };
    }
}
