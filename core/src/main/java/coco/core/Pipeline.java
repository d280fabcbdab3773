package coco.core;

import coco.consensus.ProposeReply;
import coco.consensus.ReplicatedLog;
import coco.journal.BlockContent;
import coco.journal.BlockSealer;
import coco.journal.ChainHead;
import coco.journal.SealedBlock;
import coco.kv.Draft;
import coco.kv.Version;
import coco.kv.WriteSet;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.BuildContext;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.Rejection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The leader's blocks between execution and commit. Each is executed on the state that the one before it left, before
 * that one is committed; {@link #drop} takes all of it back. Core thread only, but for {@link #size}.
 *
 * <p>When a block closes (a block costs replication much the same whatever its size, so under load few large ones are
 * better, and when idle nothing is gained by waiting): at once if nothing is in flight; else after the minimum
 * interval, or at once if the last one was full; never with a full window.
 */
final class Pipeline {
    /** A transaction that was accepted and will not execute. */
    record Drop(TransactionKey key, Rejection reason) {}

    /** One block proposed and not applied. */
    record InFlight(
            ChainHead head,
            Version version,
            InForce after,
            Map<String, LedgerBlock> blocks,
            List<Drop> drops,
            long proposedNanos) {
        long height() {
            return head.height();
        }

        boolean is(Chain.Block block) {
            return Arrays.equals(head.hash(), block.hash());
        }
    }

    /** Hears what the log says of a proposal: null if it is committed, else what is the matter. Any thread. */
    interface ReplyListener {
        void replied(InFlight block, @Nullable String trouble);
    }

    /** Id, claims and lengths of one transaction in the content. */
    private static final int ENTRY_OVERHEAD_BYTES = 80;

    private final ReplicaParts parts;
    private final Chain chain;
    private final ArrayDeque<InFlight> inFlight = new ArrayDeque<>();
    private final List<Drop> settled = new ArrayList<>();
    private final Heartbeats heartbeats;
    private @Nullable ReplicatedLog log;
    private long term;
    private long lastBuiltNanos;
    private boolean lastWasFull;
    private int mostTransactions = Integer.MAX_VALUE;
    private volatile int size;

    /** What came of an attempt to build a block. */
    enum Built {
        /** It is proposed. */
        BLOCK,
        /** Nothing was executed, but something was dropped: there may be more to execute. */
        DROPS,
        /** There was nothing to execute. */
        NOTHING,
        /**
         * What was executed fits into no log entry: speculation must start afresh, and the next attempt is a smaller
         * one.
         */
        TOO_LARGE,
        /** It must not be made: a majority of the nodes may not have the secrets that it would bring. */
        DENIED
    }

    Pipeline(ReplicaParts parts, Chain chain) {
        this.parts = parts;
        this.chain = chain;
        this.heartbeats = new Heartbeats(
                chain.ledgersById().keySet(),
                parts.limits().heartbeatMillis(),
                parts.scheduler().nanoTime());
    }

    Heartbeats heartbeats() {
        return heartbeats;
    }

    void connect(ReplicatedLog replicatedLog) {
        log = replicatedLog;
    }

    /** Blocks are made for this term from now on. */
    void lead(long readyTerm) {
        term = readyTerm;
        lastWasFull = false;
        lastBuiltNanos = parts.scheduler().nanoTime() - TimeUnit.SECONDS.toNanos(1);
    }

    boolean isEmpty() {
        return inFlight.isEmpty();
    }

    int size() {
        return size;
    }

    @Nullable
    InFlight first() {
        return inFlight.peekFirst();
    }

    void removeFirst() {
        inFlight.removeFirst();
        size = inFlight.size();
    }

    boolean contains(InFlight block) {
        return inFlight.contains(block);
    }

    long tipHeight() {
        return tipHead().height();
    }

    /** Service time of the newest speculative block, to the second: the next one is not earlier. */
    long tipMillis() {
        return tipHead().timestampSeconds() * 1_000;
    }

    /** The newest speculative state. */
    Version tipVersion() {
        InFlight last = inFlight.peekLast();
        return last == null ? chain.version() : last.version();
    }

    /** What the next block is built and sealed under. */
    InForce tipInForce() {
        InFlight last = inFlight.peekLast();
        return last == null ? chain.inForce() : last.after();
    }

    private ChainHead tipHead() {
        InFlight last = inFlight.peekLast();
        return last == null ? chain.head() : last.head();
    }

    /** Takes all speculation back. */
    void drop() {
        if (inFlight.isEmpty()) {
            return;
        }
        for (InFlight block : inFlight) {
            block.version().close();
        }
        inFlight.clear();
        size = 0;
        chain.store().rollBackTo(chain.version());
    }

    /** Whether the oldest block has been in flight for this long. */
    boolean stalled(long nowNanos, long millis) {
        InFlight first = inFlight.peekFirst();
        return first != null && nowNanos - first.proposedNanos() >= TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /** How long until the next block is due: 0 is now, -1 means that something else must happen first. */
    long nanosUntilDue(long nowNanos) {
        InForce tip = tipInForce();
        // Who is removed seals the block that does it, and nothing after.
        if (!tip.listed()
                || inFlight.size() >= tip.limits().window()
                || (!hasWork() && !heartbeats.isAnyDue(nowNanos))
                || chain.stateIsFull()) {
            return -1;
        }
        if (inFlight.isEmpty() || lastWasFull) {
            return 0;
        }
        long since = nowNanos - lastBuiltNanos;
        return Math.max(0, TimeUnit.MILLISECONDS.toNanos(tip.limits().batchMinIntervalMillis()) - since);
    }

    boolean hasWork() {
        InForce tip = tipInForce();
        if (chain.snapshots().owes(tipVersion())) {
            return true;
        }
        for (Ledger ledger : chain.ledgersById().values()) {
            if (takesPart(ledger.id(), tip) && ledger.hasWork()) {
                return true;
            }
        }
        return false;
    }

    /** Until the service is open it only administers itself. */
    boolean takesPart(String ledger, InForce tip) {
        return tip.roster().open() || chain.isAdministrative(ledger);
    }

    /** Executes, seals and proposes one block. */
    Built buildOne(ReplyListener listener) {
        Scheduler scheduler = parts.scheduler();
        long started = scheduler.nanoTime();
        ChainHead parent = tipHead();
        InForce tip = tipInForce();
        long millis = Math.max(scheduler.serviceTimeMillis(), tipMillis());
        Draft draft = chain.store().draft(tipVersion());
        Budget budget = new Budget(draft, parent, tip, millis / 1_000, started);
        Map<String, LedgerBlock> blocks = execute(budget, tip, started);
        lastBuiltNanos = started;
        lastWasFull = budget.full();
        if (blocks.isEmpty() && !chain.snapshots().owes(draft)) {
            draft.discard();
            keepDrops(budget.drops);
            return budget.drops.isEmpty() ? Built.NOTHING : Built.DROPS;
        }
        Succession.Ruling ruling = chain.succession()
                .decide(tip, draft, parent.height() + 1, millis / 1_000, chain.isAdministrative(blocks));
        if (!(ruling instanceof Succession.Decision decision)) {
            draft.discard();
            keepDrops(budget.drops);
            return refused(ruling, blocks, budget);
        }
        WriteSet own =
                WriteSet.merge(List.of(decision.writes(), chain.snapshots().decide(draft, parent.height() + 1)));
        byte[] publicWrites = PublicWrites.join(blocks.values(), own, chain.maps());
        BlockContent content = LedgerBlocks.content(millis, blocks);
        if (BlockSealer.sealedLength(content, publicWrites.length) > CoreLimits.SEALED_BYTES_MAX) {
            draft.discard();
            keepDrops(budget.drops);
            shrink(blocks, budget.count);
            return Built.TOO_LARGE;
        }
        mostTransactions = Integer.MAX_VALUE;
        propose(new Executed(content, publicWrites, blocks, decision.after()), budget, listener);
        return Built.BLOCK;
    }

    /** Another leader may see nodes differently; that there are too many epochs is so for all. */
    private Built refused(Succession.Ruling ruling, Map<String, LedgerBlock> blocks, Budget budget) {
        if (ruling instanceof Succession.Ruling.TooManyEpochs) {
            shrink(blocks, budget.count);
            return Built.TOO_LARGE;
        }
        return Built.DENIED;
    }

    private Map<String, LedgerBlock> execute(Budget budget, InForce tip, long started) {
        Map<String, LedgerBlock> blocks = new LinkedHashMap<>();
        for (Map.Entry<String, Ledger> ledger : chain.ledgersById().entrySet()) {
            if (!takesPart(ledger.getKey(), tip)) {
                heartbeats.had(ledger.getKey(), started);
                continue;
            }
            budget.ledger = ledger.getKey();
            budget.heartbeat = heartbeats.isDue(ledger.getKey(), started);
            if ((budget.heartbeat || ledger.getValue().hasWork()) && !budget.full()) {
                LedgerBlock block = ledger.getValue().build(budget);
                heartbeats.had(ledger.getKey(), started);
                if (block != null) {
                    blocks.put(ledger.getKey(), block);
                }
            }
        }
        return blocks;
    }

    /**
     * A block can outgrow an entry only by what its ledgers could not foresee, such as the removal of a contract with
     * very much storage. The next attempt has half as many transactions; one that is too large by itself is dropped.
     */
    private void shrink(Map<String, LedgerBlock> blocks, int count) {
        if (count > 1) {
            mostTransactions = count / 2;
            return;
        }
        blocks.forEach((ledger, block) -> {
            for (LedgerBlock.Executed transaction : block.transactions()) {
                Invariant.present(chain.ledgersById().get(ledger), "a block is of a ledger that runs here")
                        .forget(transaction.id());
                keepDrops(List.of(new Drop(
                        new TransactionKey(ledger, transaction.id()),
                        new Rejection(Rejection.UNAVAILABLE, "the transaction changes more than a block can carry"))));
            }
        });
    }

    /** A block that is ready to be sealed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Executed(
            BlockContent content, byte[] publicWrites, Map<String, LedgerBlock> blocks, InForce after) {}

    private void propose(Executed ready, Budget budget, ReplyListener listener) {
        Scheduler scheduler = parts.scheduler();
        long executed = scheduler.nanoTime();
        SealedBlock sealed = parts.sealer()
                .seal(budget.parent, term, budget.tip.sealingKeys(), ready.content(), ready.publicWrites());
        InFlight block = new InFlight(
                budget.parent.next(sealed),
                budget.draft.seal(),
                ready.after(),
                ready.blocks(),
                new ArrayList<>(budget.drops),
                scheduler.nanoTime());
        inFlight.addLast(block);
        size = inFlight.size();
        byte[] payload = Payload.block(sealed.bytes());
        parts.observer()
                .built(budget.count, payload.length, executed - lastBuiltNanos, block.proposedNanos() - executed);
        Futures.whenDone(
                Invariant.present(log, "a pipeline has a log").propose(block.height(), payload),
                (reply, failure) -> listener.replied(block, trouble(reply, failure)));
    }

    private static @Nullable String trouble(@Nullable ProposeReply reply, @Nullable Throwable failure) {
        if (failure != null || reply == null) {
            return "the log failed";
        }
        return switch (reply) {
            case ProposeReply.Committed committed -> null;
            case ProposeReply.Unknown(String why) -> why;
            case ProposeReply.Refused(String why) -> why;
        };
    }

    /** Drops are answered when the state on which they were judged is committed: with the last block before them. */
    private void keepDrops(List<Drop> drops) {
        InFlight last = inFlight.peekLast();
        if (last != null) {
            last.drops().addAll(drops);
        } else {
            settled.addAll(drops);
        }
    }

    /** Drops that can be answered now, because nothing they depended on is in flight. */
    List<Drop> takeSettledDrops() {
        List<Drop> taken = List.copyOf(settled);
        settled.clear();
        return taken;
    }

    /** What a ledger may still put into the block being built. */
    private final class Budget implements BuildContext {
        private final Draft draft;
        private final ChainHead parent;
        private final InForce tip;
        private final long timestampSeconds;
        private final long deadlineNanos;
        private final List<Drop> drops = new ArrayList<>();
        private String ledger = "";
        private boolean heartbeat;
        private int count;
        private long bytes = CoreLimits.SEAL_OVERHEAD_BYTES;

        Budget(Draft draft, ChainHead parent, InForce tip, long timestampSeconds, long startedNanos) {
            this.draft = draft;
            this.parent = parent;
            this.tip = tip;
            this.timestampSeconds = timestampSeconds;
            this.deadlineNanos =
                    startedNanos + TimeUnit.MILLISECONDS.toNanos(tip.limits().batchMaxExecutionMillis());
        }

        @Override
        public Draft state() {
            return draft;
        }

        @Override
        public AccessSettings access() {
            return tip.roster().access();
        }

        @Override
        public long height() {
            return parent.height() + 1;
        }

        @Override
        public long timestampSeconds() {
            return timestampSeconds;
        }

        @Override
        public byte[] randomness() {
            return tip.randomness(parent.hash(), parent.height() + 1);
        }

        @Override
        public boolean heartbeat() {
            return heartbeat;
        }

        @Override
        public void executed(int sizeBytes) {
            count++;
            bytes += sizeBytes + ENTRY_OVERHEAD_BYTES;
        }

        @Override
        public boolean full() {
            // Padmé adds at most 12 %. The last transaction may go past the mark; see CoreLimits.
            return count >= Math.min(tip.limits().batchMaxTransactions(), mostTransactions)
                    || bytes + bytes / 8 >= tip.limits().blockMaxBytes()
                    || (count > 0 && parts.scheduler().nanoTime() - deadlineNanos >= 0);
        }

        @Override
        public void dropped(byte[] id, Rejection reason) {
            drops.add(new Drop(new TransactionKey(ledger, id), reason));
        }
    }
}
