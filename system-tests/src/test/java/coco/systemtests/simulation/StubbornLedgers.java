package coco.systemtests.simulation;

import coco.kv.DigestReader;
import coco.kv.Draft;
import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.ledgers.api.BuildContext;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerFactory;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Verdict;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes Ethereum ledgers that do not start afresh when speculation is lost: a mutant that the simulation must catch.
 */
final class StubbornLedgers implements LedgerFactory {
    private final LedgerFactory factory = new EthereumLedgerFactory();

    @Override
    public String id() {
        return factory.id();
    }

    @Override
    public Ledger create(LedgerContext context) {
        return new Stubborn(factory.create(context));
    }

    private record Stubborn(Ledger ledger) implements Ledger {
        @Override
        public void rebase(Reader state) {
            // Left out.
        }

        @Override
        public String id() {
            return ledger.id();
        }

        @Override
        public List<MapSpec> maps() {
            return ledger.maps();
        }

        @Override
        public LedgerBlock genesis(Draft state, byte[] document) {
            return ledger.genesis(state, document);
        }

        @Override
        public Verdict offer(Offer offer, boolean again, Reader state) {
            return ledger.offer(offer, again, state);
        }

        @Override
        public boolean hasWork() {
            return ledger.hasWork();
        }

        @Override
        public @Nullable LedgerBlock build(BuildContext context) {
            return ledger.build(context);
        }

        @Override
        public List<IndexKey> apply(LedgerBlock block, long height, Reader state) {
            return ledger.apply(block, height, state);
        }

        @Override
        public List<IndexKey> keys(LedgerBlock block) {
            return ledger.keys(block);
        }

        @Override
        public @Nullable String audit(LedgerBlock block, DigestReader state) {
            return ledger.audit(block, state);
        }

        @Override
        public void forget(byte[] id) {
            ledger.forget(id);
        }

        @Override
        public int pooled() {
            return ledger.pooled();
        }

        @Override
        public byte[] answer(byte[] question, Reader state) {
            return ledger.answer(question, state);
        }

        @Override
        public List<Endpoint> endpoints() {
            return ledger.endpoints();
        }
    }
}
