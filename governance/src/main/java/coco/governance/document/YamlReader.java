package coco.governance.document;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * YAML 1.2 narrowed until it means one thing: no aliases (a few lines of them make gigabytes), no tags, no merge keys,
 * no repeated keys, one document. The library's own guesses about scalars are not used.
 */
final class YamlReader {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,99})");

    /** What other readers would take for a number that is not whole. */
    private static final Pattern FRACTION = Pattern.compile(
            "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    private final Iterator<Event> events;

    private YamlReader(Iterator<Event> events) {
        this.events = events;
    }

    static JsonNode read(byte[] utf8) {
        if (utf8.length > Documents.DOCUMENT_BYTES_MAX) {
            throw new DocumentException("", "longer than " + Documents.DOCUMENT_BYTES_MAX + " bytes");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
            LoadSettings settings = LoadSettings.builder()
                    .setCodePointLimit(Documents.DOCUMENT_BYTES_MAX)
                    .setMaxAliasesForCollections(0)
                    .build();
            return new YamlReader(new Parse(settings).parseString(text).iterator()).document();
        } catch (CharacterCodingException notUtf8) {
            throw new DocumentException("", "not UTF-8");
        } catch (YamlEngineException notYaml) {
            throw new DocumentException("", "not valid YAML: " + firstLine(String.valueOf(notYaml.getMessage())));
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    private JsonNode document() {
        expect(Event.ID.StreamStart);
        expect(Event.ID.DocumentStart);
        JsonNode tree = value(events.next(), "", 1);
        expect(Event.ID.DocumentEnd);
        expect(Event.ID.StreamEnd);
        return tree;
    }

    private void expect(Event.ID wanted) {
        Event event = skipComments();
        if (event.getEventId() != wanted) {
            throw new DocumentException("", "not one YAML document");
        }
    }

    private Event skipComments() {
        Event event = events.next();
        while (event.getEventId() == Event.ID.Comment) {
            event = events.next();
        }
        return event;
    }

    private JsonNode value(Event event, String path, int depth) {
        if (depth > Documents.NESTING_MAX) {
            throw new DocumentException(path, "nested deeper than " + Documents.NESTING_MAX);
        }
        if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            throw new DocumentException(path, "anchors and aliases are not taken");
        }
        return switch (event.getEventId()) {
            case Scalar -> scalar((ScalarEvent) event, path);
            case SequenceStart -> sequence(path, depth);
            case MappingStart -> mapping(path, depth);
            default -> throw new DocumentException(path, "not a YAML value");
        };
    }

    private ArrayNode sequence(String path, int depth) {
        ArrayNode array = NODES.arrayNode();
        for (Event next = skipComments(); next.getEventId() != Event.ID.SequenceEnd; next = skipComments()) {
            array.add(value(next, path + "[" + array.size() + "]", depth + 1));
        }
        return array;
    }

    private ObjectNode mapping(String path, int depth) {
        ObjectNode object = NODES.objectNode();
        for (Event next = skipComments(); next.getEventId() != Event.ID.MappingEnd; next = skipComments()) {
            if (!(next instanceof ScalarEvent key) || key.getAnchor().isPresent() || "<<".equals(key.getValue())) {
                throw new DocumentException(path, "a key must be plain text");
            }
            String name = key.getValue();
            String where = path.isEmpty() ? name : path + "." + name;
            if (object.has(name)) {
                throw new DocumentException(where, "the same key appears twice");
            }
            object.set(name, value(skipComments(), where, depth + 1));
        }
        return object;
    }

    private static JsonNode scalar(ScalarEvent event, String path) {
        if (event.getTag().isPresent()) {
            throw new DocumentException(path, "tags are not taken");
        }
        String text = event.getValue();
        if (event.getScalarStyle() != ScalarStyle.PLAIN) {
            return NODES.stringNode(text);
        }
        if (INTEGER.matcher(text).matches()) {
            return NODES.numberNode(new BigInteger(text));
        }
        if (FRACTION.matcher(text).matches()) {
            throw new DocumentException(
                    path, "write " + text + " in quotes if it is text; a number is whole and has no leading zeros");
        }
        return switch (text) {
            case "true" -> NODES.booleanNode(true);
            case "false" -> NODES.booleanNode(false);
            case "null", "~", "" -> NODES.nullNode();
            default -> NODES.stringNode(text);
        };
    }
}
