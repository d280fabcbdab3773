package coco.node.config;

import coco.node.config.ConfigurationException.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Walks the tokens of a YAML file and matches them against the table. Works on tokens and not on a tree, because tokens
 * know their line, repeated keys and aliases, and never grow beyond the file.
 */
final class ConfigurationReader {
    /** A configuration of every key with long paths is a tenth of this. */
    private static final int FILE_CHARACTERS_MAX = 256 * 1024;

    /** Beyond this many problems the file is something else altogether. */
    private static final int PROBLEMS_MAX = 50;

    /** Sections, keys and lists: nothing in the table nests deeper. */
    private static final int NESTING_MAX = 4;

    private boolean measuredAllowed;
    private final List<Problem> problems = new ArrayList<>();
    private final Map<String, Integer> seen = new HashMap<>();
    private final Map<String, Object> values = new HashMap<>();

    /**
     * One file.
     *
     * @param measuredAllowed whether it may hold measured keys
     */
    record Text(String yaml, boolean measuredAllowed) {}

    Configuration read(List<Text> texts) {
        for (Text text : texts) {
            measuredAllowed = text.measuredAllowed();
            readOne(text.yaml());
        }
        if (problems.isEmpty()) {
            fillDefaults();
            ConfigurationRules.check(values, seen, problems);
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
        return new Configuration(values);
    }

    private void readOne(String yaml) {
        if (yaml.length() > FILE_CHARACTERS_MAX) {
            throw new ConfigurationException(
                    List.of(new Problem(0, "longer than " + FILE_CHARACTERS_MAX + " characters")));
        }
        try (YAMLParser parser = (YAMLParser) new YAMLFactory().createParser(ObjectReadContext.empty(), yaml)) {
            walk(parser);
        } catch (JacksonException malformed) {
            // Breaches of the parser's limits carry no place.
            @Nullable TokenStreamLocation place = malformed.getLocation();
            problems.add(new Problem(place == null ? 0 : Math.max(0, place.getLineNr()), "not valid YAML"));
        }
    }

    private void walk(YAMLParser parser) {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return;
        }
        if (first != JsonToken.START_OBJECT) {
            problem(parser, "a configuration is a mapping of sections and keys");
            return;
        }
        List<String> path = new ArrayList<>();
        while (problems.size() < PROBLEMS_MAX) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return;
            }
            if (token == JsonToken.END_OBJECT) {
                if (path.isEmpty()) {
                    refuseMore(parser);
                    return;
                }
                path.removeLast();
                continue;
            }
            String name = parser.currentName();
            int line = line(parser);
            String full = path.isEmpty() ? name : String.join(".", path) + "." + name;
            JsonToken value = parser.nextToken();
            if (value == JsonToken.START_OBJECT) {
                if (path.size() + 1 >= NESTING_MAX || !isSection(full)) {
                    unknownSection(line, full);
                    parser.skipChildren();
                } else {
                    path.add(name);
                }
            } else {
                value(parser, full, line, value);
            }
        }
    }

    private void refuseMore(YAMLParser parser) {
        if (parser.nextToken() != null) {
            problem(parser, "a configuration is one document");
        }
    }

    private void value(YAMLParser parser, String name, int line, @Nullable JsonToken token) {
        @Nullable List<String> scalars = scalars(parser, name, line, token);
        if (scalars == null) {
            return;
        }
        @Nullable Key<?> key = Keys.named(name);
        if (key == null) {
            unknown(line, name);
            return;
        }
        @Nullable Integer before = seen.putIfAbsent(name, line);
        if (before != null) {
            problems.add(new Problem(line, name + " was already given on line " + before));
        } else if (key.scope() == Scope.MEASURED && !measuredAllowed) {
            problems.add(new Problem(
                    line, name + " is measured: it belongs into the attested image, not into a host's file"));
        } else if (key.type().isList() != (token == JsonToken.START_ARRAY)) {
            problems.add(new Problem(line, name + " must be a " + (key.type().isList() ? "list" : "single value")));
        } else {
            try {
                values.put(name, key.type().parse(scalars));
            } catch (IllegalArgumentException unfit) {
                problems.add(new Problem(line, name + " must be " + unfit.getMessage()));
            }
        }
    }

    /** The scalar or the scalars of a list as written; null if a problem was noted instead. */
    private @Nullable List<String> scalars(YAMLParser parser, String name, int line, @Nullable JsonToken token) {
        List<String> out = new ArrayList<>();
        if (token != JsonToken.START_ARRAY) {
            return addScalar(parser, name, line, token, out) ? out : null;
        }
        boolean good = true;
        for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
            if (t == null) {
                return null;
            }
            good &= addScalar(parser, name, line, t, out);
            parser.skipChildren();
        }
        return good ? out : null;
    }

    private boolean addScalar(YAMLParser parser, String name, int line, @Nullable JsonToken token, List<String> out) {
        if (token == null || token == JsonToken.VALUE_NULL || !token.isScalarValue()) {
            problems.add(
                    new Problem(line, name + (token == JsonToken.VALUE_NULL ? " has no value" : " does not nest")));
            return false;
        }
        if (parser.isCurrentAlias()) {
            problems.add(new Problem(line, name + " is an alias; write the value out"));
            return false;
        }
        out.add(parser.getString());
        return true;
    }

    private static boolean isSection(String prefix) {
        return Keys.all().stream().anyMatch(key -> key.name().startsWith(prefix + "."));
    }

    private void unknown(int line, String name) {
        @Nullable
        String near = NearestName.of(name, Keys.all().stream().map(Key::name).toList());
        problems.add(new Problem(
                line, "unknown key " + printable(name) + (near == null ? "" : "; did you mean " + near + "?")));
    }

    private void unknownSection(int line, String name) {
        @Nullable
        String near = NearestName.of(
                name, Keys.all().stream().map(Key::section).distinct().toList());
        problems.add(new Problem(
                line, "unknown section " + printable(name) + (near == null ? "" : "; did you mean " + near + "?")));
    }

    private static String printable(String name) {
        String clean = name.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() <= 80 ? clean : clean.substring(0, 80) + "...";
    }

    private void fillDefaults() {
        for (Key<?> key : Keys.all()) {
            Object value = key.defaultValue();
            if (!values.containsKey(key.name())) {
                if (value == null) {
                    problems.add(new Problem(0, key.name() + " is missing: " + key.meaning()));
                } else {
                    values.put(key.name(), value);
                }
            }
        }
    }

    private void problem(JsonParser parser, String text) {
        problems.add(new Problem(line(parser), text));
    }

    private static int line(JsonParser parser) {
        return parser.currentTokenLocation().getLineNr();
    }
}
