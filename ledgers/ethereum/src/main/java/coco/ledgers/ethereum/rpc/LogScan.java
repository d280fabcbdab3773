package coco.ledgers.ethereum.rpc;

import coco.evm.types.Log;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.ethereum.chain.ChainReader;

/**
 * A query for logs on its way through the chain, between two journal heights. Each log is given away as it is found, so
 * that no block is kept. One thread at a time.
 */
final class LogScan {
    private static final int TOO_MANY_RESULTS = -32_005;

    /** How long others wait for their turn on the processors: a few large blocks. */
    private static final long SLICE_MILLIS = 50;

    private final Exchange exchange;
    private final LedgerContext context;
    private final LogFilter filter;
    private final long toHeight;
    private long height;
    private int blocks;
    private int results;

    /**
     * A scan that has not begun.
     *
     * @param fromHeight journal height of the first block
     * @param toHeight journal height of the last block; the exchange's own height is the highest that is seen
     */
    LogScan(Exchange exchange, LogFilter filter, long fromHeight, long toHeight) {
        this.exchange = exchange;
        this.context = exchange.context();
        this.filter = filter;
        this.height = fromHeight;
        this.toHeight = toHeight;
    }

    /**
     * Goes on for one slice of time.
     *
     * @return whether the scan is complete
     * @throws RpcException if it takes too long, reads too many blocks or finds too much
     */
    boolean advance(LogSink sink) throws RpcException {
        long until = context.clock().millis() + SLICE_MILLIS;
        while (height <= toHeight) {
            exchange.checkTime();
            ChainReader.Block block = exchange.chain().at(height);
            if (block != null) {
                if (blocks++ == context.settings().maxScannedBlocks()) {
                    throw new RpcException(RpcException.INVALID_PARAMS, "query scans too many blocks");
                }
                filter.forEach(block, (of, ordinal, log, logIndex) -> found(sink, of, ordinal, log, logIndex));
            }
            height++;
            if (context.clock().millis() >= until) {
                break;
            }
        }
        return height > toHeight;
    }

    private void found(LogSink sink, ChainReader.Block block, int ordinal, Log log, int logIndex) throws RpcException {
        if (results++ == context.settings().maxResults()) {
            throw new RpcException(
                    TOO_MANY_RESULTS,
                    "query returned more than " + context.settings().maxResults() + " results");
        }
        sink.log(block, ordinal, log, logIndex);
    }
}
