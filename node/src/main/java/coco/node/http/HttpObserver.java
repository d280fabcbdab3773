package coco.node.http;

/** Told what listeners do, for metrics and logs: names, numbers and sizes, never contents. Called from many threads. */
public interface HttpObserver {
    /** Ignores everything. */
    HttpObserver NONE = new HttpObserver() {};

    /**
     * A request was answered.
     *
     * @param route path of its route as it stands in the table; {@code none} if it had none
     */
    default void answered(String listener, String route, int status, long nanos, int requestBytes, int replyBytes) {}

    /**
     * A connection was closed by the guard.
     *
     * @param why one of few fixed words
     */
    default void closed(String listener, String why) {}

    /** A handler failed in a way that is this node's fault. */
    default void failed(String listener, String route, Throwable failure) {}

    /** A WebSocket connection was opened. */
    default void socketOpened(String listener, String route) {}

    /** A stream of events was begun. */
    default void streamOpened(String listener, String route) {}

    /** A message of a WebSocket connection was answered, or needed no answer. */
    default void socketMessage(String listener, String route, long nanos, int bytes) {}
}
