package coco.ledgers.ethereum.rpc;

import coco.ledgers.api.BusyException;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.UnavailableException;
import coco.ledgers.api.View;
import coco.ledgers.ethereum.chain.ChainReader;
import coco.ledgers.ethereum.chain.Head;
import coco.ledgers.ethereum.chain.Sight;
import coco.ledgers.ethereum.chain.Sights;
import coco.ledgers.ethereum.chain.StateReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One request or message while it is answered: who asks, and the one view that all its calls share. One thread. */
final class Exchange implements AutoCloseable {
    private final LedgerContext context;
    private final Sights sights;
    private final Endpoint.Request request;
    private final SocketSession.@Nullable Turn turn;
    private final List<View> views = new ArrayList<>();
    private @Nullable ChainReader chain;
    private boolean sent;
    private boolean pending;
    private boolean overQuota;
    private boolean isNarrow;
    private final Instant came;
    private final long deadlineMillis;

    Exchange(LedgerContext context, Sights sights, Endpoint.Request request) {
        this(context, sights, request, null);
    }

    /** An exchange on a connection that stays open, if there is a turn. */
    Exchange(LedgerContext context, Sights sights, Endpoint.Request request, SocketSession.@Nullable Turn turn) {
        this.context = context;
        this.sights = sights;
        this.request = request;
        this.turn = turn;
        this.came = context.clock().instant();
        this.deadlineMillis = came.toEpochMilli() + context.settings().exchangeTimeoutMillis();
    }

    LedgerContext context() {
        return context;
    }

    Caller caller() {
        return request.caller();
    }

    /** Whether the client may make so many calls just now; if so, they are taken. */
    boolean mayCall(int calls) {
        overQuota = !request.quota().take(calls);
        return !overQuota;
    }

    /** Whether it made more calls than it might. */
    boolean isOverQuota() {
        return overQuota;
    }

    /** Where the connection stays open, what it can subscribe by; null for a request of HTTP. */
    SocketSession.@Nullable Turn turn() {
        return turn;
    }

    /** When it began, by the context's clock. */
    Instant came() {
        return came;
    }

    /** When all reads and simulated calls of this exchange have to be done, by the context's clock. */
    long deadlineMillis() {
        return deadlineMillis;
    }

    /** Whether that time is over. */
    boolean isLate() {
        return context.clock().millis() > deadlineMillis;
    }

    /** Ends a read whose exchange has used up its time. */
    void checkTime() throws RpcException {
        if (isLate()) {
            throw RpcException.requestTimedOut();
        }
    }

