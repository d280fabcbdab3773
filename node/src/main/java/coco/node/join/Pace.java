package coco.node.join;

import coco.governance.GovernanceLimits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often a newcomer's request is recorded: each is a transaction, and whoever knocks may say something else of
 * itself each time. Any thread.
 */
final class Pace {
    /** Far longer than a block takes, after which the request is there and need not be recorded again. */
    static final Duration BETWEEN = Duration.ofSeconds(30);

    /** Newcomers at a time; more than that share the memory of the oldest. */
    private static final int REMEMBERED_MAX = 256;

    /** Requests of one owner's newcomers in that time: as many as may wait for a vote. */
    static final int OF_ONE_OWNER = GovernanceLimits.JOINS_PER_OWNER;

    private final InstantSource clock;
    private final Map<String, Instant> recorded = new LinkedHashMap<>(16, 0.75f, false) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    /** When each owner's newest requests were recorded; there are no more owners than actors. */
    private final Map<String, Deque<Instant>> owners = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Deque<Instant>> eldest) {
            return size() > GovernanceLimits.ACTORS;
        }
    };

    Pace(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Whether a request may be recorded now; if so, it is reckoned as done.
     *
     * @param node which it is for
     * @param owner who has signed for it: he may make up as many nodes as he likes
     */
    synchronized boolean allows(String node, String owner) {
        Instant now = clock.instant();
        Instant last = recorded.get(node);
        Deque<Instant> own = owners.computeIfAbsent(owner, _ -> new ArrayDeque<>());
        own.removeIf(each -> !isRecent(each, now));
        if ((last != null && isRecent(last, now)) || own.size() >= OF_ONE_OWNER) {
            return false;
        }
        own.add(now);
        recorded.put(node, now);
        return true;
    }

    private static boolean isRecent(Instant then, Instant now) {
        return !now.isBefore(then) && now.isBefore(then.plus(BETWEEN));
    }
}
