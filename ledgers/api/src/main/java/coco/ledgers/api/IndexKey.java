package coco.ledgers.api;

/**
 * A key under which the history index shall find an applied block.
 *
 * @param kind the ledger's own small number for what the key is (below {@link #KINDS}), such as a transaction hash
 * @param ordinal what {@link History#find} gives back beside the height, such as the position of the transaction
 */
public record IndexKey(int kind, byte[] key, int ordinal) {
    /** How many kinds a ledger has. */
    public static final int KINDS = 16;

    public IndexKey {
        if (kind < 0 || kind >= KINDS) {
            throw new IllegalArgumentException("kind " + kind);
        }
    }
}
