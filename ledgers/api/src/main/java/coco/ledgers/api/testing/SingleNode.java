package coco.ledgers.api.testing;

import coco.kv.DigestReader;
import coco.kv.Draft;
import coco.kv.MalformedWriteSetException;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreLimits;
import coco.kv.Version;
import coco.kv.WriteSet;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.BuildContext;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.Enrolment;
import coco.ledgers.api.History;
import coco.ledgers.api.HistoryImport;
import coco.ledgers.api.IndexKey;
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
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A ledger on a network of one: offers are judged at once, and every block is committed as soon as it is built. A
 * second store plays the follower: it gets the recorded writes only, and every block's claims are compared with it.
 */
public final class SingleNode implements LedgerContext {
    private final byte[] genesis;
    private final Ledger ledger;
    private final Store leader;
    private final Store follower;
    private final List<LedgerBlock> blocks = new ArrayList<>();
    private final List<Version> versions = new ArrayList<>();
    private final Map<String, List<History.Position>> index = new HashMap<>();
    private final Map<String, CompletableFuture<Outcome>> waiting = new HashMap<>();
    private final Map<String, Rejection> dropped = new HashMap<>();
    private Instant now = Instant.ofEpochSecond(1_800_000_000L);
    private RpcSettings settings = RpcSettings.DEFAULTS;
    private AccessSettings access = AccessSettings.OPEN;
    private boolean mining = true;
    private int maxTransactions = 1_000;
    private boolean heartbeat;
    private long readMillis;
    private long clockMillis;
    private boolean alone;
    private long stateBlocks = Long.MAX_VALUE;
    private int blocksRead;
    private final List<Runnable> held = new ArrayList<>();
    private boolean backgroundRuns = true;
    private final Set<String> uses = new LinkedHashSet<>();
    private boolean recording = true;
    private int openViews;
    private int shortWork;
    private int longWork;

    /** A network that starts with this genesis document. */
    public SingleNode(LedgerFactory factory, String genesisDocument) {
        this.genesis = genesisDocument.getBytes(StandardCharsets.UTF_8);
        this.ledger = factory.create(this);
        List<MapSpec> maps = new ArrayList<>(ledger.maps());
        if (!maps.contains(Enrolment.MAP)) {
            maps.add(Enrolment.MAP);
        }
        this.leader = new Store(maps, StoreLimits.DEFAULT);
        this.follower = new Store(maps, StoreLimits.DEFAULT);
        Draft draft = leader.draft(leader.head());
        LedgerBlock first = ledger.genesis(draft, genesis);
        commit(first, draft);
        ledger.rebase(leader.head());
    }

