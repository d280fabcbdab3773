package coco.ledgers.api;

/** How many calls a client may still make just now. Any thread. */
@FunctionalInterface
public interface Quota {
    /** As many as it likes. */
    Quota UNLIMITED = calls -> true;

    /** Takes so many calls, or none if there are fewer left: their client is then to come back later. */
    boolean take(int calls);

    /** The same for a request of which one call was taken already when it came. */
    default Quota afterOne() {
        return calls -> take(Math.max(0, calls - 1));
    }
}
