package coco.governance;

/**
 * When the secret that encrypts blocks is replaced, at the latest.
 *
 * @param maxBlocks most blocks of one epoch
 * @param maxAgeSeconds longest life of an epoch, by service time
 */
public record EpochPolicy(long maxBlocks, long maxAgeSeconds) {
    /** A day, or a hundred thousand blocks: some ten to a hundred gigabytes under one secret. */
    public static final EpochPolicy DEFAULT = new EpochPolicy(100_000, 86_400);
}
