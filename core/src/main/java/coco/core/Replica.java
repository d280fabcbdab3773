package coco.core;

import coco.consensus.ChangeReply;
import coco.consensus.LogPosition;
import coco.consensus.Peer;
import coco.consensus.PeerChange;
import coco.consensus.PeerId;
import coco.consensus.ReadReply;
import coco.consensus.ReplicatedLog;
import coco.consensus.Role;
import coco.consensus.StateMachine;
import coco.journal.BlockHeader;
import coco.journal.JournalEntry;
import coco.journal.MalformedException;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's part in the ordered store: fence, pipeline, apply and the answers to clients, as one state machine.
 *
 * <p>Everything but {@link #preAppend}, {@link #durable} and the entry points that only hand over runs on the core
 * thread, which is whatever the {@link Scheduler} says it is. There are no locks, no waiting and no clock of its own
 * here.
 *
 * <h2>Who leads</h2> The log says so by {@link #leaderReady}. From then until the log says otherwise, or something goes
 * wrong, this node is <em>leading</em>: it judges offers and builds blocks. If any proposal is not plainly committed
 * the pipeline is <em>suspended</em>: the fence is shut, and when everything it had let in has been applied,
 * speculation starts afresh. If that does not happen in time, the node steps down.
 *
 * <h2>Who is removed</h2> The block that takes this node off the roster is the last one that it applies, and the last
 * one that it seals if it leads. From then on it is <em>retired</em>: it answers nobody, and gives up any leadership
 * that falls to it while it is still a peer of the log.
 */
public final class Replica implements StateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

    private static final String REMOVED = "this node was removed from the network";

    private final ReplicaParts parts;
    private final Scheduler scheduler;
    private final Fence fence = new Fence();
    private final Chain chain;
    private final Pipeline pipeline;
    private final Submissions submissions = new Submissions();
    private final Map<String, Ledger> ledgers;
    private final Auditor auditor;

    private volatile @Nullable ReplicatedLog log;
    private volatile @Nullable PeerId leader;
    private volatile boolean leading;
    private volatile Roster roster;
    private boolean suspended;
    private boolean halted;
    private boolean stopping;
    private boolean retired;
    private volatile long readyTerm = -1;
    private volatile @Nullable String writesStopped;
    private boolean buildPosted;
    private boolean flushPosted;
    private boolean timerSet;
    private final List<Submissions.Pending> outbox = new ArrayList<>();
    private List<CompletableFuture<Void>> readers = new ArrayList<>();
    private boolean readInProgress;
    private long resumeNotBeforeNanos;
    private long timeCertainNanos;
    private @Nullable String timeDoubt;

    /** Takes over a chain that stands where the journal ends; see {@link Core#open}. */
    public Replica(ReplicaParts parts, Chain chain) {
        this.parts = parts;
        this.scheduler = parts.scheduler();
        this.chain = chain;
        this.ledgers = chain.ledgersById();
        this.roster = chain.inForce().roster();
        this.pipeline = new Pipeline(parts, chain);
        this.auditor = new Auditor(parts, chain, this::fail);
        this.resumeNotBeforeNanos = scheduler.nanoTime();
    }

    /** Begins to take part. The log's callbacks may come before this returns. */
    public void start(ReplicatedLog replicatedLog) {
        log = replicatedLog;
        pipeline.connect(replicatedLog);
        scheduler.execute(guarded(() -> {
            tellRoster();
            if (chain.removed()) {
                retire();
            }
        }));
        replicatedLog.start(this);
        scheduler.schedule(CoreLimits.TICK_MILLIS, guarded(this::tick));
    }

    /**
     * Takes no more submissions; what is in flight goes on. Completes when nothing is owed, or the grace has passed.
     */
    public CompletableFuture<Void> drain(long graceMillis) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        scheduler.execute(guarded(() -> {
            stopping = true;
            long deadline = scheduler.nanoTime() + TimeUnit.MILLISECONDS.toNanos(graceMillis);
            awaitDrained(done, deadline);
        }));
        return done;
    }

    private void awaitDrained(CompletableFuture<Void> done, long deadline) {
        if ((submissions.size() == 0 && pipeline.isEmpty()) || halted || scheduler.nanoTime() - deadline >= 0) {
            done.complete(null);
        } else {
            scheduler.schedule(10, guarded(() -> awaitDrained(done, deadline)));
        }
    }

    // ---------------------------------------------------------------- clients

    /** Takes a transaction from one of this node's own clients. Any thread. */
    public Ticket submit(Offer offer) {
        Ticket ticket = Submissions.newTicket();
        scheduler.execute(guarded(() -> onSubmit(offer, ticket)));
        return ticket;
    }

    private void onSubmit(Offer offer, Ticket ticket) {
        if (halted || stopping) {
            Submissions.reject(ticket, new Rejection(Rejection.UNAVAILABLE, "this node is stopping"));
        } else if (retired) {
            Submissions.reject(ticket, new Rejection(Rejection.UNAVAILABLE, REMOVED));
        } else if (writesStopped != null) {
            Submissions.reject(ticket, new Rejection(Rejection.UNAVAILABLE, writesStopped));
        } else if (!ledgers.containsKey(offer.ledger())) {
            Submissions.reject(ticket, new Rejection(Rejection.UNAVAILABLE, "no such ledger"));
        } else if (submissions.add(offer, ticket, scheduler.nanoTime())) {
            dispatch(new Submissions.Pending(offer, ticket, false));
        }
    }

    /**
     * Takes no transactions and builds no blocks until told otherwise: there is no space for them. What was taken
     * before waits, and reads go on. Any thread; cheap when nothing changes.
     *
     * @param why for clients; null: goes on
     */
    public void writes(@Nullable String why) {
        boolean goesOn = writesStopped != null && why == null;
        writesStopped = why;
        if (goesOn) {
            scheduler.execute(guarded(this::postBuild));
        }
    }

    /** Takes transactions that another node forwards. Any thread. Fails if this node does not lead. */
    public CompletableFuture<NodeChannel.Verdicts> forwarded(List<Offer> offers, boolean again) {
        CompletableFuture<NodeChannel.Verdicts> reply = new CompletableFuture<>();
        scheduler.execute(guarded(() -> {
            if (!judging()) {
                reply.completeExceptionally(new LedgerException("this node does not lead"));
                return;
            }
            List<Verdict> verdicts = new ArrayList<>(offers.size());
            for (Offer offer : offers) {
                verdicts.add(judge(offer, again));
            }
            reply.complete(new NodeChannel.Verdicts(pipeline.tipHeight(), verdicts));
        }));
        return reply;
    }

    /** Puts a question to a ledger on the leader. Any thread. */
    public CompletableFuture<byte[]> ask(String ledger, byte[] question) {
        CompletableFuture<byte[]> reply = new CompletableFuture<>();
        scheduler.execute(guarded(() -> {
            if (leading) {
                answer(ledger, question, reply);
            } else if (retired) {
                reply.completeExceptionally(new LedgerException(REMOVED));
            } else if (leader == null || leader.equals(parts.self())) {
                reply.completeExceptionally(new LedgerException("no leader is known"));
            } else {
                Futures.whenDone(parts.channel().ask(leader, ledger, question), (bytes, failure) -> {
                    if (failure == null && bytes != null) {
                        reply.complete(bytes);
                    } else {
                        reply.completeExceptionally(new LedgerException("the leader did not answer", failure));
                    }
                });
            }
        }));
        return reply;
    }

    /** Answers a question that another node forwards. Any thread. */
    public CompletableFuture<byte[]> asked(String ledger, byte[] question) {
        CompletableFuture<byte[]> reply = new CompletableFuture<>();
        scheduler.execute(guarded(() -> {
            if (leading) {
                answer(ledger, question, reply);
            } else {
                reply.completeExceptionally(new LedgerException("this node does not lead"));
            }
        }));
        return reply;
    }

    private void answer(String ledger, byte[] question, CompletableFuture<byte[]> reply) {
        Ledger asked = ledgers.get(ledger);
        if (asked == null) {
            reply.completeExceptionally(new LedgerException("no such ledger"));
            return;
        }
        try {
            reply.complete(asked.answer(question, pipeline.tipVersion()));
        } catch (LedgerException notAnswered) {
            // The question came over the network: it must not be able to stop this node.
            reply.completeExceptionally(notAnswered);
        }
    }

    /**
     * Completes when this node has applied everything that was acknowledged anywhere before the call; fails when no
     * majority confirms it in time. All that wait share one round trip. Any thread.
     */
    public CompletableFuture<Void> linearizable() {
        CompletableFuture<Void> reader = new CompletableFuture<>();
        scheduler.execute(guarded(() -> {
            if (retired) {
                reader.completeExceptionally(new LedgerException(REMOVED));
                return;
            }
            readers.add(reader);
            readIfIdle();
        }));
        return reader;
    }

    /** What this node remembers of a transaction that is in no block. Any thread. */
    CompletableFuture<TransactionStatus.Remembered> remembered(byte[] id) {
        CompletableFuture<TransactionStatus.Remembered> reply = new CompletableFuture<>();
        scheduler.execute(guarded(() -> {
            TransactionStatus.Remembered found = TransactionStatus.Remembered.NOTHING;
            for (String ledger : ledgers.keySet()) {
                TransactionStatus.Remembered here = submissions.remembered(new TransactionKey(ledger, id));
                boolean isSettled = found.status() instanceof TransactionStatus.Pending || here.status() == null;
                found = isSettled ? found : here;
            }
            reply.complete(found);
        }));
        return reply;
    }

    private void readIfIdle() {
        if (readInProgress || readers.isEmpty() || log == null) {
            return;
        }
        readInProgress = true;
        List<CompletableFuture<Void>> sharing = readers;
        readers = new ArrayList<>();
        Futures.whenDone(
                log.readIndex(),
                (reply, failure) -> scheduler.execute(guarded(() -> {
                    readInProgress = false;
                    // Everything up to the read index was handed to apply, hence to the core thread, before this.
                    if (failure == null && !retired && reply instanceof ReadReply.Current) {
                        sharing.forEach(waiting -> waiting.complete(null));
                    } else {
                        sharing.forEach(waiting ->
                                waiting.completeExceptionally(new LedgerException("no majority confirms the read")));
                    }
                    readIfIdle();
                })));
    }

    // ---------------------------------------------------------------- who takes part

    /** The log's voting peers, for whoever brings them in line with the roster. Any thread. */
    public List<Peer> peers() {
        ReplicatedLog current = log;
        return current == null ? List.of() : current.peers();
    }

    /** See {@link ReplicatedLog#changePeers}. Any thread. */
    public CompletableFuture<ChangeReply> changePeers(List<Peer> expected, PeerChange change) {
        ReplicatedLog current = log;
        return current == null
                ? CompletableFuture.completedFuture(new ChangeReply.Refused("this node is starting"))
                : current.changePeers(expected, change);
    }

    /** See {@link ReplicatedLog#transferLeadership}. Any thread. */
    public CompletableFuture<Boolean> transferLeadership(PeerId successor) {
        ReplicatedLog current = log;
        return current == null ? CompletableFuture.completedFuture(false) : current.transferLeadership(successor);
    }

    // ---------------------------------------------------------------- to the leader

    private boolean judging() {
        return leading && !halted && !stopping && !pipeline.stalled(scheduler.nanoTime(), CoreLimits.STALL_MILLIS / 2);
    }

    private Verdict judge(Offer offer, boolean again) {
        Ledger ledger = ledgers.get(offer.ledger());
        if (ledger == null) {
            return Verdict.rejected(Rejection.UNAVAILABLE, "no such ledger");
        }
        if (!pipeline.takesPart(offer.ledger(), pipeline.tipInForce())) {
            return Verdict.rejected(
                    Rejection.UNAVAILABLE,
                    "the service is not open yet: its members have to open it before it takes transactions");
        }
        if (!again && writesStopped != null) {
            return Verdict.rejected(Rejection.UNAVAILABLE, writesStopped);
        }
        if (!again && chain.stateIsFull()) {
            return Verdict.rejected(
                    Rejection.UNAVAILABLE, "the state has grown to its limit: the nodes need a larger heap");
        }
        Verdict verdict = ledger.offer(offer, again, pipeline.tipVersion());
        if (verdict instanceof Verdict.Accepted) {
            postBuild();
        }
        return verdict;
    }

    private void dispatch(Submissions.Pending pending) {
        if (judging()) {
            Verdict verdict = judge(pending.offer(), pending.again());
            submissions.judged(pending.offer(), pending.ticket(), verdict, pipeline.tipHeight(), chain.height());
        } else if (leader != null && !leader.equals(parts.self())) {
            outbox.add(pending);
            if (!flushPosted) {
                flushPosted = true;
                scheduler.execute(guarded(this::flush));
            }
        } else {
            submissions.defer(pending);
        }
    }

    private void flush() {
        flushPosted = false;
        PeerId to = leader;
        if (to == null || to.equals(parts.self())) {
            outbox.clear();
            return;
        }
        int from = 0;
        while (from < outbox.size()) {
            int end = from;
            int bytes = 0;
            boolean again = outbox.get(from).again();
            while (end < outbox.size()
                    && end - from < CoreLimits.FORWARD_OFFERS
                    && outbox.get(end).again() == again
                    && (end == from || bytes + outbox.get(end).offer().payload().length <= CoreLimits.FORWARD_BYTES)) {
                bytes += outbox.get(end).offer().payload().length;
                end++;
            }
            forward(to, List.copyOf(outbox.subList(from, end)), again);
            from = end;
        }
        outbox.clear();
    }

    private void forward(PeerId to, List<Submissions.Pending> batch, boolean again) {
        List<Offer> offers = batch.stream().map(Submissions.Pending::offer).toList();
        Futures.whenDone(
                parts.channel().forward(to, offers, again),
                (reply, failure) -> scheduler.execute(guarded(() -> {
                    if (failure != null || reply == null || reply.verdicts().size() != offers.size()) {
                        scheduler.schedule(CoreLimits.TICK_MILLIS, guarded(() -> offerAgain(batch)));
                        return;
                    }
                    for (int i = 0; i < batch.size(); i++) {
                        Submissions.Pending pending = batch.get(i);
                        submissions.judged(
                                pending.offer(),
                                pending.ticket(),
                                reply.verdicts().get(i),
                                reply.height(),
                                chain.height());
                    }
                })));
    }

    private void offerAgain(List<Submissions.Pending> batch) {
        for (Submissions.Pending pending : batch) {
            if (submissions.isOpen(pending)) {
                dispatch(new Submissions.Pending(pending.offer(), pending.ticket(), true));
            }
        }
    }

    // ---------------------------------------------------------------- the log's callbacks

    @Override
    public @Nullable String preAppend(long term, byte[] payload) {
        if (Payload.isNoOp(payload)) {
            return null;
        }
        try {
            BlockHeader header = BlockHeader.decode(payload, 1);
            return fence.admit(term, header.term(), header.height(), header.parent(), header.hash());
        } catch (MalformedException e) {
            return "no block";
        }
    }

    @Override
    public CompletableFuture<?> apply(LogPosition position, byte[] payload) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable applying = guarded(() -> {
            onApply(position, payload);
            done.complete(null);
        });
        scheduler.execute(() -> {
            applying.run();
            // Who waits for it is told: the log does not stop before all that it handed over is settled.
            done.completeExceptionally(new CoreException("this node has halted"));
        });
        return done;
    }

    /** Applies what another node's journal has, where the log does not reach: as if the log had brought it. */
    public CompletableFuture<?> take(JournalEntry entry) {
        return apply(
                new LogPosition(entry.raftTerm(), entry.raftIndex()),
                Payload.block(entry.block().bytes()));
    }

    @Override
    public void configured(LogPosition position, List<Peer> peers) {
        // Who the peers are is decided by governance, whose reconciler compares it with what the log says; nothing here
        // depends on it.
        scheduler.execute(guarded(() -> parts.observer().configured(peers)));
    }

    @Override
    public void leaderReady(long term) {
        scheduler.execute(guarded(() -> onLeaderReady(term)));
    }

    @Override
    public void notLeader(long term) {
        scheduler.execute(guarded(() -> {
            if (leading && readyTerm <= term) {
                LOG.info("leadership of term {} is over at height {}", readyTerm, chain.height());
                stopLeading();
            }
        }));
    }

    @Override
    public void leaderChanged(@Nullable PeerId newLeader) {
        scheduler.execute(guarded(() -> {
            leader = newLeader;
            if (newLeader != null && !newLeader.equals(parts.self())) {
                submissions.all().forEach(this::dispatch);
            }
        }));
    }

    @Override
    public void removed() {
        scheduler.execute(() -> {
            if (!retired) {
                // This state no longer moves: a node that went on would show what is old for ever.
                fail(new IllegalStateException("this node was removed from its group"));
            }
        });
    }

    @Override
    public void failed(Throwable cause) {
        scheduler.execute(() -> fail(cause));
    }

    @Override
    public LogPosition durable() {
        return parts.journal().durable();
    }

    private void onLeaderReady(long term) {
        if (!chain.inForce().listed()) {
            LOG.info("leading term {} without being on the roster: stepping down", term);
            giveUpLeadership();
            return;
        }
        LOG.info("leading term {} from height {}", term, chain.height());
        leading = true;
        readyTerm = term;
        timeCertainNanos = scheduler.nanoTime();
        startAfresh();
        submissions.all().forEach(this::dispatch);
    }

    private void stopLeading() {
        leading = false;
        suspended = false;
        fence.close();
        dropSpeculation();
    }

    /** Speculation begins anew on committed state; the fence lets in what follows it. */
    private void startAfresh() {
        suspended = false;
        dropSpeculation();
        fence.open(readyTerm, chain.height(), chain.hash());
        pipeline.lead(readyTerm);
        postBuild();
    }

    private void dropSpeculation() {
        pipeline.drop();
        for (Ledger ledger : ledgers.values()) {
            ledger.rebase(chain.version());
        }
    }

    private void onApply(LogPosition position, byte[] payload) {
        if (retired || Payload.isNoOp(payload)) {
            return;
        }
        Chain.Block block = chain.parse(payload);
        if (block.height() <= chain.height()) {
            chain.checkKnown(block); // Replayed from before the durable height.
            return;
        }
        Pipeline.InFlight own = pipeline.first();
        if (own != null && own.is(block)) {
            pipeline.removeFirst();
            chain.promote(block, position, own);
            parts.observer().committed(scheduler.nanoTime() - own.proposedNanos());
            for (Pipeline.Drop drop : own.drops()) {
                submissions.dropped(drop.key(), drop.reason(), chain.height());
            }
        } else {
            if (leading) {
                // Somebody else's block while we lead: this leadership is over, whether or not we were told.
                stopLeading();
            }
            chain.apply(block, position);
        }
        settle(block);
        if (chain.removed()) {
            retire();
            return;
        }
        if (suspended) {
            resumeIfCaughtUp();
        }
        if (leading && pipeline.isEmpty() && log != null) {
            log.nudge();
        }
        postBuild();
    }

    /** Nothing follows for this node: the roster it applied last does not have it. */
    private void retire() {
        LOG.info("removed from the network by block {}", chain.height());
        retired = true;
        stopLeading();
        outbox.clear();
        submissions.expireAll(REMOVED);
        giveUpLeadership();
        parts.observer().removed(chain.height());
    }

    private void giveUpLeadership() {
        ReplicatedLog current = log;
        if (current != null && current.role() == Role.LEADER) {
            current.stepDown();
        }
    }

    /** Tells who belongs to the network, where somebody administers it. */
    private void tellRoster() {
        roster = chain.inForce().roster();
        if (!roster.equals(Roster.NONE)) {
            parts.observer().rosterChanged(chain.height(), roster);
        }
    }

    /** Who belongs to the network from the block after the last applied one on. Any thread. */
    public Roster roster() {
        return roster;
    }

    private void settle(Chain.Block block) {
        if (chain.rosterChanged()) {
            tellRoster();
        }
        chain.forEachTransaction((key, ordinal) -> submissions.applied(key, block.height(), ordinal));
        submissions.settleRefusals(chain.height());
        auditor.applied(!leading, scheduler.nanoTime());
        pipeline.heartbeats().had(chain.lastBlocks().keySet(), scheduler.nanoTime());
        parts.observer().applied(chain.height(), chain.transactionCount());
    }

    // ---------------------------------------------------------------- building

    private void postBuild() {
        if (leading && !buildPosted) {
            buildPosted = true;
            scheduler.execute(guarded(this::build));
        }
    }

    private void build() {
        buildPosted = false;
        ReplicatedLog current = log;
        if (!leading || suspended || halted || current == null || writesStopped != null || timeIsDoubtful()) {
            return;
        }
        while (leading && !suspended) {
            long wait = pipeline.nanosUntilDue(scheduler.nanoTime());
            if (wait > 0) {
                setTimer(wait);
                return;
            }
            if (wait < 0) {
                return;
            }
            Pipeline.Built built = pipeline.buildOne(this::onReply);
            for (Pipeline.Drop drop : pipeline.takeSettledDrops()) {
                submissions.dropped(drop.key(), drop.reason(), chain.height());
            }
            switch (built) {
                case BLOCK, DROPS -> {}
                case NOTHING -> {
                    return;
                }
                case TOO_LARGE -> {
                    // The next, smaller attempt is an event of its own: whatever cannot shrink must not keep others
                    // out.
                    suspend();
                    return;
                }
                case DENIED -> {
                    // Another may see them differently, and would not halt for secrets that it did not get.
                    LOG.error("a block that demands a new epoch is not made: stepping down");
                    giveUpLead(current, scheduler.nanoTime());
                    return;
                }
            }
        }
    }

    /** Whether blocks must wait because nobody knows what time to give them; {@link #tick} goes on from there. */
    private boolean timeIsDoubtful() {
        String doubt = scheduler.timeDoubt(pipeline.tipMillis());
        if (doubt == null) {
            timeCertainNanos = scheduler.nanoTime();
        } else if (timeDoubt == null) {
            LOG.warn("no blocks are made: {}", doubt);
        }
        timeDoubt = doubt;
        return doubt != null;
    }

    /** Lets nothing more into the log until all that it was given has been applied, then starts afresh. */
    private void suspend() {
        suspended = true;
        fence.close();
        resumeIfCaughtUp();
    }

    private void setTimer(long nanos) {
        if (!timerSet) {
            timerSet = true;
            scheduler.schedule(Math.max(1, (nanos + 999_999) / 1_000_000), guarded(() -> {
                timerSet = false;
                postBuild();
            }));
        }
    }

    /** What the log said of a proposal. Only apply settles anything; this only tells whether to go on. */
    private void onReply(Pipeline.InFlight block, @Nullable String trouble) {
        scheduler.execute(guarded(() -> {
            if (trouble != null && leading && !suspended && pipeline.contains(block)) {
                LOG.warn("block {} may not be committed ({}): starting afresh", block.height(), trouble);
                suspend();
            }
        }));
    }

    private void resumeIfCaughtUp() {
        if (leading && chain.height() >= fence.tailHeight()) {
            startAfresh();
        }
    }

    // ---------------------------------------------------------------- time

    private void tick() {
        if (halted) {
            return;
        }
        scheduler.schedule(CoreLimits.TICK_MILLIS, guarded(this::tick));
        if (retired) {
            giveUpLeadership();
            return;
        }
        long now = scheduler.nanoTime();
        submissions.expire(now);
        if (judging() || (leader != null && !leader.equals(parts.self()))) {
            submissions.dueAgain(now).forEach(this::dispatch);
        }
        // A ledger may come to have work by time alone.
        if (leading && (pipeline.heartbeats().isAnyDue(now) || pipeline.hasWork())) {
            postBuild();
        }
        auditor.tick(!leading, now);
        chain.snapshots().keepProven();
        ReplicatedLog current = log;
        if (current == null) {
            return;
        }
        if (leading && pipeline.stalled(now, CoreLimits.STALL_MILLIS)) {
            LOG.warn("no majority takes block {}: stepping down", chain.height() + 1);
            giveUpLead(current, now);
        } else if (leading
                && timeIsDoubtful()
                && now - timeCertainNanos >= TimeUnit.MILLISECONDS.toNanos(CoreLimits.STALL_MILLIS)) {
            LOG.warn("service time stays in doubt: stepping down");
            giveUpLead(current, now);
        } else if (!leading
                && readyTerm >= 0
                && chain.inForce().listed()
                && current.role() == Role.LEADER
                && current.term() == readyTerm
                && chain.height() >= fence.tailHeight()
                && now - resumeNotBeforeNanos >= 0) {
            // A late notLeader of an earlier term, or our own caution, ended a leadership that the log still upholds.
            onLeaderReady(readyTerm);
        }
    }

    private void giveUpLead(ReplicatedLog current, long now) {
        resumeNotBeforeNanos = now + TimeUnit.MILLISECONDS.toNanos(CoreLimits.STALL_MILLIS);
        stopLeading();
        current.stepDown();
    }

    // ---------------------------------------------------------------- failing

    private Runnable guarded(Runnable event) {
        return () -> {
            if (halted) {
                return;
            }
            try {
                event.run();
            } catch (RuntimeException | Error broken) {
                fail(broken);
            }
        };
    }

    private void fail(Throwable cause) {
        if (!halted) {
            halted = true;
            leading = false;
            fence.close();
            parts.observer().failed(cause);
        }
    }

    /**
     * Where this node stands, for status pages. Any thread; height and hash belong together, the rest is as new as it
     * gets.
     */
    public Status status() {
        Heads.Head head = chain.published();
        return new Status(
                head.height(), head.hash().clone(), leading, leader, readyTerm, submissions.size(), pipeline.size());
    }

    /**
     * Where a node stands.
     *
     * @param height of the last applied block
     * @param hash of its header
     * @param leading whether this node builds blocks
     * @param leader who leads as far as this node knows
     * @param term of this node's last leadership, -1 if it never led
     * @param waiting transactions of this node's clients that are not settled
     * @param inFlight blocks proposed and not applied
     */
    public record Status(
            long height,
            byte[] hash,
            boolean leading,
            @Nullable PeerId leader,
            long term,
            int waiting,
            int inFlight) {}
}
