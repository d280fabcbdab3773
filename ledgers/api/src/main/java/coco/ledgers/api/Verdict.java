package coco.ledgers.api;

/** What the leader says of an offer. */
public sealed interface Verdict {
    /** It will be in one of the next blocks. */
    record Accepted() implements Verdict {}

    /** It is kept, but cannot execute before another transaction arrives (a gap in nonces). */
    record Queued() implements Verdict {}

    /** It is not kept. */
    record Rejected(Rejection reason) implements Verdict {}

    Verdict ACCEPTED = new Accepted();
    Verdict QUEUED = new Queued();

    static Verdict rejected(int code, String message) {
        return new Rejected(new Rejection(code, message));
    }
}
