package coco.ledgers.ethereum.pool;

import coco.evm.state.WorldAccount;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.Verdict;
import coco.ledgers.ethereum.chain.Candidates;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import coco.ledgers.ethereum.chain.StateReader;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** See the package. One thread. */
public final class Pool implements Candidates {
    private static final int REFUSED = -32_000;
    private static final String FULL = "txpool is full";

    private final PoolLimits limits;
    private Word baseFee;
    private Word blobBaseFee = Word.ONE;
    private final InstantSource clock;
    private final Map<Word, PooledTransaction> byId = new LinkedHashMap<>();
    private final Map<Address, SenderQueue> bySender = new HashMap<>();
    private final SenderQuotas.Waiting waiting = new SenderQuotas.Waiting() {
        @Override
        public int of(Address sender) {
            SenderQueue queue = bySender.get(sender);
            return queue == null ? 0 : queue.byNonce.size();
        }

        @Override
        public Set<Address> senders() {
            return Collections.unmodifiableSet(bySender.keySet());
        }
    };
    /** Heads of senders; an entry that is no head any more is skipped when it comes up. */
    private final PriorityQueue<PooledTransaction> ready = new PriorityQueue<>(PooledTransaction::byTipThenArrival);

    /** Senders with more pending than is theirs by right; the one with most is last. */
    private final TreeSet<SenderQueue> large = new TreeSet<>(
            Comparator.comparingInt((SenderQueue queue) -> queue.countedPending).thenComparing(queue -> queue.sender));
    /** Senders with something behind a gap; the one that added to it last is last. */
    private final LinkedHashSet<SenderQueue> gapped = new LinkedHashSet<>();
    /** What may be evicted, cheapest first; made when the pool is first full, and dropped when that has passed. */
    private @Nullable NavigableSet<PooledTransaction> cheapest;

    private long arrivals;
    private long bytes;
    private int pending;
    private int queued;
    private volatile int size;
    private BiConsumer<Transaction, Rejection> dropListener = (transaction, reason) -> {};

    /**
     * An empty pool.
     *
     * @param baseFee wei per gas that the next block burns
     */
    public Pool(PoolLimits limits, Word baseFee, InstantSource clock) {
        this.limits = limits;
        this.baseFee = baseFee;
        this.clock = clock;
    }

    /** Who is told of transactions that are dropped while a block is built. */
    public void onDrop(BiConsumer<Transaction, Rejection> listener) {
        dropListener = listener;
    }

    /**
     * The next block burns this much, in wei per gas and per blob gas. What cannot pay it stays, the last to be taken
     * and the first to be evicted, until prices have fallen or its time is over. Costs a look at everything that is
     * pooled, where a price is another one than before.
     */
    public void prices(Word newBaseFee, Word newBlobBaseFee) {
        if (newBaseFee.equals(baseFee) && newBlobBaseFee.equals(blobBaseFee)) {
            return;
        }
        baseFee = newBaseFee;
        blobBaseFee = newBlobBaseFee;
        cheapest = null;
        ready.clear();
        byId.values().forEach(transaction -> transaction.price(baseFee, blobBaseFee));
        for (SenderQueue queue : bySender.values()) {
            PooledTransaction head = queue.head();
            if (head != null && !head.executed) {
                ready.add(head);
            }
        }
    }

    /** Whether there is something to execute, but nothing that can pay for the next block. */
    public boolean waitsForPrices() {
        expire();
        return next() == null && !ready.isEmpty();
    }

    /** How many transactions there are, executed ones included. Any thread; may be a moment old. */
    public int size() {
        return size;
    }

    /** The transaction with a hash, executed or not; null if it is not here. */
    public @Nullable Candidate find(byte[] hash) {
        return byId.get(Word.ofBytes32(hash, 0));
    }

    /** How many could execute now, each sender's one after the other. */
    int pending() {
        return pending;
    }

    /** How many wait behind a gap in nonces. */
    public int queued() {
        return queued;
    }

    /** How many could execute now, and those that have been executed and whose block is not applied yet. */
    public int executable() {
        return byId.size() - queued;
    }

