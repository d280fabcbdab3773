package coco.governance.api;

import coco.governance.GovernanceLimits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * How often one member's messages may be refused by the ledger. What a member signs is judged by the thread that makes
 * blocks, each time it comes: who keeps sending what is refused, such as the same message again, waits. What is taken
 * costs nothing of this; the ledger bounds that itself. Any thread.
 */
final class RefusalPace {
    private final InstantSource clock;
    private final Map<String, Allowance> members = new HashMap<>();

    /**
     * @param left refusals that a member may have at once
     * @param at when that was so
     */
    private record Allowance(int left, Instant at) {
        static final Duration EACH = Duration.ofMillis(GovernanceLimits.REFUSAL_MILLIS);

        Allowance at(Instant now) {
            if (now.isBefore(at)) {
                return new Allowance(left, now); // whoever sets the clock back gains nothing
            }
            long more = Duration.between(at, now).dividedBy(EACH);
            return more >= GovernanceLimits.REFUSALS_AT_ONCE - left
                    ? new Allowance(GovernanceLimits.REFUSALS_AT_ONCE, now)
                    : new Allowance(left + (int) more, at.plus(EACH.multipliedBy(more)));
        }
    }

    RefusalPace(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether a message of this member may go on to the ledger. It counts as refused until it is {@link #taken}. */
    synchronized boolean begins(String member) {
        Instant now = clock.instant();
        Allowance known = members.get(member);
        Allowance allowance = known == null ? new Allowance(GovernanceLimits.REFUSALS_AT_ONCE, now) : known.at(now);
        boolean isFree = allowance.left() > 0;
        members.put(member, isFree ? new Allowance(allowance.left() - 1, allowance.at()) : allowance);
        if (members.size() > GovernanceLimits.ACTORS) {
            members.values().removeIf(each -> each.at(now).left() == GovernanceLimits.REFUSALS_AT_ONCE);
        }
        return isFree;
    }

    /** The ledger has not refused it. */
    synchronized void taken(String member) {
        members.computeIfPresent(member, (_, known) -> new Allowance(known.left() + 1, known.at()));
    }
}
