package coco.ledgers.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place where a client listens for as long as it likes and sends nothing: a stream of server-sent events, as <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">HTML, section 9.2</a> has it. Silence is
 * filled with comments, so that both ends notice when the other is gone.
 *
 * @param path absolute path, asked for by GET; no {@link Endpoint} for GET may have the same one
 */
public record EventEndpoint(String path, Acceptor acceptor) {
    /** Begins a stream for each client. */
    @FunctionalInterface
    public interface Acceptor {
        /**
         * Begins a stream on a thread that may block; what it puts in before it returns is sent first, within the
         * bounds of a queue. Whatever it throws ends the stream.
         *
         * @return run once, when the stream is over, for whatever reason
         */
        Runnable open(Opening opening, Stream stream);
    }

    /**
     * What a client asked for.
     *
     * @param query decoded query parameters, the first of each name
     * @param lastEventId of the last event that the client got on an earlier connection ({@code Last-Event-ID}); null
     *     if it said nothing of one
     */
    public record Opening(
            Caller caller,
            Map<String, String> query,
            @Nullable String lastEventId) {}

    /** The client's side of one stream. Any thread. */
    public interface Stream {
        /**
         * Puts an event into this client's queue, without waiting.
         *
         * @return false if the stream is over, or has just been cut because its client reads too slowly
         */
        boolean offer(Event event);

        /** Ends the stream after what is queued. */
        void close();
    }

    /**
     * Something that happened. One object may go into many streams; its data is in memory once.
     *
     * @param id by which a client says where it left off
     * @param type what kind of thing
     * @param data one line of UTF-8
     */
    public record Event(String id, String type, SharedText data) {
        public Event {
            if (!isOneLine(id) || !isOneLine(type)) {
                throw new IllegalArgumentException("id and type of an event are one line each");
            }
            for (byte unit : data.utf8()) {
                if (unit == '\n' || unit == '\r') {
                    throw new IllegalArgumentException("the data of an event is one line");
                }
            }
        }

        private static boolean isOneLine(String text) {
            return text.chars().noneMatch(unit -> unit < ' ');
        }
    }
}
