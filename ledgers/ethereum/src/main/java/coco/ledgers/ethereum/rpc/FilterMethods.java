package coco.ledgers.ethereum.rpc;

import coco.evm.types.Log;
import coco.ledgers.ethereum.chain.ChainReader;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * eth_newFilter and its kin. A filter belongs to this node and this caller. Each poll gives what was committed since
 * the last one that was answered, each block and log once and in order; if that is much, a portion of it, and the rest
 * at the next polls.
 */
final class FilterMethods {
    /** JSON of a hash or topic. */
    private static final int HASH_BYTES = 69;

    /** JSON of a log without topics and data, and of a transaction without what has a length of its own. */
    private static final int LOG_BYTES = 400;

    private static final int TRANSACTION_BYTES = 1_000;

    private final Filters filters;
    private final PendingTransactions pending;

    FilterMethods(Filters filters, PendingTransactions pending) {
        this.filters = filters;
        this.pending = pending;
    }

    void register(Map<String, Method> methods) {
        methods.put("eth_newFilter", this::newFilter);
        methods.put("eth_newBlockFilter", this::newBlockFilter);
        methods.put("eth_newPendingTransactionFilter", this::newPendingTransactionFilter);
        methods.put("eth_getFilterChanges", this::getFilterChanges);
        methods.put("eth_getFilterLogs", this::getFilterLogs);
        methods.put("eth_uninstallFilter", this::uninstallFilter);
    }

    private Answer newFilter(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        Feed feed = Feed.logs(LogQuery.parse(params.required(0), 0));
        return install(exchange, feed, exchange.chain().height());
    }

    private Answer newBlockFilter(Exchange exchange, Params params) throws RpcException {
        params.atMost(0);
        return install(exchange, new Feed.Heads(), exchange.chain().height());
    }

    private Answer newPendingTransactionFilter(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        return install(exchange, new Feed.Pending(params.has(0) && params.bool(0)), pending.end());
    }

    private Answer install(Exchange exchange, Feed feed, long position) {
        return Answer.text(filters.install(exchange.caller(), feed, position));
    }

    private Answer uninstallFilter(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        boolean known = filters.uninstall(exchange.caller(), params.id(0));
        return out -> out.writeBoolean(known);
    }

    private Answer getFilterLogs(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        if (filters.use(exchange.caller(), params.id(0)).feed() instanceof Feed.Logs(LogQuery query)) {
            return query.answer(exchange);
        }
        throw RpcException.server("filter not found");
    }

    private Answer getFilterChanges(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        Filters.Filter filter = filters.use(exchange.caller(), params.id(0));
        return out -> {
            filter.lock.lock();
            try {
                out.writeStartArray();
                Told told = filter.feed() instanceof Feed.Pending(boolean full)
                        ? new Told(writePending(exchange, filter, full, out), 0)
                        : writeBlocks(exchange, filter, out);
                out.writeEndArray();
                // Not before the answer has it all: what finds no room in it is told at the next poll.
                out.flush();
                filter.position = told.position();
                filter.logs = told.logs();
            } finally {
                filter.lock.unlock();
            }
        };
    }

    private long writePending(Exchange exchange, Filters.Filter filter, boolean full, JsonGenerator out)
            throws RpcException {
        // Those of others count for nobody: neither against a limit nor as missed.
        boolean seesAll = exchange.sight().isWhole();
        int most = seesAll ? exchange.context().settings().maxResults() : LiveLimits.PENDING_KEPT;
        PendingTransactions.Portion news = pending.from(filter.position, most);
        if (!news.complete() && seesAll) {
            filter.position = news.end();
            throw RpcException.limitExceeded("filter was polled too late: pending transactions are no longer kept");
        }
        PendingTransactions.Window window = new PendingTransactions.Window(exchange.chain());
        long left = exchange.context().settings().maxReplyBytes() / LiveLimits.PORTION;
        long told = news.end() - news.transactions().size();
        for (PendingTransactions.Announced each : news.transactions()) {
            if (left <= 0 || window.isToCome(each)) {
                break;
            }
            PendingTransactions.Shown shown = window.show(each);
            if (shown != null) {
                shown.write(out, full);
                left -= full ? TRANSACTION_BYTES + 2L * shown.transaction().encoded().length : HASH_BYTES;
            }
            told++;
        }
        return told;
    }

    /** Up to where a filter was told: a position, and how many logs of the block after it. */
    private record Told(long position, int logs) {}

    private static Told writeBlocks(Exchange exchange, Filters.Filter filter, JsonGenerator out) throws RpcException {
        return exchange.compute(() -> {
            Portion portion = new Portion(exchange, filter.feed(), out);
            ChainReader chain = exchange.chain();
            long height = filter.position;
            int logs = filter.logs;
            while (height < chain.height() && !portion.isFull()) {
                ChainReader.Block block = chain.at(height + 1);
                int leftOut = block == null ? -1 : portion.add(block, logs);
                if (leftOut >= 0) {
                    return new Told(height, leftOut);
                }
                height++;
                logs = 0;
            }
            return new Told(height, logs);
        });
    }

    /** What one poll gives: until there is enough for one answer, if need be in the middle of a block. */
    private static final class Portion {
        private final Exchange exchange;
        private final Feed feed;
        private final JsonGenerator out;
        private final long untilMillis;
        private long bytesLeft;
        private int resultsLeft;

        Portion(Exchange exchange, Feed feed, JsonGenerator out) {
            this.exchange = exchange;
            this.feed = feed;
            this.out = out;
            long now = exchange.context().clock().millis();
            this.untilMillis = now + (exchange.deadlineMillis() - now) / LiveLimits.PORTION;
            this.bytesLeft = exchange.context().settings().maxReplyBytes() / LiveLimits.PORTION;
            this.resultsLeft = exchange.context().settings().maxResults();
        }

        boolean isFull() {
            return resultsLeft <= 0
                    || bytesLeft <= 0
                    || exchange.context().clock().millis() > untilMillis;
        }

        /** Adds what there is in a block from a log on; index of the first log that was left out, or -1. */
        int add(ChainReader.Block block, int from) throws RpcException {
            if (!(feed instanceof Feed.Logs logs)) {
                out.writeString(Hexes.data(block.hash()));
                resultsLeft--;
                bytesLeft -= HASH_BYTES;
                return -1;
            }
            return logs.covers(block.header().number())
                    ? logs.query().filter().forEach(block, from, this::isFull, this::add)
                    : -1;
        }

        private void add(ChainReader.Block block, ChainReader.Writer writer, Log log, int index) {
            BlockJson.log(out, block, writer, log, index);
            resultsLeft--;
            bytesLeft -= LOG_BYTES + (long) HASH_BYTES * log.topics().size() + 2L * log.data().length;
        }
    }
}
