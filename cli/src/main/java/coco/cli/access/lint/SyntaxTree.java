package coco.cli.access.lint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One contract in the syntax trees of Solidity's compiler, with all that it inherits. */
final class SyntaxTree {
    private static final String TYPE = "nodeType";
    private static final String FUNCTION = "FunctionDefinition";
    private static final String VARIABLE = "VariableDeclaration";

    private final Map<Long, JsonNode> nodes = new HashMap<>();
    private final JsonNode contract;
    /** The contract itself, then what it inherits, the most derived first. */
    private final List<JsonNode> bases = new ArrayList<>();

    private SyntaxTree(List<JsonNode> roots, JsonNode contract) {
        this.contract = contract;
        for (JsonNode root : roots) {
            walk(root, node -> {
                if (node.has("id")) {
                    nodes.put(node.get("id").asLong(-1), node);
                }
            });
        }
        for (JsonNode base : contract.path("linearizedBaseContracts")) {
            JsonNode found = nodes.get(base.asLong(-1));
            if (found != null) {
                bases.add(found);
            }
        }
    }

    /** The contract of this name in some trees; null if none has it. */
    static @Nullable SyntaxTree of(List<JsonNode> roots, String name) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode root : roots) {
            for (JsonNode node : root.path("nodes")) {
                if (is(node, "ContractDefinition") && text(node, "name").equals(name)) {
                    found.add(node);
                }
            }
        }
        return found.isEmpty() ? null : new SyntaxTree(roots, found.getFirst());
    }

    /** Calls back for a node and for all below it. Without recursion: expressions may be long chains. */
    static void walk(JsonNode root, Consumer<JsonNode> each) {
        Deque<JsonNode> open = new ArrayDeque<>();
        open.push(root);
        while (!open.isEmpty()) {
            JsonNode node = open.pop();
            if (node.isObject()) {
                each.accept(node);
            }
            node.forEach(open::push);
        }
    }

    static boolean is(JsonNode node, String type) {
        return text(node, TYPE).equals(type);
    }

    static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }

    /** Whether it can be deployed. */
    boolean isConcrete() {
        return text(contract, "contractKind").equals("contract")
                && !contract.path("abstract").asBoolean(false);
    }

    /** The declaration that a node refers to; null if it is none of these trees. */
    @Nullable
    JsonNode declaration(JsonNode reference) {
        return nodes.get(reference.path("referencedDeclaration").asLong(-1));
    }

    @Nullable
    JsonNode node(long id) {
        return nodes.get(id);
    }

    /** All functions of the contract and of what it inherits, overridden ones included. */
    List<JsonNode> functions() {
        return members(FUNCTION);
    }

    /** All its state variables. */
    List<JsonNode> stateVariables() {
        return members(VARIABLE);
    }

    private List<JsonNode> members(String type) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode base : bases) {
            for (JsonNode member : base.path("nodes")) {
                if (is(member, type)) {
                    found.add(member);
                }
            }
        }
        return found;
    }

    /** The function that runs when one of this name and these types is called; null if there is none with a body. */
    @Nullable
    JsonNode function(String name, List<String> types) {
        for (JsonNode function : functions()) {
            if (text(function, "name").equals(name) && types(function).equals(types) && function.has("body")) {
                return function;
            }
        }
        return null;
    }

    /** Types of a function's parameters, without where they lie. */
    static List<String> types(JsonNode function) {
        List<String> types = new ArrayList<>();
        for (JsonNode parameter : function.path("parameters").path("parameters")) {
            types.add(text(parameter.path("typeDescriptions"), "typeString").replaceFirst(" .*", ""));
        }
        return types;
    }

    /** Ids of a function's parameters, in order. */
    static List<Long> parameters(JsonNode function) {
        List<Long> ids = new ArrayList<>();
        function.path("parameters")
                .path("parameters")
                .forEach(each -> ids.add(each.path("id").asLong(-1)));
        return ids;
    }

    /** What runs when a contract is created: all constructors, and what they call. */
    Set<JsonNode> creation() {
        return closure(functions().stream()
                .filter(each -> text(each, "kind").equals("constructor"))
                .toList());
    }

    /** Functions and modifiers, and all that they call, as it is called in this very contract. */
    Set<JsonNode> closure(List<JsonNode> first) {
        Set<JsonNode> found = new LinkedHashSet<>();
        Set<Long> seen = new HashSet<>();
        Deque<JsonNode> open = new ArrayDeque<>(first);
        while (!open.isEmpty()) {
            JsonNode function = open.pop();
            if (!seen.add(function.path("id").asLong(-1))) {
                continue;
            }
            found.add(function);
            walk(function, node -> {
                JsonNode called = called(node);
                if (called != null) {
                    open.push(called);
                }
            });
        }
        return found;
    }

    /** The function or modifier that a reference means here: of a virtual one, the one that overrides it. */
    private @Nullable JsonNode called(JsonNode reference) {
        JsonNode declared =
                is(reference, "Identifier") || is(reference, "MemberAccess") || is(reference, "IdentifierPath")
                        ? declaration(reference)
                        : null;
        if (declared == null || !(is(declared, FUNCTION) || is(declared, "ModifierDefinition"))) {
            return null;
        }
        // By super, or by a base's name: that very one.
        boolean isNamed = is(reference, "MemberAccess");
        JsonNode derived = isNamed ? null : function(text(declared, "name"), types(declared));
        return derived == null ? declared : derived;
    }
}
