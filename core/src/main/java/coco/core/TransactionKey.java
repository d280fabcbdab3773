package coco.core;

import coco.ledgers.api.Offer;
import java.util.Arrays;

/** Names a transaction across ledgers. Ids are digests, so their first bytes hash well. */
record TransactionKey(String ledger, byte[] id) {
    static TransactionKey of(Offer offer) {
        return new TransactionKey(offer.ledger(), offer.id());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TransactionKey that && ledger.equals(that.ledger) && Arrays.equals(id, that.id);
    }

    @Override
    public int hashCode() {
        return ((id[0] & 0xff) << 24 | (id[1] & 0xff) << 16 | (id[2] & 0xff) << 8 | (id[3] & 0xff));
    }

    @Override
    public String toString() {
        return ledger + " transaction";
    }
}
