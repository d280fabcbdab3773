package coco.ledgers.api;

/** Makes a ledger; found by {@link java.util.ServiceLoader}, so that a node names no ledger. */
public interface LedgerFactory {
    /** See {@link Ledger#id}. */
    String id();

    /** Makes the ledger. It must not read state here: the store does not exist yet. */
    Ledger create(LedgerContext context);
}
