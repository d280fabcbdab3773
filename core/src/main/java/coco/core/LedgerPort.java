package coco.core;

import coco.kv.DigestReader;
import coco.kv.Version;
import coco.ledgers.api.AccessSettings;
import coco.ledgers.api.BusyException;
import coco.ledgers.api.Caller;
import coco.ledgers.api.History;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Offer;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.UnavailableException;
import coco.ledgers.api.View;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What one ledger sees of the core. Made before the core is, and {@link #connect connected} to it. */
final class LedgerPort implements LedgerContext {
    private final String ledger;
    private final int ordinal;
    private final byte[] document;
    private final RpcSettings settings;
    private final InstantSource clock;
    private final ComputePools compute;
    private final Heads heads;
    private final StateHistory states;
    private final Administration administration;
    private volatile @Nullable Connection connection;

    private record Connection(Replica replica, Archive archive) {}

    /** @param ordinal the ledger's place in the list of ledgers, which separates its index keys from others' */
    LedgerPort(
            String ledger,
            int ordinal,
            byte[] document,
            RpcSettings settings,
            InstantSource clock,
            ComputePools compute,
            Heads heads,
            StateHistory states,
            Administration administration) {
        this.ledger = ledger;
        this.ordinal = ordinal;
        this.document = document.clone();
        this.settings = settings;
        this.clock = clock;
        this.compute = compute;
        this.heads = heads;
        this.states = states;
        this.administration = administration;
    }

    void connect(Replica replica, Archive archive) {
        connection = new Connection(replica, archive);
    }

    private Connection connected() {
        Connection current = connection;
        if (current == null) {
            throw new LedgerException("the node is starting");
        }
        return current;
    }

    @Override
    public byte[] genesisDocument() {
        return document.clone();
    }

    @Override
    public RpcSettings settings() {
        return settings;
    }

    @Override
    public AccessSettings access() {
        return heads.newest().access();
    }

    @Override
    public InstantSource clock() {
        return clock;
    }

    @Override
    public View view(Caller caller) {
        return new CommittedView(caller, heads.lease(), connected().archive());
    }

    @Override
    public View linearizableView(Caller caller) throws InterruptedException {
        try {
            connected().replica().linearizable().get(settings.callTimeoutMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new UnavailableException("no majority confirms the read");
        }
        return view(caller);
    }

    @Override
    public Ticket submit(Offer offer) {
        return connected().replica().submit(offer);
    }

    @Override
    public CompletableFuture<byte[]> askLeader(byte[] question) {
        return connected().replica().ask(ledger, question);
    }

    @Override
    public void recordUse(Caller.Auditor auditor, String kind, List<String> names) {
        administration.recordUse(auditor, ledger, kind, names);
    }

    @Override
    public <T> T compute(Callable<T> work) throws Exception {
        return run(compute.admission(), work);
    }

    @Override
    public <T> T computeLong(Callable<T> work) throws Exception {
        return run(compute.reading(), work);
    }

    @Override
    public Runnable background(Runnable work) {
        return new WakeableTask(compute.tasks(), work);
    }

    private static <T> T run(ExecutorService pool, Callable<T> work) throws Exception {
        Future<T> result;
        try {
            result = pool.submit(work);
        } catch (RejectedExecutionException e) {
            throw new BusyException();
        }
        try {
            return result.get();
        } catch (InterruptedException e) {
            result.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    /** Committed state and history as every caller may see them: access rules narrow this. */
    private final class CommittedView implements View, History {
        private final Caller caller;
        private final Heads.Head head;
        private final Archive archive;
        /** By height, leased until this view is closed. */
        private final Map<Long, Version> earlier = new HashMap<>();

        private boolean closed;

        CommittedView(Caller caller, Heads.Head head, Archive archive) {
            this.caller = caller;
            this.head = head;
            this.archive = archive;
        }

        @Override
        public Caller caller() {
            return caller;
        }

        @Override
        public long height() {
            return head.height();
        }

        @Override
        public DigestReader state() {
            return head.version();
        }

        @Override
        public synchronized @Nullable DigestReader state(long height) {
            if (closed) {
                // What it would lease now nobody would give back.
                throw new IllegalStateException("the view is closed");
            }
            if (height >= head.height()) {
                return height == head.height() ? head.version() : null;
            }
            Version version = earlier.get(height);
            if (version == null) {
                version = states.lease(height);
                if (version != null) {
                    earlier.put(height, version);
                }
            }
            return version;
        }

        @Override
        public AccessSettings access() {
            return head.access();
        }

        @Override
        public History history() {
            return this;
        }

        @Override
        public @Nullable LedgerBlock block(long height) {
            return height < 0 || height > head.height() ? null : archive.block(ledger, height);
        }

        @Override
        public List<Position> find(int kind, byte[] key) {
            return archive.find(ordinal, kind, key, head.height());
        }

        @Override
        public List<Position> find(int kind, byte[] key, long fromHeight, long toHeight, int limit) {
            return archive.find(ordinal, kind, key, fromHeight, Math.min(toHeight, head.height()), limit);
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                head.version().close();
                earlier.values().forEach(Version::close);
            }
        }
    }
}
