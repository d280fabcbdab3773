package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import java.util.List;
import java.util.TreeSet;

/** What a subscription or a filter is about. */
sealed interface Feed {
    /** Headers of new blocks, or their hashes. */
    record Heads() implements Feed {}

    /** Logs in new blocks; those of blocks between two numbers, which are latest, from now on, if not given. */
    record Logs(LogQuery query) implements Feed {
        boolean covers(long number) {
            return !(query.first() instanceof BlockTag.Numbered(long first) && number < first)
                    && !(query.last() instanceof BlockTag.Numbered(long last) && number > last);
        }
    }

    /**
     * Transactions that this node learns of.
     *
     * @param full whole, not their hashes alone
     */
    record Pending(boolean full) implements Feed {}

    /** Beginning and end of catching up, which does not show: what a node serves is always whole. */
    record Syncing() implements Feed {}

    /**
     * Logs, of which blocks must be sure to come, or to have come.
     *
     * @throws RpcException if they are no range
     */
    static Logs logs(LogQuery query) throws RpcException {
        for (BlockTag tag : List.of(query.first(), query.last())) {
            if (tag.equals(new BlockTag.Named(true))) {
                throw new RpcException(RpcException.INVALID_PARAMS, "pending logs are not supported");
            }
        }
        boolean turned = query.last() instanceof BlockTag.Numbered(long last)
                && query.first() instanceof BlockTag.Numbered(long first)
                && first > last;
        if (turned) {
            throw new RpcException(RpcException.INVALID_PARAMS, "invalid block range params");
        }
        return new Logs(query);
    }

    /** How much memory and comparing it takes: one, and one for each address and topic. */
    default int weight() {
        return this instanceof Logs(LogQuery query)
                ? 1
                        + query.filter().addresses().size()
                        + query.filter().topics().stream().mapToInt(List::size).sum()
                : 1;
    }

    /** Text that is the same for feeds that give the same. */
    default String key() {
        return switch (this) {
            case Heads _ -> "heads";
            case Pending(boolean full) -> full ? "pending, full" : "pending";
            case Syncing _ -> "syncing";
            case Logs(LogQuery query) -> {
                StringBuilder key = new StringBuilder("logs");
                TreeSet<Address> addresses = new TreeSet<>(query.filter().addresses());
                addresses.forEach(address -> key.append(' ').append(address.hex()));
                for (List<byte[]> place : query.filter().topics()) {
                    key.append(';');
                    place.forEach(topic -> key.append(' ').append(Hexes.data(topic)));
                }
                yield key.append(bound(query.first()))
                        .append(bound(query.last()))
                        .toString();
            }
        };
    }

    private static String bound(BlockTag tag) {
        return "," + (tag instanceof BlockTag.Numbered(long number) ? number : "");
    }
}
