package coco.ledgers.ethereum.rpc;

import coco.evm.types.Word;
import coco.ledgers.api.Offer;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.chain.Genesis;
import coco.ledgers.ethereum.pool.Admission;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked of the chain itself and of its blocks, transactions and receipts. */
final class ChainMethods {
    private final Genesis genesis;

    ChainMethods(Genesis genesis) {
        this.genesis = genesis;
    }

    void register(Map<String, Method> methods) {
        methods.put(
                "eth_blockNumber",
                (exchange, params) -> Answer.quantity(exchange.chain().head().number()));
        methods.put("eth_getBlockByNumber", Method.onProcessors(ChainMethods::getBlock));
        methods.put("eth_getBlockByHash", Method.onProcessors(ChainMethods::getBlockByHash));
        methods.put("eth_getBlockTransactionCountByNumber", ChainMethods::countTransactions);
        methods.put("eth_getBlockTransactionCountByHash", ChainMethods::countTransactionsByHash);
        methods.put("eth_getBlockReceipts", Method.onProcessors(this::getBlockReceipts));
        methods.put("eth_getTransactionByHash", ChainMethods::getTransaction);
        methods.put("eth_getTransactionByBlockNumberAndIndex", ChainMethods::getTransactionInBlock);
        methods.put("eth_getTransactionByBlockHashAndIndex", ChainMethods::getTransactionInBlockByHash);
        methods.put("eth_getTransactionReceipt", this::getReceipt);
        methods.put("eth_getUncleCountByBlockNumber", ChainMethods::countUncles);
        methods.put("eth_getUncleCountByBlockHash", ChainMethods::countUnclesByHash);
        methods.put("eth_getUncleByBlockNumberAndIndex", ChainMethods::getUncle);
        methods.put("eth_getUncleByBlockHashAndIndex", ChainMethods::getUncleByHash);
        methods.put("eth_getBlockAccessList", ChainMethods::getAccessList);
        methods.put("debug_getRawBlockAccessList", ChainMethods::getRawAccessList);
    }

    private static Answer getBlock(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        BlockTag tag = params.blockNumber(0);
        return block(exchange.block(tag), params.bool(1));
    }

    private static Answer getBlockByHash(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        byte[] hash = params.hash(0);
        return block(exchange.chain().byHash(hash), params.bool(1));
    }

    private static Answer block(ChainReader.@Nullable Block block, boolean full) {
        return block == null ? Answer.NULL : out -> BlockJson.block(out, block, full);
    }

    private static Answer countTransactions(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        ChainReader.Block block = exchange.block(params.blockNumber(0));
        return block == null ? Answer.NULL : Answer.quantity(block.size());
    }

    private static Answer countTransactionsByHash(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        ChainReader.Block block = exchange.chain().byHash(params.hash(0));
        return block == null ? Answer.NULL : Answer.quantity(block.size());
    }

    private Answer getBlockReceipts(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        ChainReader.Block block = exchange.block(params.block(0));
        if (block == null) {
            return Answer.NULL;
        }
        return out -> {
            ExecutedTransaction.Totals before = ExecutedTransaction.Totals.ZERO;
            Word blobBaseFee = genesis.blobBaseFee(block.header());
            out.writeStartArray();
            for (ChainReader.Writer writer : block.writers()) {
                if (!writer.isLone()) {
                    ExecutedTransaction executed = block.transaction(writer.ordinal());
                    BlockJson.receipt(out, block, writer.ordinal(), executed, before, blobBaseFee);
                }
                before = before.plus(writer.payload());
            }
            out.writeEndArray();
        };
    }

    private static Answer getTransaction(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        byte[] hash = params.hash(0);
        ChainReader.Place place = exchange.chain().find(hash);
        return place == null ? pooled(exchange, hash) : transaction(place);
    }

    /** A transaction that is not in a block may be in the pool, which is the leader's. */
    private static Answer pooled(Exchange exchange, byte[] hash) throws RpcException {
        Offer offer;
        try {
            offer = new Offer("", hash, exchange.askLeader(PoolQuestion.pooled(hash)));
        } catch (RpcException unanswered) {
            // Without a leader there is no pool, and what is in none does not exist.
            return Answer.NULL;
        }
        Admission.Recovered pooled = Admission.open(offer);
        if (pooled != null && exchange.sight().showsPooled(pooled.sender())) {
            return out -> BlockJson.pooled(out, pooled.transaction(), pooled.sender());
        }
        // It may have left the pool for a block between the two looks.
        return transaction(exchange.newestChain().find(hash));
    }

    private static Answer getTransactionInBlock(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        return transaction(place(exchange.block(params.blockNumber(0)), params));
    }

    private static Answer getTransactionInBlockByHash(Exchange exchange, Params params) throws RpcException {
        params.atMost(2);
        return transaction(place(exchange.chain().byHash(params.hash(0)), params));
    }

    static ChainReader.@Nullable Place place(ChainReader.@Nullable Block block, Params params) throws RpcException {
        long index = Params.quantity64(params.required(1), "hexutil.Uint", 1);
        return block == null || index < 0 || index >= block.size() ? null : new ChainReader.Place(block, (int) index);
    }

    private static Answer transaction(ChainReader.@Nullable Place place) {
        if (place == null) {
            return Answer.NULL;
        }
        return out -> BlockJson.transaction(
                out, place.block(), place.ordinal(), place.block().transaction(place.ordinal()));
    }

    private static Answer countUncles(Exchange exchange, Params params) throws RpcException {
        return countUncles(exchange.block(params.blockNumber(0)));
    }

    private static Answer countUnclesByHash(Exchange exchange, Params params) throws RpcException {
        return countUncles(exchange.chain().byHash(params.hash(0)));
    }

    private static Answer countUncles(ChainReader.@Nullable Block block) {
        return block == null ? Answer.NULL : Answer.quantity(block.ommers().size());
    }

    private static Answer getUncle(Exchange exchange, Params params) throws RpcException {
        return uncle(exchange.block(params.blockNumber(0)), params);
    }

    private static Answer getUncleByHash(Exchange exchange, Params params) throws RpcException {
        return uncle(exchange.chain().byHash(params.hash(0)), params);
    }

    private static Answer uncle(ChainReader.@Nullable Block block, Params params) throws RpcException {
        long index = Params.quantity64(params.required(1), "hexutil.Uint", 1);
        if (block == null || Long.compareUnsigned(index, block.ommers().size()) >= 0) {
            return Answer.NULL;
        }
        return out -> BlockJson.ommer(out, block.ommers().get((int) index));
    }

    /** Blocks have access lists (EIP-7928) from a fork on that is not there yet. */
    private static Answer getAccessList(Exchange exchange, Params params) throws RpcException {
        return exchange.block(params.block(0)) == null ? Answer.NULL : getRawAccessList(exchange, params);
    }

    private static Answer getRawAccessList(Exchange exchange, Params params) throws RpcException {
        params.block(0);
        throw new RpcException(RpcException.RESOURCE_NOT_FOUND, "block access list not found");
    }

    private Answer getReceipt(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        return receipt(genesis, exchange.chain().find(params.hash(0)));
    }

    static Answer receipt(Genesis genesis, ChainReader.@Nullable Place place) {
        if (place == null) {
            return Answer.NULL;
        }
        ChainReader.Block block = place.block();
        int ordinal = place.ordinal();
        return out -> BlockJson.receipt(
                out,
                block,
                ordinal,
                block.transaction(ordinal),
                block.before(ordinal),
                genesis.blobBaseFee(block.header()));
    }
}
