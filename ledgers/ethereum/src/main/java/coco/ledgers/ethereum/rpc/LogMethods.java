package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.ethereum.chain.ChainReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** eth_getLogs: events by block, address and topics. */
final class LogMethods {
    private static final int MAX_TOPICS = 4;
    /** Most addresses, or alternatives of a topic: geth's limit. */
    private static final int MAX_ALTERNATIVES = 1_000;

    private final LedgerContext context;

    LogMethods(LedgerContext context) {
        this.context = context;
    }

    void register(Map<String, Method> methods) {
        methods.put("eth_getLogs", this::getLogs);
    }

    private Answer getLogs(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        JsonNode filter = params.required(0);
        if (!filter.isObject()) {
            throw RpcException.invalidArgument(0, "json: cannot unmarshal into Go value of type filters.input");
        }
        LogScan.Criteria criteria = new LogScan.Criteria(
                addresses(Params.present(filter, "address")), topics(Params.present(filter, "topics")));
        JsonNode blockHash = Params.present(filter, "blockHash");
        JsonNode from = Params.present(filter, "fromBlock");
        JsonNode to = Params.present(filter, "toBlock");
        if (blockHash == null) {
            BlockTag first = from == null ? BlockTag.LATEST : BlockTag.parse(from, 0);
            BlockTag last = to == null ? BlockTag.LATEST : BlockTag.parse(to, 0);
            return written(exchange, () -> scan(exchange, first, last, criteria));
        }
        if (from != null || to != null) {
            throw RpcException.invalidArgument(
                    0, "cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other");
        }
        byte[] hash = Params.fixed(blockHash, 32, "common.Hash", 0);
        return written(exchange, () -> {
            ChainReader.Block block = exchange.chain().byHash(hash);
            if (block == null) {
                throw RpcException.server("unknown block");
            }
            return new LogScan(exchange, criteria, block, block.header().number());
        });
    }

    /** Finds and writes in slices, so that others get their turn on the processors between two of them. */
    private static Answer written(Exchange exchange, Callable<LogScan> begin) {
        return out -> {
            LogScan scan = exchange.compute(begin);
            out.writeStartArray();
            boolean complete = false;
            while (!complete) {
                complete = exchange.compute(() -> scan.advance(out));
            }
            out.writeEndArray();
        };
    }

    private static long number(Exchange exchange, BlockTag tag) throws RpcException {
        return switch (tag) {
            case BlockTag.Named _ -> exchange.chain().head().number();
            case BlockTag.Earliest _ -> 0;
            case BlockTag.Numbered(long number) -> number;
            case BlockTag.Hashed _ -> throw RpcException.invalidArgument(0, "hex number > 64 bits");
        };
    }

    private LogScan scan(Exchange exchange, BlockTag fromTag, BlockTag toTag, LogScan.Criteria criteria)
            throws RpcException {
        ChainReader chain = exchange.chain();
        long from = number(exchange, fromTag);
        long to = number(exchange, toTag);
        if (from > to) {
            throw new RpcException(RpcException.INVALID_PARAMS, "invalid block range params");
        }
        if (to > chain.head().number()) {
            throw new RpcException(RpcException.INVALID_PARAMS, "block range extends beyond current head block");
        }
        if (to - from >= context.settings().maxScannedBlocks()) {
            throw new RpcException(
                    RpcException.INVALID_PARAMS,
                    "query exceeds max block range " + context.settings().maxScannedBlocks());
        }
        ChainReader.Block first = chain.byNumber(from);
        if (first == null) {
            throw RpcException.headerNotFound();
        }
        return new LogScan(exchange, criteria, first, to);
    }

    private static List<Address> addresses(@Nullable JsonNode node) throws RpcException {
        List<Address> addresses = new ArrayList<>();
        for (JsonNode each : listOf(node)) {
            addresses.add(Address.of(Params.fixed(each, Address.SIZE, "common.Address", 0)));
        }
        return addresses;
    }

    private static List<List<byte[]>> topics(@Nullable JsonNode node) throws RpcException {
        List<List<byte[]>> topics = new ArrayList<>();
        if (node == null) {
            return topics;
        }
        if (!node.isArray()) {
            throw RpcException.invalidArgument(0, "json: cannot unmarshal into Go value of type []interface {}");
        }
        if (node.size() > MAX_TOPICS) {
            throw new RpcException(RpcException.INVALID_PARAMS, "exceed max topics");
        }
        for (JsonNode place : node) {
            List<byte[]> alternatives = new ArrayList<>();
            boolean any = place.isNull();
            for (JsonNode each : place.isNull() ? List.<JsonNode>of() : listOf(place)) {
                any |= each.isNull();
                if (!each.isNull()) {
                    alternatives.add(Params.fixed(each, 32, "common.Hash", 0));
                }
            }
            topics.add(any ? List.of() : alternatives);
        }
        return topics;
    }

    /** An array's values, or the one value that stands alone. */
    private static List<JsonNode> listOf(@Nullable JsonNode node) throws RpcException {
        List<JsonNode> values = new ArrayList<>();
        if (node != null && node.isArray()) {
            node.forEach(values::add);
        } else if (node != null) {
            values.add(node);
        }
        if (values.size() > MAX_ALTERNATIVES) {
            throw new RpcException(RpcException.INVALID_PARAMS, "exceed max addresses or topics per search position");
        }
        return values;
    }
}
