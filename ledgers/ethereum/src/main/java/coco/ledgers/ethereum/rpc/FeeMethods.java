package coco.ledgers.ethereum.rpc;

import coco.evm.types.Header;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.chain.Genesis;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * What gas costs: the base fee of the next block, which follows from the newest one, and nothing beyond it is needed to
 * be taken into a block.
 */
final class FeeMethods {
    private static final int MAX_BLOCKS = 1_024;
    private static final int MAX_PERCENTILES = 100;

    private final Genesis genesis;

    FeeMethods(Genesis genesis) {
        this.genesis = genesis;
    }

    void register(Map<String, Method> methods) {
        methods.put("eth_baseFee", (exchange, params) -> fee(next(exchange).baseFee()));
        methods.put("eth_gasPrice", (exchange, params) -> fee(next(exchange).baseFee()));
        methods.put("eth_maxPriorityFeePerGas", (exchange, params) -> Answer.quantity(0));
        methods.put("eth_blobBaseFee", (exchange, params) -> fee(next(exchange).blobBaseFee()));
        methods.put("eth_feeHistory", Method.onProcessors(this::feeHistory));
    }

    private static Answer fee(Word wei) {
        return Answer.text(wei.toQuantity());
    }

    private Genesis.Next next(Exchange exchange) throws RpcException {
        return genesis.next(exchange.chain().head().header());
    }

    private Answer feeHistory(Exchange exchange, Params params) throws RpcException {
        params.atMost(3);
        long count = params.count(0);
        BlockTag tag = params.blockNumber(1);
        List<Double> percentiles = percentiles(params);
        ChainReader.Block newest = exchange.block(tag);
        if (newest == null) {
            throw new RpcException(
                    RpcException.SERVER_ERROR,
                    "request beyond head block: the newest is "
                            + exchange.chain().head().number());
        }
        List<Fees> blocks = new ArrayList<>();
        long first = Math.max(
                0,
                newest.header().number()
                        + 1
                        - Math.min(
                                Long.compareUnsigned(count, MAX_BLOCKS) > 0 ? MAX_BLOCKS : count,
                                newest.header().number() + 1));
        for (long number = first; number <= newest.header().number(); number++) {
            exchange.checkTime();
            ChainReader.Block block = number == newest.header().number()
                    ? newest
                    : exchange.chain().byNumber(number);
            if (block != null) {
                blocks.add(fees(block, percentiles));
            }
        }
        Header last = exchange.sight().ofBlock(newest.header());
        return out -> write(out, count == 0 ? 0 : first, blocks, genesis.next(last));
    }

    private static List<Double> percentiles(Params params) throws RpcException {
        JsonNode node = params.optional(2);
        List<Double> percentiles = new ArrayList<>();
        if (node == null) {
            return percentiles;
        }
        if (!node.isArray()) {
            throw RpcException.invalidArgument(2, "json: cannot unmarshal into Go value of type []float64");
        }
        if (node.size() > MAX_PERCENTILES) {
            throw RpcException.server("invalid reward percentile: over the query limit " + MAX_PERCENTILES);
        }
        double last = 0;
        for (JsonNode each : node) {
            if (!each.isNumber()) {
                throw RpcException.invalidArgument(2, "json: cannot unmarshal into Go value of type float64");
            }
            // What is beyond a double becomes infinite here; asked for as a double it would be thrown.
            double percentile = each.decimalValue().doubleValue();
            if (!(percentile >= last && percentile <= 100)) {
                throw RpcException.server("invalid reward percentile: " + Params.abbreviated(each.toString()));
            }
            percentiles.add(percentile);
            last = percentile;
        }
        return percentiles;
    }

    private Fees fees(ChainReader.Block block, List<Double> percentiles) {
        Header header = block.header();
        Word fee = header.baseFeePerGas() == null ? Word.ZERO : header.baseFeePerGas();
        double ratio = (double) header.gasUsed() / Math.max(1, header.gasLimit());
        long blobGas = header.blobGasUsed() == null ? 0 : header.blobGasUsed();
        long mostBlobGas = genesis.config()
                .rules(header.number(), header.timestamp())
                .blobs()
                .maxGas();
        return new Fees(
                fee,
                ratio,
                genesis.blobBaseFee(header),
                (double) blobGas / mostBlobGas,
                percentiles.isEmpty() ? List.of() : Fees.rewards(block, fee, percentiles));
    }

    private static void write(JsonGenerator out, long first, List<Fees> blocks, Genesis.Next next) {
        out.writeStartObject();
        Hexes.quantity(out, "oldestBlock", first);
        out.writeArrayPropertyStart("baseFeePerGas");
        blocks.forEach(block -> out.writeString(block.baseFee().toQuantity()));
        out.writeString(next.baseFee().toQuantity());
        out.writeEndArray();
        out.writeArrayPropertyStart("gasUsedRatio");
        blocks.forEach(block -> out.writeNumber(block.gasUsedRatio()));
        out.writeEndArray();
        out.writeArrayPropertyStart("baseFeePerBlobGas");
        blocks.forEach(block -> out.writeString(block.blobBaseFee().toQuantity()));
        out.writeString(next.blobBaseFee().toQuantity());
        out.writeEndArray();
        out.writeArrayPropertyStart("blobGasUsedRatio");
        blocks.forEach(block -> out.writeNumber(block.blobGasUsedRatio()));
        out.writeEndArray();
        if (!blocks.isEmpty() && !blocks.getFirst().rewards().isEmpty()) {
            out.writeArrayPropertyStart("reward");
            for (Fees block : blocks) {
                out.writeStartArray();
                block.rewards().forEach(reward -> out.writeString(reward.toQuantity()));
                out.writeEndArray();
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    /** What an answer needs of one block; the block itself may be megabytes. */
    private record Fees(
            Word baseFee, double gasUsedRatio, Word blobBaseFee, double blobGasUsedRatio, List<Word> rewards) {
        /** Tips at percentiles of the block's gas, cheapest first. */
        private static List<Word> rewards(ChainReader.Block block, Word fee, List<Double> percentiles) {
            List<Reward> rewards = new ArrayList<>();
            for (int i = 0; i < block.size(); i++) {
                ExecutedTransaction executed = block.transaction(i);
                Transaction transaction = executed.transaction();
                rewards.add(new Reward(transaction.effectiveGasPrice(fee).minus(fee), executed.gasUsed()));
            }
            rewards.sort(Comparator.comparing(Reward::tip));
            List<Word> at = new ArrayList<>(percentiles.size());
            int index = 0;
            long sum = rewards.isEmpty() ? 0 : rewards.getFirst().gasUsed();
            for (double percentile : percentiles) {
                double threshold = block.header().gasUsed() * percentile / 100;
                while (sum < threshold && index < rewards.size() - 1) {
                    sum += rewards.get(++index).gasUsed();
                }
                at.add(rewards.isEmpty() ? Word.ZERO : rewards.get(index).tip());
            }
            return at;
        }
    }

    private record Reward(Word tip, long gasUsed) {}
}
