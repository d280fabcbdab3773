package coco.ledgers.api;

/**
 * A transaction on its way to the leader, already decoded and checked by the node that took it. The leader believes
 * that node (both are attested), so the payload may hold what was costly to find out, such as a recovered sender.
 *
 * @param ledger {@link Ledger#id}
 * @param id 32 bytes that name the transaction, as in {@link LedgerBlock.Executed#id}
 * @param payload the ledger's own bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Offer(String ledger, byte[] id, byte[] payload) {
    public Offer {
        if (id.length != 32) {
            throw new IllegalArgumentException("an id has 32 bytes, not " + id.length);
        }
    }
}