    /** Runs work that may take long where it holds up nobody's admission; not at all if it comes too late. */
    <T> T compute(Callable<T> work) throws RpcException {
        try {
            return context.computeLong(() -> {
                checkTime();
                return work.call();
            });
        } catch (RpcException e) {
            throw e;
        } catch (BusyException e) {
            throw new RpcException(Rejection.UNAVAILABLE, "busy, try again");
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (Exception e) {
            throw new LedgerException("a computation failed", e);
        }
    }

    /** Puts a question to the leader's pool, and waits no longer than this exchange may take. */
    byte[] askLeader(byte[] question) throws RpcException {
        long limit = Math.min(
                context.settings().callTimeoutMillis(),
                deadlineMillis - context.clock().millis());
        try {
            return context.askLeader(question).get(Math.max(0, limit), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new RpcException(Rejection.UNAVAILABLE, "no leader answers");
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (ExecutionException e) {
            throw RpcException.server(
                    e.getCause() instanceof LedgerException fault
                            ? String.valueOf(fault.getMessage())
                            : "no leader answers");
        }
    }

    /** Has the use of a grant committed before anything is answered. */
    void recordUse(Caller.Auditor auditor, String method, List<String> named) throws RpcException {
        try {
            context.recordUse(auditor, method, named);
        } catch (UnavailableException e) {
            throw new RpcException(Rejection.UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private static RpcException interrupted() {
        Thread.currentThread().interrupt();
        return new RpcException(Rejection.UNAVAILABLE, "shutting down");
    }

    /** The chain as the caller may see it, at one height for the whole exchange. */
    ChainReader chain() throws RpcException {
        if (chain == null) {
            chain = reader(open());
        }
        return chain;
    }

    /** Fixes the height at which this exchange reads, before it changes anything itself. */
    void look() {
        try {
            chain();
        } catch (RpcException unavailable) {
            // Whoever reads will be told.
            return;
        }
    }

    /** The chain as it is now: for what this exchange itself brought about. */
    ChainReader newestChain() throws RpcException {
        return reader(keep(context.view(request.caller())));
    }

    private ChainReader reader(View view) {
        Sight sight = sights.of(view);
        isNarrow |= !sight.isWhole();
        return new ChainReader(view, sight);
    }

    /** Whether something was read for a caller who does not see everything. */
    boolean isNarrow() {
        return isNarrow;
    }

    /** What the caller sees, by the view that all calls share. */
    Sight sight() throws RpcException {
        return chain().sight();
    }

    /**
     * Lets nobody pass who does not see the whole state. To everybody else the method does not exist, whatever they ask
     * by it.
     */
    void demandWholeSight(String method) throws RpcException {
        if (!sight().isWhole()) {
            throw RpcException.noSuchMethod(method);
        }
    }

    /** The block a tag means, or null if there is none. */
    ChainReader.@Nullable Block block(BlockTag tag) throws RpcException {
        return switch (tag) {
            case BlockTag.Named _ -> chain().newest();
            case BlockTag.Earliest _ -> chain().byNumber(0);
            case BlockTag.Numbered(long number) -> chain().byNumber(number);
            case BlockTag.Hashed(byte[] hash) -> chain().byHash(hash);
        };
    }

    /**
     * The state after the block that a tag means.
     *
     * @throws RpcException if there is no such block, or its state is no longer kept
     */
    StateAt at(BlockTag tag) throws RpcException {
        Head head = chain().head();
        boolean newest = tag instanceof BlockTag.Named
                || (tag instanceof BlockTag.Numbered(long number) && number == head.number())
                || (tag instanceof BlockTag.Hashed(byte[] hash) && Arrays.equals(hash, head.hash()));
        if (newest) {
            return new StateAt(head.header(), head.hash(), chain().state());
        }
        ChainReader.Block block = block(tag);
        if (block == null) {
            throw RpcException.headerNotFound();
        }
        return after(block);
    }

    /**
     * The state after a block.
     *
     * @throws RpcException if it is no longer kept
     */
    StateAt after(ChainReader.Block block) throws RpcException {
        StateReader state = chain().stateAfter(block);
        if (state == null) {
            throw RpcException.stateNotKept(block.header());
        }
        return new StateAt(block.header(), block.hash(), state);
    }

    /**
     * All accounts right before a block, for executing it again.
     *
     * @throws RpcException if that would show what the caller may not see, or the state is no longer kept
     */
    StateReader before(ChainReader.Block traced, ChainReader.Block parent) throws RpcException {
        if (!traced.isTraceable()) {
            throw RpcException.server("block is not traceable");
        }
        StateReader state = chain().stateBefore(traced, parent);
        if (state == null) {
            throw RpcException.stateNotKept(parent.header());
        }
        return state;
    }

    /** Notes what became of a transaction this exchange sent, for the header that says so. */
    void sent(boolean committed) {
        sent = true;
        pending |= !committed;
    }

    /** The value of the header Coco-Transaction-Status, if anything was sent. */
    @Nullable
    String transactionStatus() {
        return sent ? pending ? "pending" : "committed" : null;
    }

    private View open() throws RpcException {
        if (!request.linearizable()) {
            return keep(context.view(request.caller()));
        }
        try {
            return keep(context.linearizableView(request.caller()));
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private View keep(View view) {
        views.add(view);
        return view;
    }

    @Override
    public void close() {
        views.forEach(View::close);
        views.clear();
    }
}
