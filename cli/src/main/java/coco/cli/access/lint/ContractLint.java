package coco.cli.access.lint;

import coco.crypto.Keccak256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Looks at one contract by each rule. */
public final class ContractLint {
    private static final List<String> CAN_READ = List.of("address");
    private static final List<String> CAN_CALL = List.of("address", "address", "bytes4");
    private static final List<String> CAN_READ_LOG = List.of("address", "bytes32[]");
    private static final List<String> SUPPORTS = List.of("bytes4");
    private static final String READ = "canRead";
    private static final String CALL = "canCall";
    private static final String LOG = "canReadLog";

    /** What ERC-165 is asked for: the three questions' selectors, combined. */
    private static final String INTERFACE_ID = HexFormat.of()
            .toHexDigits(selector("canRead(address)")
                    ^ selector("canCall(address,address,bytes4)")
                    ^ selector("canReadLog(address,bytes32[])"));

    private final Artifact artifact;
    private final List<Finding> findings = new ArrayList<>();

    /**
     * What was found in a contract.
     *
     * @param isConfidential whether it has the interface
     * @param hasTree whether its syntax tree was there, without which few rules can be looked at
     */
    public record Report(String contract, boolean isConfidential, boolean hasTree, List<Finding> findings) {
        public Report {
            findings = List.copyOf(findings);
        }
    }

    private ContractLint(Artifact artifact) {
        this.artifact = artifact;
    }

    private static int selector(String signature) {
        return ByteBuffer.wrap(Keccak256.hash(signature.getBytes(StandardCharsets.US_ASCII)))
                .getInt();
    }

    /**
     * Looks at the contracts of a file that can be deployed.
     *
     * @param only the one to look at; null for all
     */
    public static List<Report> look(Path file, @Nullable String only) {
        return Artifact.read(file).stream()
                .filter(each -> only == null || each.name().equals(only))
                .filter(each -> each.tree() == null || each.tree().isConcrete())
                .map(each -> new ContractLint(each).report())
                .toList();
    }

    private Report report() {
        boolean reads = artifact.has(READ, CAN_READ.toArray(String[]::new));
        boolean calls = artifact.has(CALL, CAN_CALL.toArray(String[]::new));
        boolean logs = artifact.has(LOG, CAN_READ_LOG.toArray(String[]::new));
        boolean isConfidential = reads && calls && logs;
        SyntaxTree tree = artifact.tree();
        if (isConfidential) {
            handshake(tree);
        } else {
            add(
                    "no-handshake",
                    "",
                    reads || calls || logs
                            ? "it has some of canRead, canCall and canReadLog, not all: everybody sees it"
                            : "it does not implement ICocoAccess: everybody sees its code, storage, calls and events");
            everybodys(tree);
        }
        if (tree != null) {
            if (isConfidential) {
                reading(tree);
                calling(tree);
                events(tree);
                administrator(tree);
            }
            delegation(tree);
        }
        return new Report(artifact.name(), isConfidential, tree != null, findings);
    }

    private void add(String rule, String where, String words) {
        Finding finding = new Finding(rule, where, words);
        if (!findings.contains(finding)) {
            findings.add(finding);
        }
    }

    // ---------------------------------------------------------------- what everybody sees

    private void everybodys(@Nullable SyntaxTree tree) {
        Set<String> getters = new HashSet<>(artifact.variables());
        Set<String> harmless = new HashSet<>(Set.of("supportsInterface"));
        if (tree != null) {
            getters.clear();
            for (JsonNode variable : tree.stateVariables()) {
                boolean isConstant = SyntaxTree.text(variable, "mutability").equals("constant");
                (isConstant ? harmless : getters).add(SyntaxTree.text(variable, "name"));
            }
        }
        for (JsonNode function : artifact.functions()) {
            String name = SyntaxTree.text(function, "name");
            if (harmless.contains(name)) {
                continue;
            }
            if (getters.contains(name)) {
                add("public-getter", name, "everybody reads this variable");
            } else if (SyntaxTree.text(function, "stateMutability").equals("view")) {
                add("open-view", name, "everybody may call this view");
            }
        }
        artifact.events().forEach(event -> add("open-event", event, "everybody sees this event"));
    }

    private static boolean isFixed(JsonNode variable) {
        return Set.of("constant", "immutable").contains(SyntaxTree.text(variable, "mutability"));
    }

