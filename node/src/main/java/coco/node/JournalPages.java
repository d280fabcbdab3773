package coco.node;

import coco.core.Core;
import coco.core.Receipts;
import coco.core.TransactionStatus;
import coco.crypto.Hex;
import coco.journal.ConsistencyProof;
import coco.journal.Receipt;
import coco.journal.ReceiptCose;
import coco.journal.ReceiptJson;
import coco.ledgers.api.AnswerGrid;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint.Reply;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Offer;
import coco.node.http.HttpRequest;
import coco.node.http.Route;
import coco.node.http.SocketRoute;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Proofs of what is committed: {@code /journal/receipt/TRANSACTION}, {@code /journal/status/TRANSACTION}, {@code
 * /journal/head} and {@code /journal/consistency}. As open as transactions are: what a ledger does not show to a caller
 * is here as if it were not, and operators see no more than anybody. A receipt of another's transaction shows that it
 * committed, and digests.
 */
final class JournalPages {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String HEIGHT = "[0-9]{1,18}";

    private final Supplier<Receipts> receipts;
    private final Supplier<CompletableFuture<Void>> linearizable;
    private final SocketRoute.Callers callers;
    private final Shows shows;
    private final BooleanSupplier answersAnybody;
    private final AnswerGrid grid;
    private final Semaphore permits = new Semaphore(NodeLimits.RECEIPTS_AT_ONCE);

    /**
     * @param receipts of the core
     * @param linearizable completes when this node has applied all that was acknowledged anywhere before
     * @param callers says who asks
     * @param shows of which transactions a caller may know
     * @param answersAnybody whether who gives no identity is told of transactions that are in no block: their ids are
     *     digests, in some ledgers of what can be guessed
     * @param grid on which answers about transactions leave to who does not see everything
     */
    JournalPages(
            Supplier<Receipts> receipts,
            Supplier<CompletableFuture<Void>> linearizable,
            SocketRoute.Callers callers,
            Shows shows,
            BooleanSupplier answersAnybody,
            AnswerGrid grid) {
        this.callers = callers;
        this.shows = shows;
        this.answersAnybody = answersAnybody;
        this.grid = grid;
        this.receipts = receipts;
        this.linearizable = linearizable;
    }

    List<Route> routes(Route.Access access) {
        return List.of(
                new Route("GET", "/journal/receipt/*", access, request -> onGrid(request, this::receipt)),
                new Route("GET", "/journal/status/*", access, request -> onGrid(request, this::status)),
                new Route("GET", "/journal/head", access, request -> bounded(request, this::head)),
                new Route("GET", "/journal/consistency", access, request -> bounded(request, this::consistency)));
    }

    /** Of which transactions a caller may know. */
    interface Shows {
        /** Whether of a committed one. */
        boolean committed(Caller caller, String ledger, byte[] transaction);

        /** Whether of one that is in no block. */
        boolean waiting(Caller caller, Offer offer);

        /** Whether of all, and of all else that there is. */
        boolean everything(Caller caller);

        /** As the ledgers of a core say. */
        static Shows of(Core core) {
            return new Shows() {
                @Override
                public boolean committed(Caller caller, String ledger, byte[] transaction) {
                    return core.shows(caller, ledger, transaction);
                }

                @Override
                public boolean waiting(Caller caller, Offer offer) {
                    return core.showsWaiting(caller, offer);
                }

                @Override
                public boolean everything(Caller caller) {
                    return core.showsAll(caller);
                }
            };
        }
    }

    private interface Making {
        Reply of(HttpRequest request, Caller caller) throws InterruptedException, ExecutionException, TimeoutException;
    }

    /**
     * Answers who does not see everything on the grid: a transaction that is hidden is looked up, its block perhaps
     * read, and its rules asked, before it is as if it were not there.
     */
    private Reply onGrid(HttpRequest request, Making making) throws InterruptedException, ExecutionException {
        Instant came = grid.came();
        AtomicBoolean isNarrow = new AtomicBoolean();
        Reply reply = bounded(request, (asked, caller) -> {
            isNarrow.set(!shows.everything(caller));
            return making.of(asked, caller);
        });
        if (isNarrow.get()) {
            grid.await(came);
        }
        return reply;
    }

