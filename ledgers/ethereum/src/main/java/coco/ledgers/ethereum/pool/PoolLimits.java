package coco.ledgers.ethereum.pool;

/**
 * What the pool and admission refuse.
 *
 * @param transactions most transactions in the pool
 * @param bytes most bytes of encoded transactions in the pool
 * @param perSender most transactions of one sender
 * @param queuedPerSender most of one sender that wait behind a gap in nonces
 * @param lifetimeMillis how long a transaction may wait without being executed
 * @param transactionBytes longest encoded transaction
 * @param priceBumpPercent by how much a replacement must raise both fees
 */
public record PoolLimits(
        int transactions,
        long bytes,
        int perSender,
        int queuedPerSender,
        long lifetimeMillis,
        int transactionBytes,
        int priceBumpPercent) {
    /**
     * Five seconds of 10,000 transactions a second, whose waiting clients would have given up by then; 256 MiB; 1,024
     * of one sender, since back ends send all they have from one account; 64 behind a gap as in geth, because they may
     * never become ready; 10 minutes, long enough for any outage that clients wait out; 128 KiB and 10 % as in geth.
     */
    public static final PoolLimits DEFAULT = new PoolLimits(50_000, 256L << 20, 1_024, 64, 600_000, 128 << 10, 10);
}
