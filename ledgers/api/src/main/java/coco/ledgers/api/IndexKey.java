package coco.ledgers.api;

/**
 * A key under which the history index shall find an applied block.
 *
 * @param kind what the key is: {@link #TRANSACTION}, or the ledger's own small number below {@link #KINDS}
 * @param ordinal what {@link History#find} gives back beside the height, such as the position of the transaction
 */
public record IndexKey(int kind, byte[] key, int ordinal) {
    /** How many kinds a ledger has. */
    public static final int KINDS = 16;

    /**
     * The kind of a transaction's id, in every ledger: each transaction of a block is indexed under it, the ordinal
     * being its place in the ledger's block. Receipts are found by it.
     */
    public static final int TRANSACTION = 0;

    public IndexKey {
        if (kind < 0 || kind >= KINDS) {
            throw new IllegalArgumentException("kind " + kind);
        }
    }
}