    /**
     * Transactions by sender and nonce, from a place on: as many as a page may have, and at least one if there is one.
     * Looks at every sender once, as nothing keeps them in this order.
     *
     * @param behindGaps those that wait behind a gap in nonces, or all others, executed ones included
     * @param single whether only those of this one sender
     * @param nonce the first one of the first sender, unsigned
     * @param shownBytes how much of a page each one takes; 0 for as long as it is
     */
    public List<Candidate> page(boolean behindGaps, boolean single, Address from, long nonce, int shownBytes) {
        List<Candidate> page = new ArrayList<>();
        int left = limits.pageBytes();
        for (SenderQueue queue : single ? one(from) : following(from, behindGaps)) {
            long first = queue.sender.equals(from) ? nonce : 0;
            for (PooledTransaction transaction :
                    queue.byNonce.tailMap(first, true).values()) {
                if (queue.isQueued(transaction) != behindGaps) {
                    continue;
                }
                left -= shownBytes == 0 ? transaction.sizeBytes() : shownBytes;
                if (left < 0 && !page.isEmpty()) {
                    return page;
                }
                page.add(transaction);
            }
        }
        return page;
    }

    private List<SenderQueue> one(Address sender) {
        SenderQueue queue = bySender.get(sender);
        return queue == null ? List.of() : List.of(queue);
    }

    /** The senders that have something to show, in order, as many as one page can hold at most. */
    private List<SenderQueue> following(Address from, boolean behindGaps) {
        PriorityQueue<SenderQueue> nearest = new PriorityQueue<>(
                Comparator.comparing((SenderQueue queue) -> queue.sender).reversed());
        for (SenderQueue queue : bySender.values()) {
            int shown = behindGaps ? queue.queued() : queue.byNonce.size() - queue.queued();
            if (shown == 0 || queue.sender.compareTo(from) < 0) {
                continue;
            }
            SenderQueue farthest = nearest.size() < limits.pageSenders() ? null : nearest.peek();
            if (farthest != null) {
                if (queue.sender.compareTo(farthest.sender) >= 0) {
                    continue; // Of many senders most are: one comparison each, and no way through the heap.
                }
                nearest.poll();
            }
            nearest.add(queue);
        }
        List<SenderQueue> ordered = new ArrayList<>(nearest);
        ordered.sort(Comparator.comparing(queue -> queue.sender));
        return ordered;
    }

    /** The nonce that the sender's next transaction should have, if the state's is {@code stateNonce}. */
    public long nextNonce(Address sender, long stateNonce) {
        SenderQueue queue = bySender.get(sender);
        if (queue == null || Long.compareUnsigned(stateNonce, queue.firstGap()) > 0) {
            return stateNonce;
        }
        return queue.firstGap();
    }

    /** How many transactions of each sender are here. */
    public SenderQuotas.Waiting waiting() {
        return waiting;
    }

    /**
     * Judges a transaction by its hash alone.
     *
     * @param again whether a transaction that is already here is fine
     * @return null if it is not here
     */
    public @Nullable Verdict known(byte[] hash, boolean again) {
        PooledTransaction known = byId.get(Word.ofBytes32(hash, 0));
        if (known == null) {
            return null;
        }
        return again ? standing(known) : refuse("already known");
    }

    /**
     * Judges a transaction that is not {@link #known}, and keeps it if it is good.
     *
     * @param state the newest speculative state
     */
    public Verdict offer(Transaction transaction, Address sender, StateReader state) {
        expire();
        WorldAccount account = state.account(sender);
        long stateNonce = account == null ? 0 : account.nonce();
        Word balance = account == null ? Word.ZERO : account.balance();
        Word cost = Costs.of(transaction);
        String fault = Costs.fault(transaction, cost, stateNonce, balance);
        if (fault != null) {
            return refuse(fault);
        }
        PooledTransaction candidate = new PooledTransaction(transaction, sender, cost, arrivals++, clock.millis());
        candidate.price(baseFee, blobBaseFee);
        SenderQueue queue = bySender.get(sender);
        if (queue == null) {
            queue = new SenderQueue(sender);
        }
        moveTo(queue, stateNonce);
        return add(queue, candidate, balance);
    }

