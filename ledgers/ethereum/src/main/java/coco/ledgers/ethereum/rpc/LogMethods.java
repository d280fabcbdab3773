package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Bloom;
import coco.evm.types.Log;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** eth_getLogs: events by block, address and topics. */
final class LogMethods {
    private static final int MAX_TOPICS = 4;
    /** Most addresses, or alternatives of a topic: geth's limit. */
    private static final int MAX_ALTERNATIVES = 1_000;

    private static final int TOO_MANY_RESULTS = -32_005;
    /** Data of the events in one answer, in which each byte is two digits: a few events may be as large as many. */
    private static final int MAX_DATA_BYTES = 12_000_000;

    private final LedgerContext context;

    LogMethods(LedgerContext context) {
        this.context = context;
    }

    void register(Map<String, Method> methods) {
        methods.put("eth_getLogs", this::getLogs);
    }

    private record Found(ChainReader.Block block, int ordinal, Log log, int logIndex) {}

    /** What was found so far, within the limits of one query. */
    private static final class Results {
        private final List<Found> all = new ArrayList<>();
        private final int max;
        private long dataBytes;

        Results(int max) {
            this.max = max;
        }

        void add(Found found) throws RpcException {
            dataBytes += found.log().data().length;
            if (all.size() == max) {
                throw new RpcException(TOO_MANY_RESULTS, "query returned more than " + max + " results");
            }
            if (dataBytes > MAX_DATA_BYTES) {
                throw new RpcException(
                        TOO_MANY_RESULTS, "query returned more than " + MAX_DATA_BYTES + " bytes of event data");
            }
            all.add(found);
        }
    }

    /** What a log must have: one of the addresses, and one of the alternatives at each place that has any. */
    private record Criteria(List<Address> addresses, List<List<byte[]>> topics) {
        boolean mayMatch(Bloom bloom) {
            if (!addresses.isEmpty() && addresses.stream().noneMatch(address -> bloom.mayContain(address.bytes()))) {
                return false;
            }
            for (List<byte[]> alternatives : topics) {
                if (!alternatives.isEmpty() && alternatives.stream().noneMatch(bloom::mayContain)) {
                    return false;
                }
            }
            return true;
        }

        boolean matches(Log log) {
            if (topics.size() > log.topics().size() || (!addresses.isEmpty() && !addresses.contains(log.address()))) {
                return false;
            }
            for (int i = 0; i < topics.size(); i++) {
                byte[] topic = log.topics().get(i);
                if (!topics.get(i).isEmpty()
                        && topics.get(i).stream().noneMatch(wanted -> Arrays.equals(wanted, topic))) {
                    return false;
                }
            }
            return true;
        }
    }

    private Answer getLogs(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        JsonNode filter = params.required(0);
        if (!filter.isObject()) {
            throw RpcException.invalidArgument(0, "json: cannot unmarshal into Go value of type filters.input");
        }
        Criteria criteria = new Criteria(addresses(present(filter, "address")), topics(present(filter, "topics")));
        Results found = new Results(context.settings().maxResults());
        JsonNode blockHash = present(filter, "blockHash");
        JsonNode from = present(filter, "fromBlock");
        JsonNode to = present(filter, "toBlock");
        if (blockHash != null) {
            if (from != null || to != null) {
                throw RpcException.invalidArgument(
                        0, "cannot specify both BlockHash and FromBlock/ToBlock, choose one or the other");
            }
            ChainReader.Block block = exchange.chain().byHash(Params.fixed(blockHash, 32, "common.Hash", 0));
            if (block == null) {
                throw RpcException.server("unknown block");
            }
            collect(block, criteria, found);
        } else {
            scan(
                    exchange.chain(),
                    number(exchange, from == null ? BlockTag.LATEST : BlockTag.parse(from, 0)),
                    number(exchange, to == null ? BlockTag.LATEST : BlockTag.parse(to, 0)),
                    criteria,
                    found);
        }
        return out -> {
            out.writeStartArray();
            found.all.forEach(each -> BlockJson.log(out, each.block(), each.ordinal(), each.log(), each.logIndex()));
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

    private void scan(ChainReader chain, long from, long to, Criteria criteria, Results found) throws RpcException {
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
        // Heights without a block of this ledger lie between; they are cheap to pass, but not free.
        long steps = context.settings().maxScannedBlocks() * 4L;
        ChainReader.Block block = first;
        for (long height = first.height(); steps > 0; steps--) {
            if (block != null) {
                collect(block, criteria, found);
                if (block.header().number() == to) {
                    return;
                }
            }
            block = chain.at(++height);
        }
        throw new RpcException(RpcException.INVALID_PARAMS, "query scans too many blocks");
    }

    private void collect(ChainReader.Block block, Criteria criteria, Results found) throws RpcException {
        if (!criteria.mayMatch(block.header().logsBloom())) {
            return;
        }
        int index = 0;
        for (int ordinal = 0; ordinal < block.size(); ordinal++) {
            ExecutedTransaction executed = block.transaction(ordinal);
            for (Log log : executed.logs()) {
                if (criteria.matches(log)) {
                    found.add(new Found(block, ordinal, log, index));
                }
                index++;
            }
        }
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

    private static @Nullable JsonNode present(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }
}
