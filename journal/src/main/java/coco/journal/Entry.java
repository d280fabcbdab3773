package coco.journal;

/**
 * One transaction of a block. Arrays are taken over, not copied: neither side changes them afterwards.
 *
 * @param id the transaction's id, 32 bytes; for Ethereum the transaction hash
 * @param claims digest of what a receipt may claim about the transaction, 32 bytes; the ledger defines it
 * @param payload the transaction and its result, in the ledger's own bytes
 * @param writes the transaction's private write set, serialised
 */
public record Entry(byte[] id, byte[] claims, byte[] payload, byte[] writes) {
    /** Checks the fixed lengths. */
    public Entry {
        Bytes.requireLength(id, 32, "transaction id");
        Bytes.requireLength(claims, 32, "claims digest");
    }
}
