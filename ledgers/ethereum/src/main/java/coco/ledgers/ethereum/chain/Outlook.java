package coco.ledgers.ethereum.chain;

import coco.evm.types.Header;

/** What the next block will be like, by the newest one that this node has applied. Any thread; advice only. */
public final class Outlook {
    private final Genesis genesis;
    private volatile Genesis.Next next;

    /** What the genesis document says, until there is a block. */
    public Outlook(Genesis genesis) {
        this.genesis = genesis;
        this.next = genesis.first();
    }

    /** A block is applied. */
    public void applied(Header newest) {
        next = genesis.next(newest);
    }

    /** What holds for the block after the newest one. */
    public Genesis.Next next() {
        return next;
    }
}