    private Verdict add(SenderQueue queue, PooledTransaction candidate, Word balance) {
        PooledTransaction replaced = queue.byNonce.get(candidate.transaction.nonce());
        if (replaced != null && !outbids(candidate.transaction, replaced.transaction)) {
            return refuse("replacement transaction underpriced");
        }
        Word others = replaced == null ? queue.expenditure : queue.expenditure.minus(replaced.cost);
        Word total = Costs.plus(others, candidate.cost);
        if (balance.compareTo(total) < 0) {
            return refuse("insufficient funds for gas * price + value: balance " + balance + ", queued cost " + others
                    + ", tx cost " + candidate.cost + ", overshot " + total.minus(balance));
        }
        boolean isFuture = queue.isQueued(candidate) && candidate.transaction.nonce() != queue.firstGap();
        int otherCount = queue.byNonce.size() - (replaced == null ? 0 : 1);
        long otherBytes = queue.bytes() - (replaced == null ? 0 : replaced.sizeBytes());
        if (otherCount >= limits.perSender()
                || otherBytes + candidate.sizeBytes() > limits.bytesPerSender()
                || (replaced == null && isFuture && queue.queued() >= limits.queuedPerSender())) {
            return refuse("account limit exceeded: pooled " + queue.byNonce.size() + " txs");
        }
        String noRoom = makeRoom(candidate, isFuture, replaced);
        if (noRoom != null) {
            return refuse(noRoom);
        }
        if (replaced != null) {
            remove(replaced);
        }
        insert(queue, candidate);
        evictFromTheLargest();
        return byId.containsKey(candidate.id) ? standing(candidate) : refuse(FULL);
    }

    // ---- room ----

    /**
     * Evicts what is cheaper, if the pool is full.
     *
     * @param isFuture whether the candidate waits behind a gap
     * @param replaced what goes in any case
     * @return null if there is room, else why the candidate gets none
     */
    private @Nullable String makeRoom(
            PooledTransaction candidate, boolean isFuture, @Nullable PooledTransaction replaced) {
        int tooMany = pending + queued + (replaced == null ? 1 : 0) - limits.transactions();
        long tooLong = bytes + candidate.sizeBytes() - (replaced == null ? 0 : replaced.sizeBytes()) - limits.bytes();
        if (tooMany <= 0 && tooLong <= 0) {
            return null;
        }
        List<PooledTransaction> victims = new ArrayList<>();
        for (PooledTransaction victim : cheapest()) {
            if (tooMany <= 0 && tooLong <= 0) {
                break;
            }
            if (PooledTransaction.byPrice(victim, candidate) >= 0) {
                return "transaction underpriced";
            }
            if (victim.sender.equals(candidate.sender)) {
                continue; // The candidate may build on it.
            }
            if (isFuture && !queueOf(victim).isQueued(victim)) {
                return "future transaction tries to replace pending";
            }
            victims.add(victim);
            tooMany--;
            tooLong -= victim.sizeBytes();
        }
        if (tooMany > 0 || tooLong > 0) {
            return FULL;
        }
        victims.forEach(this::remove);
        return null;
    }

    private NavigableSet<PooledTransaction> cheapest() {
        NavigableSet<PooledTransaction> all = cheapest;
        if (all == null) {
            all = new TreeSet<>(PooledTransaction::byPriceThenNewest);
            for (PooledTransaction transaction : byId.values()) {
                if (!transaction.executed) {
                    all.add(transaction);
                }
            }
            cheapest = all;
        }
        return all;
    }

    /** At any price, nobody gets more than a share while others wait: the last of whoever has most goes. */
    private void evictFromTheLargest() {
        while (pending > limits.pendingSlots() && !large.isEmpty()) {
            PooledTransaction last = large.last().lastPending();
            if (last == null) {
                throw new IllegalStateException("a large sender has nothing pending");
            }
            remove(last);
        }
        while (queued > limits.queuedSlots()) {
            remove(gapped.getFirst().byNonce.lastEntry().getValue());
        }
    }

    /** Brings the pool's own counts up to date with what this sender has. */
    private void count(SenderQueue queue) {
        int nowPending = queue.pending();
        int nowQueued = queue.queued();
        if (nowPending != queue.countedPending) {
            if (queue.countedPending > limits.senderSlots()) {
                large.remove(queue);
            }
            pending += nowPending - queue.countedPending;
            queue.countedPending = nowPending;
            if (nowPending > limits.senderSlots()) {
                large.add(queue);
            }
        }
        if (nowQueued != queue.countedQueued) {
            if (nowQueued == 0 || nowQueued > queue.countedQueued) {
                gapped.remove(queue);
            }
            queued += nowQueued - queue.countedQueued;
            queue.countedQueued = nowQueued;
            if (nowQueued > 0) {
                gapped.add(queue);
            }
        }
    }

