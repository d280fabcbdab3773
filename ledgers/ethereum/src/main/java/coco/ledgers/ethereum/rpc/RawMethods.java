package coco.ledgers.ethereum.rpc;

import coco.ledgers.api.Offer;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.pool.Admission;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * debug_getRaw* and eth_getRaw*: blocks, headers, receipts and transactions as the encodings whose hashes they are
 * known by.
 */
final class RawMethods {
    void register(Map<String, Method> methods) {
        Method.forWholeSight(methods, "debug_getRawHeader", RawMethods::header);
        Method.forWholeSight(methods, "debug_getRawBlock", Method.onProcessors(RawMethods::block));
        Method.forWholeSight(methods, "debug_getRawReceipts", Method.onProcessors(RawMethods::receipts));
        Method.forWholeSight(methods, "debug_getRawTransaction", RawMethods::transaction);
        methods.put("eth_getRawTransactionByHash", RawMethods::transaction);
        methods.put("eth_getRawTransactionByBlockHashAndIndex", RawMethods::transactionInBlockByHash);
        methods.put("eth_getRawTransactionByBlockNumberAndIndex", RawMethods::transactionInBlock);
        methods.put("debug_getBadBlocks", RawMethods::badBlocks);
    }

    private static ChainReader.Block find(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        BlockTag tag = params.block(0);
        ChainReader.Block block = exchange.block(tag);
        if (block == null) {
            throw RpcException.server(
                    (tag instanceof BlockTag.Hashed ? "block " : "block #") + name(tag) + " not found");
        }
        return block;
    }

    /** What geth calls a block that is not there. */
    static String name(BlockTag tag) {
        return switch (tag) {
            case BlockTag.Numbered(long number) -> Long.toString(number);
            case BlockTag.Hashed(byte[] hash) -> Hexes.data(hash);
            case BlockTag.Named _ -> "latest";
            case BlockTag.Earliest _ -> "0";
        };
    }

    private static Answer header(Exchange exchange, Params params) throws RpcException {
        return Answer.data(find(exchange, params).header().encode());
    }

    private static Answer block(Exchange exchange, Params params) throws RpcException {
        return Answer.data(find(exchange, params).encode());
    }

    private static Answer receipts(Exchange exchange, Params params) throws RpcException {
        ChainReader.Block block = find(exchange, params);
        return out -> {
            long gasUsed = 0;
            out.writeStartArray();
            for (int i = 0; i < block.size(); i++) {
                ExecutedTransaction executed = block.transaction(i);
                gasUsed += executed.gasUsed();
                out.writeString(Hexes.data(executed.receipt(gasUsed).encode()));
            }
            out.writeEndArray();
        };
    }

    /** A transaction of a block or of the leader's pool; no bytes if it is in neither, as geth has it. */
    private static Answer transaction(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        byte[] hash = params.hash(0);
        ChainReader.Place place = exchange.chain().find(hash);
        if (place != null) {
            return encoded(place);
        }
        Admission.Recovered pooled;
        try {
            pooled = Admission.open(new Offer("", hash, exchange.askLeader(PoolQuestion.pooled(hash))));
            pooled = pooled == null || exchange.sight().showsPooled(pooled.sender()) ? pooled : null;
        } catch (RpcException unanswered) {
            // Without a leader there is no pool, and what is in none does not exist.
            pooled = null;
        }
        return Answer.data(pooled == null ? new byte[0] : pooled.transaction().encoded());
    }

    private static Answer transactionInBlock(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        return encoded(ChainMethods.place(exchange.block(params.blockNumber(0)), params));
    }

    private static Answer transactionInBlockByHash(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        return encoded(ChainMethods.place(exchange.chain().byHash(params.hash(0)), params));
    }

    private static Answer encoded(ChainReader.@Nullable Place place) {
        return Answer.data(
                place == null
                        ? new byte[0]
                        : place.block()
                                .transaction(place.ordinal())
                                .transaction()
                                .encoded());
    }

    /** A node applies no block that does not follow; there is none to show. */
    private static Answer badBlocks(Exchange exchange, Params params) throws RpcException {
        params.atMost(0);
        return out -> out.writeStartArray().writeEndArray();
    }
}
