package coco.ledgers.ethereum.rpc;

import coco.ledgers.api.Caller;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.RpcSettings;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The filters of this node's callers. Each is what was asked for and a position, so that what nobody fetches costs
 * nothing more. They end when nobody asks for them for a while, or to make room: first those that were never asked for,
 * oldest first, then those not asked for for longest. So a flood of new ones cannot push out those in use. Any thread.
 */
final class Filters {
    private final LedgerContext context;
    private final Supplier<String> ids;
    /** Never asked for, oldest first; and asked for, the one longest ago first. */
    private final LinkedHashMap<String, Filter> fresh = new LinkedHashMap<>();

    private final LinkedHashMap<String, Filter> used = new LinkedHashMap<>();
    private final Map<String, Integer> perCaller = new HashMap<>();
    private int watched;

    /** One filter. Whoever reads or moves its position holds its lock. */
    static final class Filter {
        private final String caller;
        private final Feed feed;
        private long usedMillis;

        /** Held while changes are fetched, so that two who ask at the same time get each once. */
        final ReentrantLock lock = new ReentrantLock();

        /** Journal height of the last block, or position of the next pending transaction, that was told. */
        long position;

        /** How many logs of the block after that one are behind it too, told or not asked for. */
        int logs;

        private Filter(String caller, Feed feed, long position, long nowMillis) {
            this.caller = caller;
            this.feed = feed;
            this.position = position;
            this.usedMillis = nowMillis;
        }

        Feed feed() {
            return feed;
        }
    }

    /** @param ids ids that nobody can guess */
    Filters(LedgerContext context, Supplier<String> ids) {
        this.context = context;
        this.ids = ids;
    }

    /** Installs a filter; its id. */
    String install(Caller caller, Feed feed, long position) {
        Filter filter =
                new Filter(NewsHub.name(caller), feed, position, context.clock().millis());
        String id = ids.get();
        RpcSettings.Live limits = context.settings().live();
        synchronized (this) {
            expire(filter.usedMillis);
            if (perCaller.getOrDefault(filter.caller, 0) >= limits.maxFiltersPerCaller()) {
                evict(filter.caller);
            }
            fresh.put(id, filter);
            perCaller.merge(filter.caller, 1, Integer::sum);
            watched += feed.weight();
            while (fresh.size() + used.size() > limits.maxFilters() || watched > LiveLimits.WATCHED_MAX) {
                evict(null);
            }
        }
        return id;
    }

    /** This caller's filter, which counts as asked for. */
    synchronized Filter use(Caller caller, String id) throws RpcException {
        long now = context.clock().millis();
        expire(now);
        Filter filter = find(caller, id);
        if (filter == null) {
            throw RpcException.server("filter not found");
        }
        fresh.remove(id);
        used.remove(id);
        used.put(id, filter);
        filter.usedMillis = now;
        return filter;
    }

    /** Ends a filter; false if this caller has none of this id. */
    synchronized boolean uninstall(Caller caller, String id) {
        expire(context.clock().millis());
        Filter filter = find(caller, id);
        if (filter == null) {
            return false;
        }
        fresh.remove(id);
        used.remove(id);
        forget(filter);
        return true;
    }

    /** How many there are. */
    synchronized int size() {
        return fresh.size() + used.size();
    }

    /** Ends those that nobody asks for any more. */
    synchronized void expire() {
        expire(context.clock().millis());
    }

    private @Nullable Filter find(Caller caller, String id) {
        Filter filter = fresh.getOrDefault(id, used.get(id));
        return filter != null && filter.caller.equals(NewsHub.name(caller)) ? filter : null;
    }

    private void expire(long nowMillis) {
        long oldest = nowMillis - context.settings().live().filterTimeoutMillis();
        for (Map<String, Filter> each : List.of(fresh, used)) {
            for (Iterator<Filter> all = each.values().iterator(); all.hasNext(); ) {
                Filter first = all.next();
                if (first.usedMillis > oldest) {
                    break;
                }
                all.remove();
                forget(first);
            }
        }
    }

    /** Ends one, of this caller if one is named. */
    private void evict(@Nullable String caller) {
        for (Map<String, Filter> each : List.of(fresh, used)) {
            for (Iterator<Filter> all = each.values().iterator(); all.hasNext(); ) {
                Filter next = all.next();
                if (caller == null || next.caller.equals(caller)) {
                    all.remove();
                    forget(next);
                    return;
                }
            }
        }
    }

    private void forget(Filter filter) {
        watched -= filter.feed().weight();
        perCaller.merge(filter.caller, -1, (a, b) -> a + b == 0 ? null : a + b);
    }
}
