package coco.ledgers.ethereum.chain;

import coco.evm.code.CodeCache;
import coco.evm.transition.BlockReplay;
import coco.evm.transition.ChainRules;
import coco.evm.types.Header;
import coco.kv.Reader;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.ethereum.access.AccessView;
import coco.ledgers.ethereum.access.CheckBudget;
import coco.ledgers.ethereum.access.CheckSite;

/** Opens views of who may see what, for one chain. Immutable. */
public final class AccessViews {
    private final Genesis genesis;
    private final CodeCache codes;
    private final long hashSeed;

    /**
     * Views of one chain.
     *
     * @param hashSeed a number that nobody outside knows
     */
    public AccessViews(Genesis genesis, CodeCache codes, long hashSeed) {
        this.genesis = genesis;
        this.codes = codes;
        this.hashSeed = hashSeed;
    }

    /**
     * By a committed state, which must stay open: the latest, for reads.
     *
     * @param settings in force for it
     * @param budget of the request
     */
    public AccessView of(Reader state, AccessSettings settings, CheckBudget budget) {
        return new AccessView(state, settings, () -> site(state), codes, hashSeed, budget);
    }

    private CheckSite site(Reader state) {
        Header header = Head.of(state).header();
        ChainRules rules = genesis.config().rules(header.number(), header.timestamp());
        return new CheckSite(new StateReader(state), rules, BlockReplay.environment(rules, header));
    }
}