    /** Lets the network begin with another one's history; before anything is submitted. */
    public SingleNode importHistory(InputStream history) {
        HistoryImport importer = ledger.importer(history);
        while (true) {
            Draft draft = leader.draft(leader.head());
            LedgerBlock block;
            try {
                block = importer.next(draft);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (block == null) {
                draft.discard();
                ledger.rebase(leader.head());
                return this;
            }
            commit(block, draft);
        }
    }

    /** The ledger itself. */
    public Ledger ledger() {
        return ledger;
    }

    /** Whether a submitted transaction is put into a block at once; on at first. */
    public SingleNode mining(boolean on) {
        mining = on;
        return this;
    }

    /** Settings of requests from now on. */
    public SingleNode settings(RpcSettings changed) {
        settings = changed;
        return this;
    }

    /** Who may see and send what from now on; nothing is restricted at first. */
    public SingleNode access(AccessSettings changed) {
        access = changed;
        return this;
    }

    /** Most transactions of one block. */
    public SingleNode maxTransactions(int changed) {
        maxTransactions = changed;
        return this;
    }

    /** Whether blocks are asked for even if there is nothing to execute; off at first. */
    public SingleNode heartbeat(boolean on) {
        heartbeat = on;
        return this;
    }

    /** Whether background work runs as soon as it is asked for; what was held back runs when it is let go. */
    public SingleNode background(boolean runs) {
        backgroundRuns = runs;
        if (runs) {
            List<Runnable> waiting = List.copyOf(held);
            held.clear();
            waiting.forEach(Runnable::run);
        }
        return this;
    }

    /** Lets time pass. */
    public void advance(long seconds) {
        now = now.plusSeconds(seconds);
    }

    /** What reading a block of the history takes, by the node's clock. */
    public SingleNode readMillis(long millis) {
        readMillis = millis;
        return this;
    }

    /** By how much the clock goes on whenever somebody looks at it. */
    public SingleNode clockMillis(long millis) {
        clockMillis = millis;
        return this;
    }

    /** Whether this node has lost the others: no majority confirms reads, and no leader answers questions. */
    public SingleNode alone(boolean lost) {
        alone = lost;
        return this;
    }

    /** Of how many blocks the state is kept, the newest included; of all at first. */
    public SingleNode stateBlocks(long kept) {
        stateBlocks = kept;
        return this;
    }

    /** How many blocks were read from the history. */
    public int blocksRead() {
        return blocksRead;
    }

    /** Views that nobody has closed. */
    public int openViews() {
        return openViews;
    }

    /** What auditors asked for by their grants, each question once, as {@code grant kind [names]}. */
    public List<String> uses() {
        return List.copyOf(uses);
    }

    /** Whether uses of grants can be recorded; they can at first. */
    public SingleNode recording(boolean on) {
        recording = on;
        return this;
    }

    /** How often work was given to the processors for admission. */
    public int shortWork() {
        return shortWork;
    }

    /** How often work was given to the processors for calls and scans. */
    public int longWork() {
        return longWork;
    }

    /** All blocks, the first one's height being 0. */
    public List<LedgerBlock> blocks() {
        return List.copyOf(blocks);
    }

    /** The leader's state. */
    public Version state() {
        return leader.head();
    }

    /** The follower's state: what the recorded writes alone give. */
    public Version followed() {
        return follower.head();
    }

    /** Why transactions were dropped while building, by hash. */
    public Map<String, Rejection> dropped() {
        return Map.copyOf(dropped);
    }

    /** Sends a body to the ledger's first endpoint. */
    public Endpoint.Reply post(byte[] body) {
        return post(body, false);
    }

    /** The same, perhaps with a demand for linearizable reads. */
    public Endpoint.Reply post(byte[] body, boolean linearizable) {
        try {
            return ledger.endpoints()
                    .getFirst()
                    .handler()
                    .handle(new Endpoint.Request(Caller.ANONYMOUS, "", Map.of(), body, linearizable));
        } catch (Exception e) {
            throw new AssertionError("a handler threw", e);
        }
    }

    /** Builds and commits one block; null if there was nothing to execute. */
    public @Nullable LedgerBlock mine() {
        Draft draft = leader.draft(leader.head());
        LedgerBlock block = ledger.build(new Budget(draft));
        if (block == null) {
            draft.discard();
            return null;
        }
        commit(block, draft);
        return block;
    }

    /**
     * Enrols an address as a user, or takes that back. No block holds it: the leader knows it at once, views from the
     * next block on.
     *
     * @param enrolment null: it is none any more
     */
    public SingleNode enrol(byte[] address, @Nullable Enrolment enrolment) {
        byte[] key = Enrolment.key(ledger.id(), address);
        for (Store store : List.of(leader, follower)) {
            Draft draft = store.draft(store.head());
            if (enrolment == null) {
                draft.remove(Enrolment.MAP, key);
            } else {
                draft.put(Enrolment.MAP, key, enrolment.bytes());
            }
            draft.seal().close();
        }
        return this;
    }

    /** Builds a block and throws it away, as if leadership were lost. */
    public @Nullable LedgerBlock mineAndLose() {
        Draft draft = leader.draft(leader.head());
        LedgerBlock block = ledger.build(new Budget(draft));
        draft.discard();
        ledger.rebase(leader.head());
        return block;
    }

    private void commit(LedgerBlock block, Draft draft) {
        versions.add(draft.seal());
        Draft copy = follower.draft(follower.head());
        if (block.publicWrites().length > 0) {
            copy.apply(parse(block.publicWrites()));
        }
        block.transactions().forEach(transaction -> copy.apply(parse(transaction.writes())));
        copy.apply(parse(block.writes()));
        copy.seal().close();
        for (MapSpec map : ledger.maps()) {
            if (map.digest() != null
                    && !Arrays.equals(leader.head().digest(map), follower.head().digest(map))) {
                throw new AssertionError("leader and follower differ in " + map.name());
            }
        }
        String difference = ledger.audit(block, follower.head());
        if (difference != null) {
            throw new AssertionError(difference);
        }
        long height = blocks.size();
        blocks.add(block);
        for (IndexKey key : ledger.apply(block, height, leader.head())) {
            index.computeIfAbsent(key.kind() + HexFormat.of().formatHex(key.key()), name -> new ArrayList<>())
                    .addFirst(new History.Position(height, key.ordinal()));
        }
        for (int i = 0; i < block.transactions().size(); i++) {
            CompletableFuture<Outcome> outcome = waiting.remove(
                    HexFormat.of().formatHex(block.transactions().get(i).id()));
            if (outcome != null) {
                outcome.complete(new Outcome.Applied(height, i));
            }
        }
        ledger.published(height);
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
        return genesis;
    }

    @Override
    public RpcSettings settings() {
        return settings;
    }

    @Override
    public AccessSettings access() {
        return access;
    }

    @Override
    public InstantSource clock() {
        return () -> {
            now = now.plusMillis(clockMillis);
            return now;
        };
    }

    @Override
    public View view(Caller caller) {
        openViews++;
        return new Window(caller, blocks.size() - 1L);
    }

    @Override
    public View linearizableView(Caller caller) {
        if (alone) {
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
            waiting.put(HexFormat.of().formatHex(offer.id()), outcome);
        }
        if (mining && ledger.hasWork()) {
            mine();
        }
        return new Ticket(CompletableFuture.completedFuture(verdict), outcome);
    }

    @Override
    public CompletableFuture<byte[]> askLeader(byte[] question) {
        return alone
                ? new CompletableFuture<>()
                : CompletableFuture.completedFuture(ledger.answer(question, leader.head()));
    }

    @Override
    public void recordUse(Caller.Auditor auditor, String kind, List<String> names) {
        if (!recording) {
            throw new UnavailableException("the use of a grant cannot be recorded");
        }
        uses.add(auditor.grant() + " " + kind + " " + names);
    }

    @Override
    public <T> T compute(Callable<T> work) throws Exception {
        shortWork++;
        return work.call();
    }

    @Override
    public <T> T computeLong(Callable<T> work) throws Exception {
        longWork++;
        return work.call();
    }

    @Override
    public Runnable background(Runnable work) {
        return () -> {
            if (backgroundRuns) {
                work.run();
            } else {
                held.add(work);
            }
        };
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
        public AccessSettings access() {
            return access;
        }

        @Override
        public long height() {
            return blocks.size();
        }

        @Override
        public long timestampSeconds() {
            return now.getEpochSecond();
        }

        @Override
        public byte[] randomness() {
            return ByteBuffer.allocate(32).putInt(28, blocks.size()).array();
        }

        @Override
        public boolean heartbeat() {
            return heartbeat;
        }

        @Override
        public void executed(int sizeBytes) {
            count++;
        }

        @Override
        public boolean full() {
            return count >= maxTransactions;
        }

        @Override
        public void dropped(byte[] id, Rejection reason) {
            dropped.put(HexFormat.of().formatHex(id), reason);
            CompletableFuture<Outcome> outcome = waiting.remove(HexFormat.of().formatHex(id));
            if (outcome != null) {
                outcome.complete(new Outcome.Rejected(reason));
            }
        }
    }

    private final class Window implements View, History {
        private final Caller caller;
        private final Version version;
        private final long height;
        private boolean closed;

        Window(Caller caller, long height) {
            this.caller = caller;
            this.version = versions.get((int) height).lease();
            this.height = height;
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
        public @Nullable DigestReader state(long at) {
            return at < 0 || at > height || at <= height - stateBlocks ? null : versions.get((int) at);
        }

        @Override
        public AccessSettings access() {
            return access;
        }

        @Override
        public History history() {
            return this;
        }

        @Override
        public @Nullable LedgerBlock block(long at) {
            blocksRead++;
            now = now.plusMillis(readMillis);
            return at <= height && at >= 0 ? blocks.get((int) at) : null;
        }

        @Override
        public List<History.Position> find(int kind, byte[] key) {
            return index.getOrDefault(kind + HexFormat.of().formatHex(key), List.of());
        }

        @Override
        public List<History.Position> find(int kind, byte[] key, long fromHeight, long toHeight, int limit) {
            List<History.Position> found = new ArrayList<>();
            for (History.Position position : find(kind, key).reversed()) {
                boolean full = found.size() >= limit && found.getLast().height() != position.height();
                if (position.height() >= fromHeight && position.height() <= Math.min(toHeight, height) && !full) {
                    found.add(position);
                }
            }
            return found;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                openViews--;
                version.close();
            }
        }
    }
}
