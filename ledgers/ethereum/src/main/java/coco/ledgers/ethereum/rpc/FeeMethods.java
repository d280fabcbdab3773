package coco.ledgers.ethereum.rpc;

import coco.evm.types.Header;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** What gas costs: the base fee is constant, and nothing beyond it is needed to be taken into a block. */
final class FeeMethods {
    private static final int MAX_BLOCKS = 1_024;
    private static final int MAX_PERCENTILES = 100;

    private final Word baseFee;

    FeeMethods(Word baseFee) {
        this.baseFee = baseFee;
    }

    void register(Map<String, Method> methods) {
        methods.put("eth_gasPrice", (exchange, params) -> Answer.text(baseFee.toQuantity()));
        methods.put("eth_maxPriorityFeePerGas", (exchange, params) -> Answer.quantity(0));
        methods.put("eth_blobBaseFee", (exchange, params) -> Answer.quantity(1));
        methods.put("eth_feeHistory", this::feeHistory);
    }

    private Answer feeHistory(Exchange exchange, Params params) throws RpcException {
        params.atMost(3);
        long count = params.count(0);
        BlockTag tag = params.block(1);
        List<Double> percentiles = percentiles(params);
        ChainReader.Block newest = exchange.block(tag);
        if (newest == null) {
            throw new RpcException(
                    RpcException.SERVER_ERROR,
                    "request beyond head block: the newest is "
                            + exchange.chain().head().number());
        }
        List<ChainReader.Block> blocks = new ArrayList<>();
        long first = Math.max(
                0,
                newest.header().number()
                        + 1
                        - Math.min(
                                Long.compareUnsigned(count, MAX_BLOCKS) > 0 ? MAX_BLOCKS : count,
                                newest.header().number() + 1));
        for (long number = first; number <= newest.header().number(); number++) {
            ChainReader.Block block = number == newest.header().number()
                    ? newest
                    : exchange.chain().byNumber(number);
            if (block != null) {
                blocks.add(block);
            }
        }
        return out -> write(out, count == 0 ? 0 : first, blocks, percentiles);
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
            double percentile = each.isNumber() ? each.doubleValue() : -1;
            if (!(percentile >= last && percentile <= 100)) {
                throw RpcException.server("invalid reward percentile: " + each);
            }
            percentiles.add(percentile);
            last = percentile;
        }
        return percentiles;
    }

    private void write(JsonGenerator out, long first, List<ChainReader.Block> blocks, List<Double> percentiles) {
        out.writeStartObject();
        Hexes.quantity(out, "oldestBlock", first);
        out.writeArrayPropertyStart("baseFeePerGas");
        for (ChainReader.Block block : blocks) {
            Word fee = block.header().baseFeePerGas();
            out.writeString(fee == null ? "0x0" : fee.toQuantity());
        }
        out.writeString(baseFee.toQuantity());
        out.writeEndArray();
        out.writeArrayPropertyStart("gasUsedRatio");
        for (ChainReader.Block block : blocks) {
            Header header = block.header();
            out.writeNumber((double) header.gasUsed() / Math.max(1, header.gasLimit()));
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("baseFeePerBlobGas");
        for (int i = 0; i <= blocks.size(); i++) {
            out.writeString("0x1");
        }
        out.writeEndArray();
        out.writeArrayPropertyStart("blobGasUsedRatio");
        blocks.forEach(block -> out.writeNumber(0));
        out.writeEndArray();
        if (!percentiles.isEmpty()) {
            out.writeArrayPropertyStart("reward");
            blocks.forEach(block -> rewards(out, block, percentiles));
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private record Reward(Word tip, long gasUsed) {}

    /** Tips at percentiles of the block's gas, cheapest first. */
    private static void rewards(JsonGenerator out, ChainReader.Block block, List<Double> percentiles) {
        Word fee = block.header().baseFeePerGas() == null
                ? Word.ZERO
                : block.header().baseFeePerGas();
        List<Reward> rewards = new ArrayList<>();
        for (int i = 0; i < block.size(); i++) {
            ExecutedTransaction executed = block.transaction(i);
            Transaction transaction = executed.transaction();
            rewards.add(new Reward(transaction.effectiveGasPrice(fee).minus(fee), executed.gasUsed()));
        }
        rewards.sort(Comparator.comparing(Reward::tip));
        out.writeStartArray();
        int at = 0;
        long sum = rewards.isEmpty() ? 0 : rewards.getFirst().gasUsed();
        for (double percentile : percentiles) {
            double threshold = block.header().gasUsed() * percentile / 100;
            while (sum < threshold && at < rewards.size() - 1) {
                sum += rewards.get(++at).gasUsed();
            }
            out.writeString(rewards.isEmpty() ? "0x0" : rewards.get(at).tip().toQuantity());
        }
        out.writeEndArray();
    }
}
