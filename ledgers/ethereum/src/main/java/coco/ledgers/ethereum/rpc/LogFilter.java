package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.LogReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a log must have: one of the addresses, and one of the alternatives at each position of topics that has any.
 *
 * @param addresses none for any
 * @param topics by position, at most four; the topics of 32 bytes in unsigned order, none for any. A log has at least
 *     so many topics as there are positions
 */
record LogFilter(Set<Address> addresses, List<List<byte[]>> topics) {
    private static final int MAX_TOPICS = 4;
    /** Most addresses, or alternatives of a topic: geth's limit. */
    private static final int MAX_ALTERNATIVES = 1_000;

    LogFilter {
        addresses = Set.copyOf(addresses);
        topics = topics.stream().map(LogFilter::inOrder).toList();
    }

    private static List<byte[]> inOrder(List<byte[]> alternatives) {
        TreeSet<byte[]> distinct = new TreeSet<>(Arrays::compareUnsigned);
        distinct.addAll(alternatives);
        return List.copyOf(distinct);
    }

    /**
     * Reads address and topics of a filter object.
     *
     * @param index the parameter that it is, for errors
     */
    static LogFilter parse(JsonNode object, int index) throws RpcException {
        if (!object.isObject()) {
            throw RpcException.invalidArgument(index, "json: cannot unmarshal into Go value of type filters.input");
        }
        return new LogFilter(
                addresses(Params.present(object, "address"), index), topics(Params.present(object, "topics"), index));
    }

    /** Whether it asks for no address and no topic. */
    boolean isOpen() {
        return addresses.isEmpty() && topics.stream().allMatch(List::isEmpty);
    }

    /** Gives a block's logs that match, in order, to the sink. */
    void forEach(ChainReader.Block block, LogSink sink) throws RpcException {
        forEach(block, 0, () -> false, sink);
    }

    /**
     * Gives a block's logs that match, in order, to the sink until there are enough.
     *
     * @param from index in the block of the first log that is looked at
     * @return index of the first log that was left out; -1 if the block is through
     */
    int forEach(ChainReader.Block block, int from, BooleanSupplier enough, LogSink sink) throws RpcException {
        int index = 0;
        for (ChainReader.Writer writer : block.writers()) {
            LogReader logs = new LogReader(writer.payload());
            for (; logs.next(); index++) {
                if (index >= from && matches(logs)) {
                    if (enough.getAsBoolean()) {
                        return index;
                    }
                    sink.log(block, writer, logs.log(), index);
                }
            }
        }
        return -1;
    }

    /** Whether a log of this address with these topics is asked for. */
    boolean matches(Address address, List<byte[]> found) {
        return matches(address, found.size(), (at, wanted) -> Arrays.compareUnsigned(found.get(at), wanted));
    }

    private boolean matches(LogReader log) {
        return matches(log.address(), log.topicCount(), log::compareTopic);
    }

    /** How a log's topics stand to 32 bytes: most logs are told by that, and never copied. */
    private interface Topics {
        int compare(int position, byte[] wanted);
    }

    private boolean matches(Address address, int count, Topics found) {
        if (topics.size() > count || (!addresses.isEmpty() && !addresses.contains(address))) {
            return false;
        }
        for (int i = 0; i < topics.size(); i++) {
            List<byte[]> wanted = topics.get(i);
            if (!wanted.isEmpty() && !isAmong(wanted, found, i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAmong(List<byte[]> wanted, Topics found, int position) {
        int low = 0;
        int high = wanted.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            int order = found.compare(position, wanted.get(middle));
            if (order == 0) {
                return true;
            }
            if (order < 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return false;
    }

    private static Set<Address> addresses(@Nullable JsonNode node, int index) throws RpcException {
        Set<Address> addresses = new HashSet<>();
        for (JsonNode each : listOf(node)) {
            addresses.add(Address.of(Params.fixed(each, Address.SIZE, "common.Address", index)));
        }
        return addresses;
    }

    private static List<List<byte[]>> topics(@Nullable JsonNode node, int index) throws RpcException {
        List<List<byte[]>> topics = new ArrayList<>();
        if (node == null) {
            return topics;
        }
        if (!node.isArray()) {
            throw RpcException.invalidArgument(index, "json: cannot unmarshal into Go value of type []interface {}");
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
                    alternatives.add(Params.fixed(each, 32, "common.Hash", index));
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
