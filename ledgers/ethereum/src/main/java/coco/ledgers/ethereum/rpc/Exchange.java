package coco.ledgers.ethereum.rpc;

import coco.evm.types.Word;
import coco.ledgers.api.BusyException;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.View;
import coco.ledgers.ethereum.chain.ChainReader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One HTTP request while it is answered: who asks, and the one view that all its calls share. One thread. */
final class Exchange implements AutoCloseable {
    private final LedgerContext context;
    private final Endpoint.Request request;
    private final List<View> views = new ArrayList<>();
    private @Nullable ChainReader chain;
    private boolean sent;
    private boolean pending;
    private final long deadlineMillis;

    Exchange(LedgerContext context, Endpoint.Request request) {
        this.context = context;
        this.request = request;
        this.deadlineMillis = context.clock().millis() + context.settings().exchangeTimeoutMillis();
    }

    LedgerContext context() {
        return context;
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

    private static RpcException interrupted() {
        Thread.currentThread().interrupt();
        return new RpcException(Rejection.UNAVAILABLE, "shutting down");
    }

    /** The chain as the caller may see it, at one height for the whole exchange. */
    ChainReader chain() throws RpcException {
        if (chain == null) {
            chain = new ChainReader(open());
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
        return new ChainReader(keep(context.view(request.caller())));
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

    /** Demands that a tag means the newest block, whose state is the only one there is. */
    void requireNewest(BlockTag tag) throws RpcException {
        if (tag instanceof BlockTag.Named) {
            return;
        }
        if (tag instanceof BlockTag.Numbered(long number)
                && number == chain().head().number()) {
            return;
        }
        ChainReader.Block block = block(tag);
        if (block == null) {
            throw RpcException.headerNotFound();
        }
        if (block.header().number() != chain().head().number()) {
            throw RpcException.oldState(Word.of(block.header().number()));
        }
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
