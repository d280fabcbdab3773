package coco.governance;

/**
 * How many addresses an actor may enrol as its users, and how much all of them may send together. Where members bind no
 * senders, only the first counts.
 *
 * @param actor the member or participant
 * @param addresses most addresses at a time
 * @param transactionsPerSecond most transactions of all its users together, 0 for no bound
 * @param gasPerSecond most gas that these may ask for, 0 for no bound
 * @param poolSlots most transactions of all its users that may wait, 0 for no bound
 */
public record EnrolmentQuota(String actor, int addresses, int transactionsPerSecond, long gasPerSecond, int poolSlots) {
    /** A quota of addresses alone. */
    public EnrolmentQuota(String actor, int addresses) {
        this(actor, addresses, 0, 0, 0);
    }
}
