package coco.governance.users;

import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerFactory;

/** Makes the ledger of users. Not found by the service loader: every service has it. */
public final class UsersLedgerFactory implements LedgerFactory {
    /** See {@link Ledger#id}. */
    public static final String ID = "users";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Ledger create(LedgerContext context) {
        return new UsersLedger(context);
    }
}
