package coco.ledgers.ethereum.access;

import coco.evm.code.CodeCache;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.ethereum.chain.AccessViews;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.testing.Keys;
import java.nio.charset.StandardCharsets;

/** Views of who may see what, by the newest state of a network. */
final class ReaderViews {
    private ReaderViews() {}

    static AccessView of(AccessNetwork network) {
        return of(network, CheckBudget.ofRead());
    }

    static AccessView of(AccessNetwork network, CheckBudget budget) {
        Genesis genesis = Genesis.parse(Keys.genesis(1).getBytes(StandardCharsets.UTF_8));
        AccessViews views = new AccessViews(genesis, new CodeCache(1 << 20), 7);
        return views.of(network.node.state(), AccessSettings.OPEN, budget);
    }
}
