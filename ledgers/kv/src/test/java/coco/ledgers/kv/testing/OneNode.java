package coco.ledgers.kv.testing;

import coco.kv.DigestReader;
import coco.kv.Draft;
import coco.kv.MalformedWriteSetException;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Version;
import coco.kv.WriteSet;
import coco.ledgers.api.BuildContext;
import coco.ledgers.api.Caller;
import coco.ledgers.api.History;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerFactory;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.UnavailableException;
import coco.ledgers.api.Verdict;
import coco.ledgers.api.View;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The ledger on a network of one. Blocks are built when the test says so, or at each submission; a second store gets
 * the recorded writes only, as a follower does.
 */
public final class OneNode implements LedgerContext {
    private final Ledger ledger;
    private final Store leader;
    private final Store follower;
    private final Map<ByteBuffer, CompletableFuture<Outcome>> waiting = new HashMap<>();
    private final Map<ByteBuffer, Rejection> dropped = new LinkedHashMap<>();
    private final RpcSettings settings;
    private boolean building = true;
    private boolean majority = true;
    private int blockTransactions = 1_000;
    private int openViews;
    private long height;

    /** A network that begins with nothing. */
    public OneNode(LedgerFactory factory, RpcSettings settings) {
        this.settings = settings;
        this.ledger = factory.create(this);
        this.leader = new Store(ledger.maps(), StoreLimits.DEFAULT);
        this.follower = new Store(ledger.maps(), StoreLimits.DEFAULT);
        Draft draft = leader.draft(leader.head());
        commit(ledger.genesis(draft, new byte[0]), draft);
        ledger.rebase(leader.head());
    }

    /** The ledger. */
    public Ledger ledger() {
        return ledger;
    }

    /** Whether each submission is put into a block at once; on at first. */
    public OneNode building(boolean on) {
        building = on;
        return this;
    }

    /** Whether a majority confirms reads; it does at first. */
    public OneNode majority(boolean there) {
        majority = there;
        return this;
    }

    /** Most transactions of one block. */
    public OneNode blockTransactions(int most) {
        blockTransactions = most;
        return this;
    }

    /** The leader's state. */
    public Version state() {
        return leader.head();
    }

    /** The follower's state. */
    public Version followed() {
        return follower.head();
    }

    /** Views that nobody has closed. */
    public int openViews() {
        return openViews;
    }

    /** What was dropped while building, by transaction id. */
    public Map<ByteBuffer, Rejection> dropped() {
        return Map.copyOf(dropped);
    }

    /** Builds and commits a block; null if there was nothing to execute. */
    public @Nullable LedgerBlock build() {
        Draft draft = leader.draft(leader.head());
        LedgerBlock block = ledger.build(new Budget(draft));
        if (block == null) {
            draft.discard();
            return null;
        }
        commit(block, draft);
        return block;
    }

    /** Builds a block and loses it with its leader. */
    public void buildAndLose() {
        Draft draft = leader.draft(leader.head());
        ledger.build(new Budget(draft));
        draft.discard();
        ledger.rebase(leader.head());
    }

    private void commit(LedgerBlock block, Draft draft) {
        draft.seal().close();
        Draft copy = follower.draft(follower.head());
        block.transactions().forEach(transaction -> copy.apply(parse(transaction.writes())));
        copy.apply(parse(block.writes()));
        copy.seal().close();
        height++;
        ledger.apply(block, height, leader.head());
        for (int i = 0; i < block.transactions().size(); i++) {
            settle(block.transactions().get(i).id(), new Outcome.Applied(height, i));
        }
    }

    private void settle(byte[] id, Outcome outcome) {
        CompletableFuture<Outcome> open = waiting.remove(ByteBuffer.wrap(id));
        if (open != null) {
            open.complete(outcome);
        }
    }

    private WriteSet parse(byte[] writes) {
        try {
            return WriteSet.parse(writes, ledger.maps());
        } catch (MalformedWriteSetException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public byte[] genesisDocument() {
        return new byte[0];
    }

    @Override
    public RpcSettings settings() {
        return settings;
    }

    @Override
    public InstantSource clock() {
        return () -> Instant.EPOCH;
    }

    @Override
    public View view(Caller caller) {
        openViews++;
        return new Window(caller, leader.leaseHead());
    }

    @Override
    public View linearizableView(Caller caller) {
        if (!majority) {
            throw new UnavailableException("no majority confirms the read");
        }
        return view(caller);
    }

    @Override
    public Ticket submit(Offer offer) {
        Verdict verdict = ledger.offer(offer, false, leader.head());
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        if (verdict instanceof Verdict.Rejected(Rejection reason)) {
            outcome.complete(new Outcome.Rejected(reason));
        } else {
            waiting.put(ByteBuffer.wrap(offer.id()), outcome);
        }
        if (building && ledger.hasWork()) {
            build();
        }
        return new Ticket(CompletableFuture.completedFuture(verdict), outcome);
    }

    @Override
    public CompletableFuture<byte[]> askLeader(byte[] question) {
        return CompletableFuture.completedFuture(ledger.answer(question, leader.head()));
    }

    @Override
    public <T> T compute(Callable<T> work) throws Exception {
        return work.call();
    }

    @Override
    public <T> T computeLong(Callable<T> work) throws Exception {
        return work.call();
    }

    private final class Budget implements BuildContext {
        private final Draft draft;
        private int count;

        Budget(Draft draft) {
            this.draft = draft;
        }

        @Override
        public Draft state() {
            return draft;
        }

        @Override
        public long timestampSeconds() {
            return 0;
        }

        @Override
        public byte[] randomness() {
            return new byte[32];
        }

        @Override
        public void executed(int sizeBytes) {
            count++;
        }

        @Override
        public boolean full() {
            return count >= blockTransactions;
        }

        @Override
        public boolean heartbeat() {
            return false;
        }

        @Override
        public void dropped(byte[] id, Rejection reason) {
            dropped.put(ByteBuffer.wrap(id), reason);
            settle(id, new Outcome.Rejected(reason));
        }
    }

    private final class Window implements View, History {
        private final Caller caller;
        private final Version version;

        Window(Caller caller, Version version) {
            this.caller = caller;
            this.version = version;
        }

        @Override
        public Caller caller() {
            return caller;
        }

        @Override
        public long height() {
            return height;
        }

        @Override
        public DigestReader state() {
            return version;
        }

        @Override
        public History history() {
            return this;
        }

        @Override
        public @Nullable LedgerBlock block(long at) {
            return null;
        }

        @Override
        public List<Position> find(int kind, byte[] key) {
            return List.of();
        }

        @Override
        public void close() {
            openViews--;
            version.close();
        }
    }
}
