package coco.ledgers.ethereum;

import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerFactory;
import java.security.SecureRandom;

/** Makes Ethereum ledgers; found by the service loader. */
public final class EthereumLedgerFactory implements LedgerFactory {
    @Override
    public String id() {
        return EthereumLedger.ID;
    }

    @Override
    public Ledger create(LedgerContext context) {
        String version = EthereumLedgerFactory.class.getPackage().getImplementationVersion();
        return new EthereumLedger(context, version == null ? "development" : version, new SecureRandom());
    }
}
