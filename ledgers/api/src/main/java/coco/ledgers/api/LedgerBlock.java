package coco.ledgers.api;

import java.util.List;

/**
 * What one ledger contributes to one block of the journal.
 *
 * @param transactions in the order of execution
 * @param payload the ledger's own bytes for the block as a whole, such as a header
 * @param writes serialised {@link coco.kv.WriteSet} of what the block writes beyond its transactions, applied after
 *     theirs
 * @param publicWrites serialised {@link coco.kv.WriteSet} of what the block as a whole writes to public maps, which
 *     stands in clear in the journal and is applied before everything else; empty for none. Only the network's
 *     administrative ledger has public maps, and all its writes to them stand here
 */
public record LedgerBlock(List<Executed> transactions, byte[] payload, byte[] writes, byte[] publicWrites) {
    /**
     * One transaction.
     *
     * @param id 32 bytes that name the transaction
     * @param claims 32 bytes, the digest of what a receipt for this transaction proves
     * @param payload the ledger's own bytes: the transaction and its result
     * @param writes serialised {@link coco.kv.WriteSet}
     */
    public record Executed(byte[] id, byte[] claims, byte[] payload, byte[] writes) {}

    /** A block without public writes. */
    public LedgerBlock(List<Executed> transactions, byte[] payload, byte[] writes) {
        this(transactions, payload, writes, new byte[0]);
    }

    public LedgerBlock {
        transactions = List.copyOf(transactions);
    }
}
