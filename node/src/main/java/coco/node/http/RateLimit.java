package coco.node.http;

/**
 * How many calls one client address may make: a bucket that fills with time (a token bucket).
 *
 * @param perSecond what it gets each second; 0 for no limit
 * @param burst what it holds
 */
public record RateLimit(int perSecond, int burst) {
    /** No limit. */
    public static final RateLimit NONE = new RateLimit(0, 1);
}
