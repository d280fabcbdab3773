package coco.ledgers.kv;

import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerFactory;

/** Makes the key-value ledger. */
public final class KvLedgerFactory implements LedgerFactory {
    @Override
    public String id() {
        return KvLedger.ID;
    }

    @Override
    public Ledger create(LedgerContext context) {
        return new KvLedger(context);
    }
}