    /** One at a time for each permit: each may decrypt a block. */
    private Reply bounded(HttpRequest request, Making making) throws InterruptedException, ExecutionException {
        if (!permits.tryAcquire(NodeLimits.RECEIPT_WAIT_MILLIS, TimeUnit.MILLISECONDS)) {
            return error(503, "too many receipts are being made");
        }
        try {
            if (request.linearizable()) {
                linearizable.get().get(NodeLimits.RECEIPT_WAIT_MILLIS, TimeUnit.MILLISECONDS);
            }
            return switch (callers.of(request.credentials())) {
                case SocketRoute.Refused(Reply reply) -> reply;
                case SocketRoute.Admitted admitted -> making.of(request, admitted.caller());
            };
        } catch (LedgerException e) {
            return error(503, String.valueOf(e.getMessage()));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LedgerException unavailable) {
                return error(503, String.valueOf(unavailable.getMessage()));
            }
            throw e;
        } catch (TimeoutException e) {
            return error(503, "no answer in time");
        } finally {
            permits.release();
        }
    }

    private Reply receipt(HttpRequest request, Caller caller) {
        byte[] transaction = transaction(request.rest());
        String form = request.query().getOrDefault("form", "json");
        if (transaction == null || !(form.equals("json") || form.equals("cose"))) {
            return transaction == null ? malformed() : error(400, "form must be json or cose");
        }
        TransactionStatus.Committed place = receipts.get().find(transaction);
        boolean isShown = place != null && shows.committed(caller, place.ledger(), transaction);
        Receipt receipt = isShown ? receipts.get().receipt(transaction) : null;
        if (receipt == null) {
            return error(404, "no block that this node has applied holds this transaction");
        }
        return form.equals("json")
                ? Reply.json(ReceiptJson.encode(receipt))
                : new Reply(200, ReceiptCose.MEDIA_TYPE, ReceiptCose.encode(receipt), Map.of());
    }

    private Reply status(HttpRequest request, Caller caller)
            throws InterruptedException, ExecutionException, TimeoutException {
        byte[] transaction = transaction(request.rest());
        if (transaction == null) {
            return malformed();
        }
        TransactionStatus.Remembered remembered =
                receipts.get().remembered(transaction).get(NodeLimits.RECEIPT_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        TransactionStatus status = receipts.get().status(transaction, remembered);
        boolean isShown = status instanceof TransactionStatus.Committed committed
                ? shows.committed(caller, committed.ledger(), transaction)
                : showsWaiting(caller, remembered.offer());
        if (!isShown) {
            status = new TransactionStatus.Unknown(receipts.get().height());
        }
        ObjectNode json = JSON.createObjectNode()
                .put("transaction", Hex.encode(transaction))
                .put("status", status.word());
        switch (status) {
            case TransactionStatus.Committed committed ->
                json.put("ledger", committed.ledger())
                        .put("height", committed.height())
                        .put("ordinal", committed.ordinal());
            case TransactionStatus.Pending pending -> {}
            case TransactionStatus.Invalid invalid ->
                json.put("height", invalid.height())
                        .put("code", invalid.reason().code())
                        .put("reason", invalid.reason().message());
            case TransactionStatus.Unknown unknown -> json.put("height", unknown.height());
        }
        return json(200, json);
    }

    /** One that is in no block, or nowhere at all. */
    private boolean showsWaiting(Caller caller, @Nullable Offer offer) {
        boolean isAnswered = !(caller instanceof Caller.Anonymous) || answersAnybody.getAsBoolean();
        return isAnswered && offer != null && shows.waiting(caller, offer);
    }

    private Reply head(HttpRequest request, Caller caller) {
        return Reply.json(ReceiptJson.encode(receipts.get().head()));
    }

    private Reply consistency(HttpRequest request, Caller caller) {
        String from = request.query().getOrDefault("from", "");
        String to = request.query().getOrDefault("to", "");
        if (!from.matches(HEIGHT) || !to.matches(HEIGHT)) {
            return error(400, "from and to must be heights");
        }
        ConsistencyProof proof = receipts.get().consistency(Long.parseLong(from), Long.parseLong(to));
        return proof == null
                ? error(404, "from must be below to, and to an applied block of the newest generation")
                : Reply.json(ReceiptJson.encode(proof));
    }

    private static byte @Nullable [] transaction(String text) {
        String digits = text.startsWith("0x") ? text.substring(2) : text;
        return digits.matches("[0-9a-fA-F]{64}") ? Hex.decode(digits) : null;
    }

    private static Reply malformed() {
        return error(400, "a transaction is named by 32 bytes in hexadecimal");
    }

    private static Reply error(int status, String words) {
        return json(status, JSON.createObjectNode().put("error", words));
    }

    private static Reply json(int status, ObjectNode body) {
        return new Reply(status, "application/json", JSON.writeValueAsBytes(body), Map.of());
    }
}
