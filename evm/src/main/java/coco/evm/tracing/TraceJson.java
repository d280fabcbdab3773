package coco.evm.tracing;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes trees of maps, lists, strings, numbers, truth values and nulls as JSON (RFC 8259), however deep they are. */
public final class TraceJson {
    private static final String ESCAPED = "\"\\";

    private TraceJson() {}

    /** The tree as text without white space. */
    public static String text(Object tree) {
        StringBuilder out = new StringBuilder();
        try {
            write(tree, out);
        } catch (IOException e) {
            throw new IllegalStateException("a StringBuilder does not fail", e);
        }
        return out.toString();
    }

    /**
     * Writes the tree without white space.
     *
     * @throws IOException from {@code out}
     * @throws IllegalArgumentException if there is anything else in the tree
     */
    public static void write(Object tree, Appendable out) throws IOException {
        Deque<Level> open = new ArrayDeque<>();
        begin(tree, open, out);
        while (!open.isEmpty()) {
            Level level = open.getLast();
            if (!level.entries.hasNext()) {
                out.append(level.close);
                open.removeLast();
                continue;
            }
            if (level.isBegun) {
                out.append(',');
            }
            level.isBegun = true;
            Object next = level.entries.next();
            if (next instanceof Map.Entry<?, ?> entry) {
                string(String.valueOf(entry.getKey()), out);
                out.append(':');
                next = entry.getValue();
            }
            begin(next, open, out);
        }
    }

    private static final class Level {
        final Iterator<?> entries;
        final char close;
        boolean isBegun;

        Level(Iterator<?> entries, char close) {
            this.entries = entries;
            this.close = close;
        }
    }

    private static void begin(@Nullable Object value, Deque<Level> open, Appendable out) throws IOException {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> {
                out.append('{');
                open.addLast(new Level(map.entrySet().iterator(), '}'));
            }
            case Collection<?> list -> {
                out.append('[');
                open.addLast(new Level(list.iterator(), ']'));
            }
            case String text -> string(text, out);
            case Integer number -> out.append(number.toString());
            case Long number -> out.append(number.toString());
            case BigInteger number -> out.append(number.toString());
            case Boolean truth -> out.append(truth.toString());
            default -> throw new IllegalArgumentException("no JSON: " + value.getClass());
        }
    }

    private static void string(String text, Appendable out) throws IOException {
        out.append('"');
        int written = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || ESCAPED.indexOf(c) >= 0) {
                out.append(text, written, i);
                out.append(c < ' ' ? "\\u%04x".formatted((int) c) : "\\" + c);
                written = i + 1;
            }
        }
        out.append(text, written, text.length()).append('"');
    }
}
