package coco.ledgers.ethereum.pool;

/**
 * What the pool and admission refuse.
 *
 * @param pendingSlots most transactions that could execute one after the other; what is above is taken from the senders
 *     that have most
 * @param queuedSlots most transactions behind a gap in nonces, of all senders
 * @param bytes most bytes of encoded transactions in the pool
 * @param senderSlots so many of one sender are never taken to make room for other senders at the same price
 * @param perSender most transactions of one sender
 * @param bytesPerSender most bytes of one sender's transactions
 * @param queuedPerSender most of one sender that wait behind a gap in nonces
 * @param lifetimeMillis how long a transaction may wait without being executed
 * @param transactionBytes longest encoded transaction
 * @param priceBumpPercent by how much a replacement must raise both fees
 * @param pageBytes most bytes of encoded transactions that are shown at once
 * @param pageSenders most senders whose transactions are shown at once
 */
public record PoolLimits(
        int pendingSlots,
        int queuedSlots,
        long bytes,
        int senderSlots,
        int perSender,
        long bytesPerSender,
        int queuedPerSender,
        long lifetimeMillis,
        int transactionBytes,
        int priceBumpPercent,
        int pageBytes,
        int pageSenders) {
    /**
     * 50,000 together, which is five seconds of 10,000 transactions a second, whose waiting clients would have given up
     * by then; of these 5,000 behind gaps, about geth's share; 256 MiB; 16 slots of one sender as in geth; 1,024 of one
     * sender, since back ends send all they have from one account, and 4 MiB, a 64th of all, since price and share do
     * not look at length; 64 behind a gap as in geth, because they may never become ready; 10 minutes, long enough for
     * any outage that clients wait out; 128 KiB and 10 % as in geth. A page of 1 MiB and 4,000 senders is put together
     * in a millisecond or two, which is how long it keeps the leader from other work.
     */
    public static final PoolLimits DEFAULT =
            new PoolLimits(45_000, 5_000, 256L << 20, 16, 1_024, 4L << 20, 64, 600_000, 128 << 10, 10, 1 << 20, 4_000);

    /** Most transactions that wait; executed ones, which the blocks in flight bound, do not count. */
    int transactions() {
        return pendingSlots + queuedSlots;
    }
}
