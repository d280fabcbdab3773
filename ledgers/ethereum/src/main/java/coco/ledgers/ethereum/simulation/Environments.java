package coco.ledgers.ethereum.simulation;

import coco.evm.BlockEnvironment;
import coco.evm.transition.BlockReplay;
import coco.evm.transition.HeaderChecks;
import coco.evm.types.Fork;
import coco.evm.types.Header;
import coco.evm.types.Word;
import coco.ledgers.ethereum.chain.Genesis;

/** What transactions learn about blocks of the chain, and what the next one has to have. Immutable. */
public final class Environments {
    private final Genesis genesis;

    /** Of one chain. */
    public Environments(Genesis genesis) {
        this.genesis = genesis;
    }

    /** The environment of a block with this header. */
    public BlockEnvironment of(Header header) {
        return BlockReplay.environment(genesis.config().schedule().rules(header.number(), header.timestamp()), header);
    }

    /** The rules of a block with this header. */
    public Fork fork(Header header) {
        return fork(header.number(), header.timestamp());
    }

    Fork fork(long number, long timestampSeconds) {
        return genesis.config().fork(number, timestampSeconds);
    }

    /** Wei per gas that the block after {@code parent} burns: constant, unless the parent's base fee shows a market. */
    Word baseFeeAfter(Header parent) {
        return genesis.baseFee().equals(parent.baseFeePerGas()) ? genesis.baseFee() : HeaderChecks.baseFeeAfter(parent);
    }

    /** The excess of a block with this time that follows {@code parent} (EIP-4844). */
    long excessBlobGasAfter(Header parent, Fork fork, long timestampSeconds) {
        return parent.excessBlobGas() == null
                ? 0
                : genesis.config().schedule().blobs(timestampSeconds).excess(fork, parent);
    }
}