    /** All fees must rise: otherwise one could be raised for ever while the pool gains nothing. */
    private boolean outbids(Transaction candidate, Transaction replaced) {
        int percent = limits.priceBumpPercent();
        boolean blobs = replaced.type() != Transaction.Type.BLOB
                || candidate.maxFeePerBlobGas().compareTo(Costs.raised(replaced.maxFeePerBlobGas(), percent)) >= 0;
        return blobs
                && candidate.maxFeePerGas().compareTo(replaced.maxFeePerGas()) > 0
                && candidate.maxPriorityFeePerGas().compareTo(replaced.maxPriorityFeePerGas()) > 0
                && candidate.maxFeePerGas().compareTo(Costs.raised(replaced.maxFeePerGas(), percent)) >= 0
                && candidate.maxPriorityFeePerGas().compareTo(Costs.raised(replaced.maxPriorityFeePerGas(), percent))
                        >= 0;
    }

    private void insert(SenderQueue queue, PooledTransaction candidate) {
        queue.add(candidate);
        queue.expenditure = Costs.plus(queue.expenditure, candidate.cost);
        bySender.put(queue.sender, queue);
        byId.put(candidate.id, candidate);
        size = byId.size();
        bytes += candidate.sizeBytes();
        count(queue);
        if (cheapest != null) {
            cheapest.add(candidate);
        }
        if (queue.head() == candidate) {
            ready.add(candidate);
        }
    }

    private Verdict standing(PooledTransaction transaction) {
        SenderQueue queue = queueOf(transaction);
        boolean contiguous =
                transaction.executed || Long.compareUnsigned(transaction.transaction.nonce(), queue.firstGap()) < 0;
        return contiguous ? Verdict.ACCEPTED : Verdict.QUEUED;
    }

    private SenderQueue queueOf(PooledTransaction transaction) {
        SenderQueue queue = bySender.get(transaction.sender);
        if (queue == null) {
            throw new IllegalStateException("a pooled transaction has no sender");
        }
        return queue;
    }

    private static Verdict refuse(String message) {
        return Verdict.rejected(REFUSED, message);
    }

    // ---- building ----

    @Override
    public @Nullable Candidate next() {
        while (true) {
            PooledTransaction first = ready.peek();
            if (first == null || isReady(first)) {
                // Behind one that cannot pay is none that can.
                return first == null || first.payable ? first : null;
            }
            ready.poll();
        }
    }

    private boolean isReady(PooledTransaction transaction) {
        SenderQueue queue = bySender.get(transaction.sender);
        return queue != null && !transaction.executed && queue.head() == transaction;
    }

    @Override
    public void executed(Candidate candidate, Map<Address, Long> nonces) {
        PooledTransaction transaction = taken(candidate);
        SenderQueue queue = queueOf(transaction);
        transaction.executed = true;
        if (cheapest != null) {
            cheapest.remove(transaction);
        }
        queue.expenditure = queue.expenditure.minus(transaction.cost);
        moveTo(queue, transaction.transaction.nonce() + 1);
        nonces.forEach(this::raised);
    }

    /** An execution left an account with this nonce: what is below can never execute, and whoever sent it is told. */
    private void raised(Address account, long nonce) {
        SenderQueue queue = bySender.get(account);
        if (queue == null || Long.compareUnsigned(nonce, queue.nextNonce()) <= 0) {
            return;
        }
        for (PooledTransaction passed : moveTo(queue, nonce)) {
            String why = "nonce too low: address " + account.checksumHex() + ", tx: "
                    + Long.toUnsignedString(passed.transaction.nonce()) + " state: " + Long.toUnsignedString(nonce);
            dropListener.accept(passed.transaction, new Rejection(REFUSED, why));
        }
    }

    /**
     * Says which nonce of a sender executes next, and lets that transaction take part in the order if it is here. Not
     * only the sender's own transactions raise it: an authorisation does (EIP-7702), and so does code of the account
     * that makes a contract.
     *
     * @return what was passed without being executed; it is removed
     */
    private List<PooledTransaction> moveTo(SenderQueue queue, long nonce) {
        if (queue.nextNonce() == nonce) {
            return List.of();
        }
        boolean isNext = queue.nextNonce() + 1 == nonce;
        PooledTransaction last = isNext ? queue.head() : null;
        queue.advanceTo(nonce);
        count(queue);
        List<PooledTransaction> passed = List.of();
        if (!isNext || (last != null && !last.executed)) {
            passed = queue.byNonce.headMap(nonce, false).values().stream()
                    .filter(each -> !each.executed)
                    .toList();
            passed.forEach(this::remove);
        }
        PooledTransaction head = queue.head();
        if (head != null && !head.executed) {
            ready.add(head);
        }
        return passed;
    }

