package coco.evm.transition;

import coco.evm.types.Fork;

/**
 * What is agreed between all nodes of a chain about executing the transactions of one block.
 *
 * @param chainId EIP-155
 * @param fork the rules of execution
 * @param transactionGasCap the most gas one transaction may ask for, since Osaka
 * @param blobs how many blobs may be used, since Cancun
 */
public record ChainRules(long chainId, Fork fork, long transactionGasCap, BlobParameters blobs) {
    /** 2^24 (EIP-7825). */
    public static final long DEFAULT_TRANSACTION_GAS_CAP = 1L << 24;

    /** The rules with the blob parameters that the fork begins with. */
    public ChainRules(long chainId, Fork fork, long transactionGasCap) {
        this(chainId, fork, transactionGasCap, BlobParameters.of(fork));
    }

    /** The rules of Ethereum's main network under this chain id and fork. */
    public static ChainRules of(long chainId, Fork fork) {
        return new ChainRules(chainId, fork, DEFAULT_TRANSACTION_GAS_CAP);
    }
}
