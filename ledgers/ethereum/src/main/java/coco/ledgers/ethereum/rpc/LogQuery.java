package coco.ledgers.ethereum.rpc;

import coco.ledgers.ethereum.chain.ChainReader;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A filter object as eth_getLogs and eth_newFilter take it: which logs, of which blocks.
 *
 * @param blockHash the one block, 32 bytes; null if a range is meant
 * @param first first block of the range
 * @param last last block of the range
 */
@SuppressWarnings("ArrayRecordComponent") // Read, never compared.
record LogQuery(LogFilter filter, byte @Nullable [] blockHash, BlockTag first, BlockTag last) {
    /**
     * Reads a filter object.
     *
     * @param index the parameter that it is, for errors
     */
    static LogQuery parse(JsonNode object, int index) throws RpcException {
        LogFilter filter = LogFilter.parse(object, index);
        JsonNode blockHash = Params.present(object, "blockHash");
        JsonNode from = Params.present(object, "fromBlock");
        JsonNode to = Params.present(object, "toBlock");
        if (blockHash == null) {
            return new LogQuery(
                    filter,
                    null,
                    from == null ? BlockTag.LATEST : BlockTag.parseNumber(from, index),
                    to == null ? BlockTag.LATEST : BlockTag.parseNumber(to, index));
        }
        if (from != null || to != null) {
            throw RpcException.invalidArgument(
                    index, "cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other");
        }
        byte[] hash = Params.fixed(blockHash, 32, "common.Hash", index);
        return new LogQuery(filter, hash, BlockTag.LATEST, BlockTag.LATEST);
    }

    /** Finds and writes in slices, so that others get their turn on the processors between two of them. */
    Answer answer(Exchange exchange) {
        return out -> {
            LogScan scan = exchange.compute(() -> scan(exchange));
            LogSink sink = (block, writer, log, logIndex) -> BlockJson.log(out, block, writer, log, logIndex);
            out.writeStartArray();
            boolean complete = false;
            while (!complete) {
                complete = exchange.compute(() -> scan.advance(sink));
            }
            out.writeEndArray();
        };
    }

    /**
     * A scan of the blocks that this means at the exchange's height.
     *
     * @throws RpcException if they are no range, or not of this chain, or more than may be read
     */
    LogScan scan(Exchange exchange) throws RpcException {
        ChainReader chain = exchange.chain();
        if (blockHash != null) {
            ChainReader.Block block = chain.byHash(blockHash);
            if (block == null) {
                throw RpcException.server("unknown block");
            }
            return new LogScan(exchange, filter, block.height(), block.height());
        }
        long from = number(chain, first);
        long to = number(chain, last);
        if (from > to) {
            throw new RpcException(RpcException.INVALID_PARAMS, "invalid block range params");
        }
        if (to > chain.head().number()) {
            throw new RpcException(RpcException.INVALID_PARAMS, "block range extends beyond current head block");
        }
        int mostBlocks = exchange.context().settings().maxScannedBlocks();
        // Who does not see everything must not learn from a limit how many blocks the index names.
        boolean isByRange = filter.isOpen() || !chain.sight().isWhole();
        if (isByRange && to - from >= mostBlocks) {
            throw new RpcException(RpcException.INVALID_PARAMS, "query exceeds max block range " + mostBlocks);
        }
        // The ends of the chain need not be read to be known.
        long fromHeight = from == 0 ? 0 : height(chain, from);
        long toHeight = to == chain.head().number() ? chain.height() : height(chain, to);
        return new LogScan(exchange, filter, fromHeight, toHeight);
    }

    private static long number(ChainReader chain, BlockTag tag) throws RpcException {
        return switch (tag) {
            case BlockTag.Named _ -> chain.head().number();
            case BlockTag.Earliest _ -> 0;
            case BlockTag.Numbered(long number) -> number;
            case BlockTag.Hashed _ -> throw RpcException.invalidArgument(0, "hex number > 64 bits");
        };
    }

    private static long height(ChainReader chain, long number) throws RpcException {
        ChainReader.Block block = chain.byNumber(number);
        if (block == null) {
            throw RpcException.headerNotFound();
        }
        return block.height();
    }
}
