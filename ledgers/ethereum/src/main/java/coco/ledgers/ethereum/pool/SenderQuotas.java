package coco.ledgers.ethereum.pool;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.kv.Reader;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.Enrolment;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose transactions are taken, and how many: where members bind senders, those of users that an organisation has
 * enrolled, within the quota that it gave them, and all users of an organisation within the one that members gave it.
 * Leader only; what was used is forgotten with the leadership, and then everybody begins with a full second. One
 * thread.
 */
public final class SenderQuotas {
    /** Senders whose use is remembered: more than send within a second. */
    private static final int REMEMBERED = 65_536;

    private static final double MILLIS = 1_000;

    private final String ledger;
    private final InstantSource clock;
    private final Map<Address, Used> bySender = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Address, Used> eldest) {
            return size() > REMEMBERED;
        }
    };
    /** By id of the actor: there are no more than members admitted. */
    private final Map<String, Used> byActor = new HashMap<>();

    /** What waits for a block already. */
    public interface Waiting {
        /** How many transactions of a sender. */
        int of(Address sender);

        /** Who has some. */
        Set<Address> senders();
    }

    /**
     * Bounds of one user, or of all users of an actor; each 0 for none.
     *
     * @param whose what a refusal calls them
     */
    private record Bounds(String whose, int transactionsPerSecond, long gasPerSecond, int poolSlots) {
        /** A transaction of more gas than a second's quota has to wait for a full one, not for ever. */
        double gas(Transaction transaction) {
            return Math.min((double) transaction.gasLimit(), (double) gasPerSecond);
        }
    }

    /** What is left of a second's quotas. */
    private static final class Used {
        private double transactions;
        private double gas;
        private long atMillis;

        Used(Bounds quota, long nowMillis) {
            this.transactions = quota.transactionsPerSecond();
            this.gas = (double) quota.gasPerSecond();
            this.atMillis = nowMillis;
        }

        void refill(Bounds quota, long nowMillis) {
            double seconds = Math.max(0, nowMillis - atMillis) / MILLIS;
            transactions =
                    Math.min(quota.transactionsPerSecond(), transactions + seconds * quota.transactionsPerSecond());
            gas = Math.min((double) quota.gasPerSecond(), gas + seconds * quota.gasPerSecond());
            atMillis = nowMillis;
        }

        @Nullable
        String refusal(Bounds quota, Transaction transaction) {
            boolean tooMany = quota.transactionsPerSecond() > 0 && transactions < 1;
            boolean tooMuch = quota.gasPerSecond() > 0 && gas < quota.gas(transaction);
            return tooMany || tooMuch
                    ? "quota exceeded: " + quota.whose() + "'s " + (tooMany ? "transactions" : "gas")
                            + " of this second"
                    : null;
        }

        void take(Bounds quota, Transaction transaction) {
            transactions -= quota.transactionsPerSecond() > 0 ? 1 : 0;
            gas -= quota.gasPerSecond() > 0 ? quota.gas(transaction) : 0;
        }
    }

    /** @param ledger whose users send */
    public SenderQuotas(String ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** Whether a sender may send at all. Cheap where members bind nobody. */
    public boolean isUser(Address sender, Reader state, AccessSettings access) {
        return access.senders() == AccessSettings.Senders.ANY
                || Enrolment.find(state, access, ledger, sender.bytes()) != null;
    }

    /**
     * Counts a transaction against its sender's quota, and its organisation's.
     *
     * @param again whether it may have been counted before, by another leader: then only the right to send is judged
     * @param waiting what waits already
     * @return null if it is within them, else the reason against it
     */
    public @Nullable String refusal(
            Transaction transaction,
            Address sender,
            boolean again,
            Waiting waiting,
            Reader state,
            AccessSettings access) {
        if (access.senders() == AccessSettings.Senders.ANY) {
            return null;
        }
        Enrolment user = Enrolment.find(state, access, ledger, sender.bytes());
        if (user == null) {
            return "sender " + sender.checksumHex() + " is no user of this network: no organisation has enrolled it";
        }
        if (again) {
            return null;
        }
        Bounds own = new Bounds("the sender", user.transactionsPerSecond(), user.gasPerSecond(), user.poolSlots());
        if (own.poolSlots() > 0 && waiting.of(sender) >= own.poolSlots()) {
            return "quota exceeded: " + waiting.of(sender) + " transactions of the sender wait";
        }
        long now = clock.millis();
        Used ofSender = bySender.computeIfAbsent(sender, _ -> new Used(own, now));
        ofSender.refill(own, now);
        String refused = ofSender.refusal(own, transaction);
        AccessSettings.ActorQuota quota = access.quota(user.actor());
        if (refused != null || quota == null) {
            if (refused == null) {
                ofSender.take(own, transaction);
            }
            return refused;
        }
        Bounds all =
                new Bounds("the organisation", quota.transactionsPerSecond(), quota.gasPerSecond(), quota.poolSlots());
        if (all.poolSlots() > 0 && waitingOf(user.actor(), waiting, state, access) >= all.poolSlots()) {
            return "quota exceeded: " + all.poolSlots() + " transactions of the organisation wait";
        }
        Used ofActor = byActor.computeIfAbsent(user.actor(), _ -> new Used(all, now));
        ofActor.refill(all, now);
        refused = ofActor.refusal(all, transaction);
        if (refused == null) {
            ofSender.take(own, transaction);
            ofActor.take(all, transaction);
        }
        return refused;
    }

    /** Looks at all senders of the pool, which is small, and only where members bound what may wait. */
    private int waitingOf(String actor, Waiting waiting, Reader state, AccessSettings access) {
        int sum = 0;
        for (Address sender : waiting.senders()) {
            Enrolment user = Enrolment.find(state, access, ledger, sender.bytes());
            sum += user != null && user.actor().equals(actor) ? waiting.of(sender) : 0;
        }
        return sum;
    }
}
