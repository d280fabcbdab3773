package coco.ledgers.ethereum.rpc;

import coco.evm.types.Log;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.ethereum.chain.ChainReader;
import org.jspecify.annotations.Nullable;

/**
 * A query for logs on its way through the chain, between two journal heights. With an address or topic it reads only
 * the blocks that the index names. Each log is given away as it is found, so that no block is kept. One thread at a
 * time.
 */
final class LogScan {
    /** How long others wait for their turn on the processors: a few large blocks. */
    private static final long SLICE_MILLIS = 50;

    private final Exchange exchange;
    private final LedgerContext context;
    private final LogFilter filter;
    private final long toHeight;
    /** Null if every block is to be read. */
    private final @Nullable LogCandidates candidates;

    private long height;
    private int blocks;
    private int results;
    /** Numbers of the first block read, and of the last one all of whose logs were given away; -1 for none. */
    private long firstNumber = -1;

    private long lastNumber = -1;

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
        // A single block is read faster than the index.
        this.candidates =
                filter.isOpen() || fromHeight == toHeight ? null : new LogCandidates(exchange, filter, toHeight);
    }

    /**
     * Goes on for one slice of time.
     *
     * @return whether the scan is complete
     * @throws RpcException if it takes too long, reads too many blocks or finds too much
     */
    boolean advance(LogSink sink) throws RpcException {
        long until = context.clock().millis() + SLICE_MILLIS;
        do {
            exchange.checkTime();
            height = candidates == null ? height : candidates.next(height);
            if (height > toHeight) {
                return true;
            }
            ChainReader.Block block = exchange.chain().at(height);
            if (block != null) {
                read(block, sink);
            }
            height++;
        } while (context.clock().millis() < until);
        return height > toHeight;
    }

    private void read(ChainReader.Block block, LogSink sink) throws RpcException {
        int mostBlocks = context.settings().maxScannedBlocks();
        if (blocks++ == mostBlocks) {
            throw exceeded("query reads more than " + mostBlocks + " blocks");
        }
        firstNumber = firstNumber < 0 ? block.header().number() : firstNumber;
        filter.forEach(block, (of, writer, log, logIndex) -> found(sink, of, writer, log, logIndex));
        lastNumber = block.header().number();
    }

    private void found(LogSink sink, ChainReader.Block block, ChainReader.Writer writer, Log log, int logIndex)
            throws RpcException {
        int mostResults = context.settings().maxResults();
        if (results++ == mostResults) {
            throw exceeded("query returned more than " + mostResults + " results");
        }
        sink.log(block, writer, log, logIndex);
    }

    /** Names the range that was read before the limit was met: it can be asked for. */
    private RpcException exceeded(String limit) {
        String advice = lastNumber < 0
                ? ""
                : ". Try with this block range [0x" + Long.toHexString(firstNumber) + ", 0x"
                        + Long.toHexString(lastNumber) + "].";
        return RpcException.limitExceeded(limit + advice);
    }
}
