package coco.node.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How values of one kind are written in a file, checked and printed. Text in, value out; a value that does not fit is
 * answered with {@link IllegalArgumentException} whose message completes "must be ...".
 */
public final class ValueType<T> {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final Pattern BYTES = Pattern.compile("([0-9]{1,12})(KiB|MiB|GiB|)");
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,9}");

    private final String description;
    private final boolean list;
    private final Function<List<String>, T> parser;
    private final Function<T, String> printer;

    private ValueType(String description, boolean list, Function<List<String>, T> parser, Function<T, String> printer) {
        this.description = description;
        this.list = list;
        this.parser = parser;
        this.printer = printer;
    }

    /** Words for the reference page: kind, range, unit. */
    public String description() {
        return description;
    }

    /** The value as it would be written in a file. */
    public String print(T value) {
        return printer.apply(value);
    }

    boolean isList() {
        return list;
    }

    T parse(List<String> scalars) {
        return parser.apply(scalars);
    }

    static ValueType<String> text(Pattern allowed, String words) {
        return scalar(
                words,
                s -> {
                    if (!allowed.matcher(s).matches()) {
                        throw new IllegalArgumentException(words);
                    }
                    return s;
                },
                s -> s);
    }

    static ValueType<Path> path() {
        return scalar(
                "path",
                s -> {
                    if (s.isBlank()) {
                        throw new IllegalArgumentException("a path");
                    }
                    return path(s);
                },
                Path::toString);
    }

    /** A path, or the empty one for none. */
    static ValueType<Path> optionalPath() {
        return scalar("path, or nothing", s -> path(s.strip()), Path::toString);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException bad) {
            throw new IllegalArgumentException("a path", bad);
        }
    }

    static ValueType<Boolean> bool() {
        return scalar(
                "true or false",
                s -> switch (s) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException("true or false");
                },
                String::valueOf);
    }

    static ValueType<Integer> integer(int min, int max) {
        String words = "whole number, " + min + " to " + max;
        return scalar(
                words,
                s -> {
                    if (!WHOLE.matcher(s).matches()) {
                        throw new IllegalArgumentException("a " + words);
                    }
                    int value = Integer.parseInt(s);
                    if (value < min || value > max) {
                        throw new IllegalArgumentException("a " + words);
                    }
                    return value;
                },
                String::valueOf);
    }

    static ValueType<Long> bytes(long min, long max) {
        String words = "size in bytes, " + printBytes(min) + " to " + printBytes(max) + " (units KiB, MiB, GiB)";
        return scalar(
                words,
                s -> {
                    Matcher m = BYTES.matcher(s);
                    if (!m.matches()) {
                        throw new IllegalArgumentException("a " + words);
                    }
                    long unit = switch (m.group(2)) {
                        case "KiB" -> 1L << 10;
                        case "MiB" -> 1L << 20;
                        case "GiB" -> 1L << 30;
                        default -> 1L;
                    };
                    // Twelve digits times 2^30 stays below 2^70 only nominally: saturate instead of wrapping.
                    long count = Long.parseLong(m.group(1));
                    long value = count > max / unit ? Long.MAX_VALUE : count * unit;
                    if (value < min || value > max) {
                        throw new IllegalArgumentException("a " + words);
                    }
                    return value;
                },
                ValueType::printBytes);
    }

    static ValueType<Duration> duration(Duration min, Duration max) {
        String words = "duration, " + printDuration(min) + " to " + printDuration(max) + " (units ms, s, m, h, d)";
        return scalar(
                words,
                s -> {
                    Matcher m = DURATION.matcher(s);
                    if (!m.matches()) {
                        throw new IllegalArgumentException("a " + words);
                    }
                    long count = Long.parseLong(m.group(1));
                    Duration value = switch (m.group(2)) {
                        case "ms" -> Duration.ofMillis(count);
                        case "s" -> Duration.ofSeconds(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    };
                    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
                        throw new IllegalArgumentException("a " + words);
                    }
                    return value;
                },
                ValueType::printDuration);
    }

    static <E extends Enum<E>> ValueType<E> choice(Class<E> type) {
        List<String> words = Arrays.stream(type.getEnumConstants())
                .map(e -> e.name().toLowerCase(Locale.ROOT))
                .toList();
        return scalar(
                String.join(" or ", words),
                s -> {
                    int at = words.indexOf(s);
                    if (at < 0) {
                        throw new IllegalArgumentException(String.join(" or ", words));
                    }
                    return type.getEnumConstants()[at];
                },
                e -> e.name().toLowerCase(Locale.ROOT));
    }

    static ValueType<List<String>> texts(Pattern allowed, String words, int max) {
        String description = "list of at most " + max + ": " + words;
        return new ValueType<>(
                description,
                true,
                scalars -> {
                    if (scalars.size() > max
                            || !scalars.stream()
                                    .allMatch(s -> allowed.matcher(s).matches())) {
                        throw new IllegalArgumentException("a " + description);
                    }
                    return List.copyOf(scalars);
                },
                values -> "[" + String.join(", ", values) + "]");
    }

    private static <T> ValueType<T> scalar(
            String description, Function<String, T> parser, Function<T, String> printer) {
        return new ValueType<>(description, false, scalars -> parser.apply(scalars.getFirst()), printer);
    }

    private static String printBytes(long value) {
        if (value != 0 && value % (1L << 30) == 0) {
            return (value >> 30) + "GiB";
        }
        if (value != 0 && value % (1L << 20) == 0) {
            return (value >> 20) + "MiB";
        }
        return value != 0 && value % (1L << 10) == 0 ? (value >> 10) + "KiB" : Long.toString(value);
    }

    private static String printDuration(Duration value) {
        long millis = value.toMillis();
        if (millis != 0 && millis % 86_400_000 == 0) {
            return millis / 86_400_000 + "d";
        }
        if (millis != 0 && millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        }
        if (millis != 0 && millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        }
        return millis != 0 && millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
