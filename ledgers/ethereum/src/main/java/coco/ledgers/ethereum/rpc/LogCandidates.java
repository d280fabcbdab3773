package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.ledgers.ethereum.chain.BlockIndex;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Journal heights at which a filter's logs may be, lowest first, by the history index. Each constraint (the addresses,
 * or the topics at one position) is the union of what its alternatives are found under; a height must be in all of
 * them. They are read page by page and skip over what another one has shown to be missing, so that a query costs about
 * as much as its rarest constraint. One thread at a time.
 */
final class LogCandidates {
    /** No more heights. */
    static final long NONE = Long.MAX_VALUE;

    /** First page of a key, and after each gap: most constraints have less in a range, or are skipped through. */
    private static final int FIRST_PAGE = 64;

    /** Largest page, of a key that is read on and on: some 16 kB. */
    private static final int LAST_PAGE = 1_024;

    private final Exchange exchange;
    private final long toHeight;
    private final List<AnyOf> constraints = new ArrayList<>();
    private boolean isOrdered;

    /**
     * Heights up to a last one.
     *
     * @param filter which has an address or a topic
     */
    LogCandidates(Exchange exchange, LogFilter filter, long toHeight) {
        this.exchange = exchange;
        this.toHeight = toHeight;
        add(
                BlockIndex.LOG_ADDRESS,
                filter.addresses().stream().map(Address::bytes).toList());
        for (int position = 0; position < filter.topics().size(); position++) {
            add(BlockIndex.LOG_TOPIC + position, filter.topics().get(position));
        }
        constraints.sort(Comparator.comparingInt(constraint -> constraint.postings.size()));
    }

    private void add(int kind, List<byte[]> keys) {
        if (!keys.isEmpty()) {
            constraints.add(
                    new AnyOf(keys.stream().map(key -> new Postings(kind, key)).toList()));
        }
    }

    /**
     * The lowest height that is at least this one; {@link #NONE} if there is none. Never lower than one given before.
     *
     * @throws RpcException if the exchange's time is over
     */
    long next(long atLeast) throws RpcException {
        if (!isOrdered) {
            for (AnyOf constraint : constraints) {
                if (constraint.seek(atLeast) == NONE) {
                    return NONE;
                }
            }
            constraints.sort(Comparator.comparingLong(AnyOf::estimate));
            isOrdered = true;
        }
        long height = atLeast;
        int agreeing = 0;
        for (int i = 0; agreeing < constraints.size(); i = (i + 1) % constraints.size()) {
            long found = constraints.get(i).seek(height);
            if (found == NONE) {
                return NONE;
            }
            agreeing = found == height ? agreeing + 1 : 1;
            height = found;
        }
        return height;
    }

    /** The union of some keys' heights. */
    private static final class AnyOf {
        private final List<Postings> postings;
        /** Those that were asked before, by the height at which they stand. */
        private final PriorityQueue<Postings> queue =
                new PriorityQueue<>(Comparator.comparingLong((Postings one) -> one.current));

        AnyOf(List<Postings> postings) {
            this.postings = postings;
        }

        long seek(long height) throws RpcException {
            if (queue.isEmpty()) {
                for (Postings each : postings) {
                    each.seek(height);
                    queue.add(each);
                }
            }
            for (Postings least = queue.element(); least.current < height; least = queue.element()) {
                queue.remove();
                least.seek(height);
                queue.add(least);
            }
            return queue.element().current;
        }

        /** How many heights there are, as far as the first pages tell. */
        long estimate() {
            return postings.stream().mapToLong(Postings::estimate).sum();
        }
    }

    /** One key's heights, a page of them in memory. */
    private final class Postings {
        private final int kind;
        private final byte[] key;
        private long[] page = {};
        private int at;
        private int limit = FIRST_PAGE;
        private boolean isLast;
        private long current = -1;

        Postings(int kind, byte[] key) {
            this.kind = kind;
            this.key = key;
        }

        void seek(long height) throws RpcException {
            while (at < page.length && page[at] < height) {
                at++;
            }
            if (at == page.length && !isLast) {
                load(height);
            }
            current = at < page.length ? page[at] : NONE;
        }

        private void load(long height) throws RpcException {
            exchange.checkTime();
            long after = page.length == 0 ? height : page[page.length - 1] + 1;
            boolean isNext = page.length > 0 && height <= after;
            limit = isNext ? Math.min(LAST_PAGE, 2 * limit) : FIRST_PAGE;
            page = exchange.chain().heights(kind, key, Math.max(height, after), toHeight, limit);
            at = 0;
            isLast = page.length < limit;
        }

        /** Of a key with more pages, more than of any that has one. */
        long estimate() {
            return isLast ? page.length : toHeight;
        }
    }
}