    // ---------------------------------------------------------------- the answers

    private void handshake(@Nullable SyntaxTree tree) {
        if (!artifact.has("supportsInterface", "bytes4")) {
            add("no-handshake", "", "it has no supportsInterface (ERC-165): nobody asks it, and everybody sees it");
            return;
        }
        JsonNode supports = tree == null ? null : tree.function("supportsInterface", SUPPORTS);
        if (tree == null || supports == null) {
            return;
        }
        boolean[] isNamed = new boolean[1];
        for (JsonNode function : tree.closure(List.of(supports))) {
            SyntaxTree.walk(function, node -> isNamed[0] |= namesInterface(node));
        }
        if (!isNamed[0]) {
            add("no-handshake", "supportsInterface", "it says yes to no type(ICocoAccess).interfaceId: nobody asks it");
        }
    }

    private static boolean namesInterface(JsonNode node) {
        boolean isId = SyntaxTree.is(node, "MemberAccess")
                && SyntaxTree.text(node, "memberName").equals("interfaceId");
        boolean[] ofAccess = new boolean[1];
        if (isId) {
            SyntaxTree.walk(
                    node, inner -> ofAccess[0] |= SyntaxTree.text(inner, "name").equals("ICocoAccess"));
        }
        boolean isLiteral = SyntaxTree.is(node, "Literal")
                && SyntaxTree.text(node, "value").toLowerCase(Locale.ROOT).equals("0x" + INTERFACE_ID);
        return ofAccess[0] || isLiteral;
    }

    private void reading(SyntaxTree tree) {
        for (String name : List.of(READ, "_mayRead")) {
            JsonNode function = tree.function(name, CAN_READ);
            if (function != null && Answers.any(function, each -> each.isTrue() && !each.isGuarded())) {
                add("open-read", name, "it says yes to everybody");
            }
        }
    }

    private void calling(SyntaxTree tree) {
        JsonNode function = tree.function(CALL, CAN_CALL);
        if (function == null) {
            return;
        }
        List<Long> parameters = SyntaxTree.parameters(function);
        long user = parameters.get(0);
        long caller = parameters.get(1);
        long selector = parameters.get(2);
        for (Answers.Answer answer : Answers.of(function)) {
            if (answer.isFalse() || answer.minds(caller)) {
                continue;
            }
            if (answer.minds(user)) {
                add(
                        "user-alone",
                        CALL,
                        "it lets a user in through any contract: one that a reader is lured into calling reads with"
                                + " that reader's right, and publishes");
            } else if (answer.isTrue() || answer.held().contains(selector)) {
                add("open-view", CALL, "it lets everybody enter, for some functions or for all");
            }
        }
    }

    private void events(SyntaxTree tree) {
        JsonNode byTopic = tree.function("_eventRule", List.of("bytes32"));
        JsonNode log = tree.function(LOG, CAN_READ_LOG);
        boolean isOpen = log != null && opens(log, 1, Answers.Answer::isTrue);
        boolean isOpenByTopic = byTopic != null && opens(byTopic, 0, ContractLint::isEveryone);
        if (!isOpen && !isOpenByTopic) {
            return;
        }
        JsonNode decides = isOpen || byTopic == null ? log : byTopic;
        Set<String> named = new HashSet<>();
        if (decides != null) {
            SyntaxTree.walk(decides, node -> named.add(SyntaxTree.text(node, "name")));
        }
        for (String event : artifact.events()) {
            if (!named.contains(event)) {
                add("open-event", event, "no rule names this event, and the rule for all others shows it to everybody");
            }
        }
    }

    private static boolean isEveryone(Answers.Answer answer) {
        return SyntaxTree.is(answer.expression(), "MemberAccess")
                && SyntaxTree.text(answer.expression(), "memberName").equals("Everyone");
    }

    /** Whether it shows an event without its topics having to be some. */
    private static boolean opens(JsonNode function, int topics, Predicate<Answers.Answer> shows) {
        long parameter = SyntaxTree.parameters(function).get(topics);
        return Answers.any(function, each -> shows.test(each) && !each.held().contains(parameter));
    }

    // ---------------------------------------------------------------- what the answers rest on

