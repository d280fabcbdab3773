package coco.core;

import coco.ledgers.api.Offer;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What this node took from its own clients and has not seen applied, refused or expired. It is offered again to each
 * new leader, in the order of arrival, so that a client need not care who leads. Core thread only.
 *
 * <p>Answers are keyed by transaction, never by block: only apply settles a transaction, whatever replication said of
 * the block that carried it. A refusal counts only once this node has applied what the leader had executed when it
 * refused, since the transaction may be in that very part of the log.
 *
 * <p>What was accepted and is not settled soon is offered again ({@link #dueAgain}): the leader drops a transaction
 * when it turns out that it cannot execute, and this is how it says so to another node.
 */
final class Submissions {
    private static final class Waiting {
        final Offer offer;
        final Ticket ticket;
        final long deadlineNanos;
        boolean accepted;
        boolean deferred;

        @Nullable
        Rejection refused;

        long refusedAtHeight;
        long againMillis = CoreLimits.OFFER_AGAIN_MILLIS;
        long againNanos;

        Waiting(Offer offer, Ticket ticket, long deadlineNanos) {
            this.offer = offer;
            this.ticket = ticket;
            this.deadlineNanos = deadlineNanos;
        }

        void offered(long nowNanos) {
            deferred = false;
            againNanos = nowNanos + TimeUnit.MILLISECONDS.toNanos(againMillis);
        }

        /** Whether the leader has said something of it, or could not be asked: no offer is under way. */
        boolean isAtRest() {
            return accepted || deferred || refused != null;
        }

        /** Whether this very ticket, not just an equal one, is the one that waits. */
        @SuppressWarnings("ReferenceEquality")
        boolean isFor(Ticket other) {
            return ticket == other;
        }
    }

    private final Map<TransactionKey, Waiting> waiting = new LinkedHashMap<>();
    private final Map<TransactionKey, List<Ticket>> also = new HashMap<>();
    private final List<TransactionKey> refused = new ArrayList<>();
    private final LinkedHashMap<TransactionKey, TransactionStatus.Remembered> invalid = new LinkedHashMap<>();
    private long bytes;
    private long invalidBytes;
    private int duplicates;
    private volatile int size;

    /** How many transactions wait. Any thread. */
    int size() {
        return size;
    }

    static Ticket newTicket() {
        return new Ticket(new CompletableFuture<>(), new CompletableFuture<>());
    }

    static void reject(Ticket ticket, Rejection reason) {
        ticket.verdict().complete(new Verdict.Rejected(reason));
        ticket.outcome().complete(new Outcome.Rejected(reason));
    }

    /**
     * Takes a transaction in.
     *
     * @return whether it is to be offered to the leader; if not, its ticket is settled or follows the first one's
     */
    boolean add(Offer offer, Ticket ticket, long nowNanos) {
        TransactionKey key = TransactionKey.of(offer);
        if (waiting.size() >= CoreLimits.ORIGIN_TRANSACTIONS
                || bytes + offer.payload().length > CoreLimits.ORIGIN_BYTES) {
            reject(ticket, new Rejection(Rejection.UNAVAILABLE, "too many transactions are waiting at this node"));
            return false;
        }
        Waiting first = waiting.get(key);
        if (first != null) {
            if (first.accepted) {
                return true; // The leader answers "already known" in the ledger's words, to this ticket alone.
            }
            follow(key, ticket);
            return false;
        }
        Waiting entry = new Waiting(offer, ticket, nowNanos + CoreLimits.ORIGIN_EXPIRY_MILLIS * 1_000_000);
        entry.offered(nowNanos);
        waiting.put(key, entry);
        forgetInvalid(key);
        bytes += offer.payload().length;
        size = waiting.size();
        return true;
    }

    /** Lets a ticket share the fate of the one that waits for the same transaction. */
    private void follow(TransactionKey key, Ticket ticket) {
        if (duplicates >= CoreLimits.DUPLICATE_TICKETS) {
            reject(ticket, new Rejection(Rejection.UNAVAILABLE, "too many clients wait for the same transactions"));
            return;
        }
        duplicates++;
        also.computeIfAbsent(key, ignored -> new ArrayList<>()).add(ticket);
    }

    /**
     * There is no leader to ask, or it is this node and its blocks do not get on at this moment: the transaction waits
     * for the next leader, or until it is offered once more, whichever of its tickets this is.
     */
    void defer(Pending pending) {
        TransactionKey key = TransactionKey.of(pending.offer());
        Waiting entry = waiting.get(key);
        if (entry == null) {
            return;
        }
        if (entry.isFor(pending.ticket())) {
            entry.deferred = true;
        } else {
            follow(key, pending.ticket());
        }
    }

    /**
     * Takes the leader's verdict on an offer.
     *
     * @param executedHeight as in {@link NodeChannel.Verdicts}
     */
    void judged(Offer offer, Ticket ticket, Verdict verdict, long executedHeight, long appliedHeight) {
        TransactionKey key = TransactionKey.of(offer);
        Waiting entry = waiting.get(key);
        if (entry == null || !entry.isFor(ticket)) {
            if (verdict instanceof Verdict.Rejected(Rejection reason)) {
                reject(ticket, reason);
            } else {
                ticket.verdict().complete(verdict);
                if (entry != null) {
                    follow(key, ticket);
                }
            }
            return;
        }
        if (verdict instanceof Verdict.Rejected(Rejection reason)) {
            entry.deferred = false;
            entry.refused = reason;
            entry.refusedAtHeight = executedHeight;
            refused.add(key);
            settleRefusals(appliedHeight);
        } else {
            entry.deferred = false;
            entry.refused = null;
            entry.accepted = true;
            ticket.verdict().complete(verdict);
            for (Ticket other : also.getOrDefault(key, List.of())) {
                other.verdict().complete(verdict);
            }
        }
    }

    /** A block was applied that holds this transaction. */
    void applied(TransactionKey key, long height, int ordinal) {
        Outcome outcome = new Outcome.Applied(height, ordinal);
        forgetInvalid(key);
        Waiting entry = remove(key);
        if (entry != null) {
            settle(entry.ticket, Verdict.ACCEPTED, outcome);
        }
        takeFollowers(key).forEach(ticket -> settle(ticket, Verdict.ACCEPTED, outcome));
    }

    /** Makes refusals final that were waiting for this node to get as far as the leader was. */
    void settleRefusals(long appliedHeight) {
        Iterator<TransactionKey> keys = refused.iterator();
        while (keys.hasNext()) {
            TransactionKey key = keys.next();
            Waiting entry = waiting.get(key);
            if (entry == null || entry.refused == null) {
                keys.remove();
            } else if (entry.refusedAtHeight <= appliedHeight) {
                keys.remove();
                remove(key);
                rememberInvalid(entry.offer, entry.refused, appliedHeight);
                refuse(key, entry, entry.refused);
            }
        }
    }

    private void rememberInvalid(Offer offer, Rejection reason, long appliedHeight) {
        if (reason.code() == Rejection.UNAVAILABLE) {
            return; // This judges the network's state, not the transaction.
        }
        TransactionKey key = TransactionKey.of(offer);
        forgetInvalid(key);
        invalid.put(key, new TransactionStatus.Remembered(new TransactionStatus.Invalid(reason, appliedHeight), offer));
        invalidBytes += offer.payload().length;
        while (invalid.size() > CoreLimits.REMEMBERED_REFUSALS || invalidBytes > CoreLimits.REMEMBERED_REFUSAL_BYTES) {
            forgetInvalid(invalid.firstEntry().getKey());
        }
    }

    private void forgetInvalid(TransactionKey key) {
        TransactionStatus.Remembered forgotten = invalid.remove(key);
        Offer offer = forgotten == null ? null : forgotten.offer();
        if (offer != null) {
            invalidBytes -= offer.payload().length;
        }
    }

    /** What is known of a transaction that is in no block. */
    TransactionStatus.Remembered remembered(TransactionKey key) {
        Waiting entry = waiting.get(key);
        return entry != null
                ? new TransactionStatus.Remembered(new TransactionStatus.Pending(), entry.offer)
                : invalid.getOrDefault(key, TransactionStatus.Remembered.NOTHING);
    }

    /** The leader, this node, found that a transaction it had accepted will never execute. */
    void dropped(TransactionKey key, Rejection reason, long appliedHeight) {
        Waiting entry = remove(key);
        if (entry != null) {
            rememberInvalid(entry.offer, reason, appliedHeight);
            refuse(key, entry, reason);
        }
    }

    private void refuse(TransactionKey key, Waiting entry, Rejection reason) {
        reject(entry.ticket, reason);
        takeFollowers(key).forEach(ticket -> reject(ticket, reason));
    }

    private List<Ticket> takeFollowers(TransactionKey key) {
        List<Ticket> followers = also.remove(key);
        if (followers == null) {
            return List.of();
        }
        duplicates -= followers.size();
        return followers;
    }

    /** Forgets what has waited too long. */
    void expire(long nowNanos) {
        Waiting oldest;
        // Insertion order is deadline order.
        while ((oldest = oldest()) != null && nowNanos - oldest.deadlineNanos >= 0) {
            forget(oldest, "no leader took the transaction in time");
        }
    }

    /** Forgets everything, as this node will hear of nothing any more. */
    void expireAll(String why) {
        Waiting oldest;
        while ((oldest = oldest()) != null) {
            forget(oldest, why);
        }
    }

    private @Nullable Waiting oldest() {
        Iterator<Waiting> entries = waiting.values().iterator();
        return entries.hasNext() ? entries.next() : null;
    }

    private void forget(Waiting entry, String why) {
        TransactionKey key = TransactionKey.of(entry.offer);
        remove(key);
        Verdict verdict = Verdict.rejected(Rejection.UNAVAILABLE, why);
        settle(entry.ticket, verdict, new Outcome.Expired());
        takeFollowers(key).forEach(ticket -> settle(ticket, verdict, new Outcome.Expired()));
    }

    /** Whether this submission still waits for its first verdict or its end. */
    boolean isOpen(Pending pending) {
        Waiting entry = waiting.get(TransactionKey.of(pending.offer()));
        return (entry != null && entry.isFor(pending.ticket()))
                || !pending.ticket().verdict().isDone();
    }

    /** All offers, oldest first, with their tickets: what a new leader is to hear of. */
    List<Pending> all() {
        List<Pending> all = new ArrayList<>(waiting.size());
        for (Waiting entry : waiting.values()) {
            entry.deferred = false;
            all.add(new Pending(entry.offer, entry.ticket, true));
        }
        return all;
    }

    /**
     * What the leader has judged and nothing has settled since, and what it could not be asked about, oldest first: to
     * be offered once more. Each time the next one is longer away.
     */
    List<Pending> dueAgain(long nowNanos) {
        List<Pending> due = new ArrayList<>();
        long youngest = TimeUnit.MILLISECONDS.toNanos(CoreLimits.ORIGIN_EXPIRY_MILLIS - CoreLimits.OFFER_AGAIN_MILLIS);
        for (Waiting entry : waiting.values()) {
            if (entry.deadlineNanos - nowNanos > youngest || due.size() == CoreLimits.OFFERS_AGAIN) {
                break; // Insertion order is order of age.
            }
            if (entry.isAtRest() && nowNanos - entry.againNanos >= 0) {
                entry.againMillis = Math.min(2 * entry.againMillis, CoreLimits.OFFER_AGAIN_MILLIS_MAX);
                entry.offered(nowNanos);
                due.add(new Pending(entry.offer, entry.ticket, true));
            }
        }
        return due;
    }

    private @Nullable Waiting remove(TransactionKey key) {
        Waiting entry = waiting.remove(key);
        if (entry != null) {
            bytes -= entry.offer.payload().length;
            size = waiting.size();
        }
        return entry;
    }

    private static void settle(Ticket ticket, Verdict verdict, Outcome outcome) {
        ticket.verdict().complete(verdict);
        ticket.outcome().complete(outcome);
    }

    /**
     * An offer on its way to the leader.
     *
     * @param again whether some leader may have heard of it before
     */
    record Pending(Offer offer, Ticket ticket, boolean again) {}
}
