package coco.ledgers.ethereum.simulation;

import coco.evm.BlockEnvironment;
import coco.evm.transition.BlockReplay;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.ledgers.ethereum.chain.Genesis;

/** What transactions learn about blocks of a chain. Immutable. */
public final class Environments {
    private final Genesis genesis;

    /** Of one chain. */
    public Environments(Genesis genesis) {
        this.genesis = genesis;
    }

    /** The environment of a block with this header. */
    public BlockEnvironment of(Header header) {
        return BlockReplay.environment(genesis.config().rules(header.number(), header.timestamp()), header);
    }

    /** The rules of a block with this header. */
    public Fork fork(Header header) {
        return genesis.config().fork(header.number(), header.timestamp());
    }
}
