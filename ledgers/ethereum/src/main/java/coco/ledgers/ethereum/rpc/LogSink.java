package coco.ledgers.ethereum.rpc;

import coco.evm.types.Log;
import coco.ledgers.ethereum.chain.ChainReader;

/** Takes logs that were found, in order. */
@FunctionalInterface
interface LogSink {
    /**
     * One log.
     *
     * @param ordinal of its transaction in the block
     * @param logIndex its position among all logs of the block
     */
    void log(ChainReader.Block block, int ordinal, Log log, int logIndex) throws RpcException;
}