    private void administrator(SyntaxTree tree) {
        JsonNode canRead = tree.function(READ, CAN_READ);
        if (canRead == null) {
            return;
        }
        Set<Long> read = new HashSet<>();
        for (JsonNode function : tree.closure(List.of(canRead))) {
            SyntaxTree.walk(function, node -> {
                JsonNode variable = SyntaxTree.is(node, "Identifier") ? tree.declaration(node) : null;
                if (variable != null
                        && variable.path("stateVariable").asBoolean(false)
                        && !isFixed(variable)
                        && !variable.path("value").isObject()) {
                    read.add(variable.path("id").asLong(-1));
                }
            });
        }
        Set<Long> set = new HashSet<>();
        tree.creation().forEach(function -> SyntaxTree.walk(function, node -> set.addAll(written(node))));
        boolean isInitialised = tree.functions().stream().anyMatch(ContractLint::isInitialiser);
        if (!read.isEmpty() && set.stream().noneMatch(read::contains) && !isInitialised) {
            add(
                    "admin-unset",
                    READ,
                    "what it rests on is set by no constructor: after creation nobody reads it, and whoever is first to"
                            + " set it may be anybody");
        }
    }

    private static boolean isInitialiser(JsonNode function) {
        for (JsonNode modifier : function.path("modifiers")) {
            if (SyntaxTree.text(modifier.path("modifierName"), "name").equals("initializer")) {
                return true;
            }
        }
        return false;
    }

    /** State that a node changes. */
    private static Set<Long> written(JsonNode node) {
        JsonNode target = switch (SyntaxTree.text(node, "nodeType")) {
            case "Assignment" -> node.path("leftHandSide");
            case "UnaryOperation" -> node.path("subExpression");
            case "FunctionCall" -> node.path("expression").path("expression");
            default -> node.path("");
        };
        Set<Long> ids = new HashSet<>();
        SyntaxTree.walk(target, inner -> {
            if (SyntaxTree.is(inner, "Identifier")) {
                ids.add(inner.path("referencedDeclaration").asLong(-1));
            }
        });
        return ids;
    }

    // ---------------------------------------------------------------- code from elsewhere

    private void delegation(SyntaxTree tree) {
        for (JsonNode function : tree.functions()) {
            SyntaxTree.walk(function, node -> {
                if (SyntaxTree.is(node, "MemberAccess")
                        && Set.of("delegatecall", "callcode").contains(SyntaxTree.text(node, "memberName"))) {
                    delegated(tree, function, node.path("expression"));
                } else if (SyntaxTree.is(node, "InlineAssembly")) {
                    assembly(tree, function, node);
                }
            });
        }
    }

    private void delegated(SyntaxTree tree, JsonNode function, JsonNode target) {
        boolean[] isFree = new boolean[1];
        SyntaxTree.walk(target, node -> {
            JsonNode declared = SyntaxTree.is(node, "Identifier") ? tree.declaration(node) : null;
            isFree[0] |= declared != null && SyntaxTree.is(declared, "VariableDeclaration") && !isFixed(declared);
        });
        if (isFree[0]) {
            delegates(function);
        }
    }

    private void delegates(JsonNode function) {
        String name = SyntaxTree.text(function, "name");
        add(
                "free-delegate",
                name.isEmpty() ? SyntaxTree.text(function, "kind") : name,
                "it runs code from an address that can change: that code reads and answers everything in its place");
    }

    private void assembly(SyntaxTree tree, JsonNode function, JsonNode block) {
        Set<String> fixed = new HashSet<>();
        Set<String> outside = new HashSet<>();
        for (JsonNode reference : block.path("externalReferences")) {
            JsonNode declared = tree.node(reference.path("declaration").asLong(-1));
            String source = SyntaxTree.text(reference, "src");
            (declared != null && isFixed(declared) ? fixed : outside).add(source);
        }
        SyntaxTree.walk(block.path("AST"), node -> {
            boolean delegates = SyntaxTree.is(node, "YulFunctionCall")
                    && Set.of("delegatecall", "callcode").contains(SyntaxTree.text(node.path("functionName"), "name"));
            JsonNode target = node.path("arguments").path(1);
            if (delegates && !SyntaxTree.is(target, "YulLiteral") && !fixed.contains(SyntaxTree.text(target, "src"))) {
                delegates(function);
            }
        });
    }
}
