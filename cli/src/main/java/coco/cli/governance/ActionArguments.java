package coco.cli.governance;

import coco.cli.console.CliException;
import coco.cli.member.PublicKeyFile;
import coco.governance.ActionKind;
import coco.governance.document.DocumentException;
import coco.governance.document.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The arguments of an action as options of the command line, from the catalogue of actions: one option for each
 * argument, under its own name. What an argument looks like follows from its name, which means the same in every
 * action.
 */
final class ActionArguments {
    /** How the text of an option becomes a value. */
    enum Form {
        TEXT("TEXT"),
        NUMBER("N"),
        LIST("A,B"),
        /** The text of a file, such as a certificate in PEM. */
        FILE("FILE"),
        /** A file with a public key in PEM; its Base64 is the argument. */
        KEY("FILE"),
        /** A file with JSON or YAML, or JSON itself. */
        DOCUMENT("FILE|JSON");

        private final String label;

        Form(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    private static final Map<String, Form> FORMS = Map.ofEntries(
            Map.entry("certificate", Form.FILE),
            Map.entry("recoveryKey", Form.KEY),
            Map.entry("roles", Form.LIST),
            Map.entry("accepted", Form.LIST),
            Map.entry("signers", Form.LIST),
            Map.entry("node", Form.DOCUMENT),
            Map.entry("minimum", Form.DOCUMENT),
            Map.entry("rules", Form.DOCUMENT),
            Map.entry("rule", Form.DOCUMENT),
            Map.entry("keys", Form.DOCUMENT),
            Map.entry("contracts", Form.LIST),
            Map.entry("graceBlocks", Form.NUMBER),
            Map.entry("batchMaxTransactions", Form.NUMBER),
            Map.entry("batchMinIntervalMillis", Form.NUMBER),
            Map.entry("blockMaxBytes", Form.NUMBER),
            Map.entry("pipelineWindow", Form.NUMBER),
            Map.entry("maxBlocks", Form.NUMBER),
            Map.entry("maxAgeSeconds", Form.NUMBER),
            Map.entry("threshold", Form.NUMBER),
            Map.entry("addresses", Form.NUMBER),
            Map.entry("transactionsPerSecond", Form.NUMBER),
            Map.entry("gasPerSecond", Form.NUMBER),
            Map.entry("poolSlots", Form.NUMBER),
            Map.entry("expiresAtHeight", Form.NUMBER),
            Map.entry("blocks", Form.NUMBER));

    private ActionArguments() {}

    /**
     * One argument.
     *
     * @param name as in documents
     */
    record Argument(String name, boolean optional) {
        Form form() {
            return FORMS.getOrDefault(name, Form.TEXT);
        }

        /** {@code --batch-max-transactions}. */
        String option() {
            return "--" + kebab(name);
        }
    }

    /** The arguments of an action, in the order of the catalogue. */
    static List<Argument> of(ActionKind kind) {
        // Behind a colon stands what a document is made of.
        String names = kind.arguments().replaceAll(":.*", "");
        if (names.equals("none")) {
            return List.of();
        }
        List<Argument> arguments = new ArrayList<>();
        for (String name : names.split(", ", -1)) {
            boolean optional = name.endsWith("?");
            arguments.add(new Argument(optional ? name.substring(0, name.length() - 1) : name, optional));
        }
        return List.copyOf(arguments);
    }

    /** The name of an action's command: {@code add-member}. */
    static String command(ActionKind kind) {
        return kind.word().replace('_', '-');
    }

    /**
     * Puts the value of an option into the arguments.
     *
     * @throws CliException a file cannot be read, or the text is not what the argument takes
     */
    static void put(ObjectNode arguments, Argument argument, String text) {
        String name = argument.name();
        switch (argument.form()) {
            case TEXT -> arguments.put(name, text);
            case NUMBER -> arguments.put(name, number(argument, text));
            case LIST -> {
                ArrayNode list = arguments.putArray(name);
                Arrays.stream(text.split(",", -1))
                        .filter(entry -> !entry.isEmpty())
                        .forEach(list::add);
            }
            case FILE -> arguments.put(name, read(argument, Path.of(text)));
            case KEY -> arguments.put(name, PublicKeyFile.base64(Path.of(text)));
            case DOCUMENT -> arguments.set(name, ownPart(name, document(argument, text)));
        }
    }

    /** A joining node writes down the whole action that admits it; then its argument is what is meant. */
    private static JsonNode ownPart(String name, JsonNode document) {
        JsonNode part = document.path("arguments").path(name);
        return document.has("name") && !part.isMissingNode() ? part : document;
    }

    private static long number(Argument argument, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notOne) {
            throw CliException.usage(argument.option() + " takes a whole number, not " + text, "");
        }
    }

    private static JsonNode document(Argument argument, String text) {
        String strip = text.strip();
        boolean inline = strip.startsWith("{") || strip.startsWith("[");
        String content = inline ? strip : read(argument, Path.of(text));
        try {
            return content.strip().startsWith("[")
                    ? Documents.tree(content)
                    : Documents.jsonOrYaml(content.getBytes(StandardCharsets.UTF_8));
        } catch (DocumentException malformed) {
            throw CliException.usage(argument.option() + ": " + malformed.getMessage(), "");
        }
    }

    private static String read(Argument argument, Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CliException(
                    argument.option() + ": " + file + " cannot be read: " + e.getMessage(), "Name a file.", e);
        }
    }

    private static String kebab(String camelCase) {
        return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
