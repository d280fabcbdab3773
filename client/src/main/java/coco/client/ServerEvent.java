package coco.client;

import java.util.Iterator;
import java.util.function.Predicate;

/**
 * One server-sent event (HTML, section 9.2).
 *
 * @param id to come back with; empty if the stream gave none
 * @param type {@code message} if the stream gave none
 * @param data lines joined by line feeds
 */
public record ServerEvent(String id, String type, String data) {
    /** Longer events, and longer lines of one, are no node's. */
    private static final int CHARACTERS_MAX = 4 << 20;

    /** Puts lines together to events. */
    static final class Reader {
        private final Predicate<ServerEvent> listener;
        private String id = "";
        private String type = "";
        private final StringBuilder data = new StringBuilder();
        private boolean any;

        Reader(Predicate<ServerEvent> listener) {
            this.listener = listener;
        }

        void read(Iterator<String> lines) {
            while (lines.hasNext()) {
                String line = lines.next();
                if (data.length() + (long) line.length() > CHARACTERS_MAX) {
                    throw new ClientException("an event of more than " + CHARACTERS_MAX + " characters");
                }
                if (!take(line)) {
                    return;
                }
            }
        }

        private boolean take(String line) {
            if (line.isEmpty()) {
                return dispatch();
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            value = value.startsWith(" ") ? value.substring(1) : value;
            switch (field) {
                case "id" -> id = value;
                case "event" -> type = value;
                case "data" -> {
                    data.append(any ? "\n" : "").append(value);
                    any = true;
                }
                default -> {
                    // Comments, and fields of other makers.
                }
            }
            return true;
        }

        private boolean dispatch() {
            String named = type.isEmpty() ? "message" : type;
            boolean more = !any || listener.test(new ServerEvent(id, named, data.toString()));
            type = "";
            data.setLength(0);
            any = false;
            return more;
        }
    }
}