    @Override
    public void invalid(Candidate candidate, String why) {
        PooledTransaction transaction = taken(candidate);
        remove(transaction);
        dropListener.accept(transaction.transaction, new Rejection(REFUSED, why));
    }

    private PooledTransaction taken(Candidate candidate) {
        PooledTransaction first = ready.poll();
        if (first == null || first != candidate) {
            throw new IllegalStateException("settled a candidate that is not the first");
        }
        return first;
    }

    // ---- what the chain does ----

    /**
     * A block is applied.
     *
     * @param entries its transactions; one that is not pooled here is decoded for its sender, as its nonce may have
     *     passed something that is. Only the sender's: such blocks are another leader's, and what else they raised is
     *     read by the {@link #rebase} without which this node does not lead
     * @param state the state after it
     */
    public void applied(List<LedgerBlock.Executed> entries, StateReader state) {
        for (LedgerBlock.Executed entry : entries) {
            if (byId.isEmpty()) {
                return;
            }
            PooledTransaction known = byId.get(Word.ofBytes32(entry.id(), 0));
            if (known != null) {
                remove(known);
                continue;
            }
            SenderQueue queue =
                    bySender.get(ExecutedTransaction.decode(entry.payload()).sender());
            if (queue != null) {
                long nonce = nonce(queue.sender, state);
                if (Long.compareUnsigned(nonce, queue.nextNonce()) > 0) {
                    moveTo(queue, nonce);
                }
                dropBelow(queue, nonce);
            }
        }
    }

    /** Speculation is lost, or another state is the newest one: what was executed is to be executed again. */
    public void rebase(StateReader state) {
        ready.clear();
        cheapest = null;
        expire();
        for (SenderQueue queue : new ArrayList<>(bySender.values())) {
            long nonce = nonce(queue.sender, state);
            queue.advanceTo(nonce);
            queue.expenditure = Word.ZERO;
            for (PooledTransaction transaction : queue.byNonce.values()) {
                transaction.executed = false;
                queue.expenditure = Costs.plus(queue.expenditure, transaction.cost);
            }
            count(queue);
            dropBelow(queue, nonce);
            PooledTransaction head = queue.head();
            if (head != null) {
                ready.add(head);
            }
        }
    }

    /** Removes a transaction, whatever became of it; {@link #rebase} must follow. */
    public void forget(byte[] id) {
        PooledTransaction known = byId.get(Word.ofBytes32(id, 0));
        if (known != null) {
            remove(known);
        }
    }

    private static long nonce(Address sender, StateReader state) {
        WorldAccount account = state.account(sender);
        return account == null ? 0 : account.nonce();
    }

    private void dropBelow(SenderQueue queue, long nonce) {
        for (PooledTransaction stale :
                new ArrayList<>(queue.byNonce.headMap(nonce, false).values())) {
            remove(stale);
        }
    }

    private void remove(PooledTransaction transaction) {
        SenderQueue queue = queueOf(transaction);
        byId.remove(transaction.id);
        size = byId.size();
        bytes -= transaction.sizeBytes();
        queue.remove(transaction);
        count(queue);
        if (cheapest != null) {
            cheapest.remove(transaction);
            if (byId.size() < limits.transactions() / 2) {
                cheapest = null;
            }
        }
        if (!transaction.executed) {
            queue.expenditure = queue.expenditure.minus(transaction.cost);
        }
        if (queue.byNonce.isEmpty()) {
            bySender.remove(queue.sender);
        }
    }

    /** Oldest first, until one is young enough: the map keeps the order of arrival. */
    private void expire() {
        long oldest = clock.millis() - limits.lifetimeMillis();
        List<PooledTransaction> expired = new ArrayList<>();
        for (Iterator<PooledTransaction> all = byId.values().iterator(); all.hasNext(); ) {
            PooledTransaction first = all.next();
            if (first.arrivedMillis > oldest || first.executed) {
                break;
            }
            expired.add(first);
        }
        expired.forEach(this::remove);
    }
}
