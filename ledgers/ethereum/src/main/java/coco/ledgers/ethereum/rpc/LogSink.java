package coco.ledgers.ethereum.rpc;

import coco.evm.types.Log;
import coco.ledgers.ethereum.chain.ChainReader;

/** Takes logs that were found, in order. */
@FunctionalInterface
interface LogSink {
    /**
     * One log.
     *
     * @param writer its transaction
     * @param logIndex its position among all logs of the block
     */
    void log(ChainReader.Block block, ChainReader.Writer writer, Log log, int logIndex) throws RpcException;
}
