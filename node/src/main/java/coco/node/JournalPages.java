package coco.node;

import coco.core.Receipts;
import coco.core.TransactionStatus;
import coco.crypto.Hex;
import coco.journal.ConsistencyProof;
import coco.journal.Receipt;
import coco.journal.ReceiptCose;
import coco.journal.ReceiptJson;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint.Reply;
import coco.ledgers.api.LedgerException;
import coco.node.http.HttpRequest;
import coco.node.http.Route;
import coco.node.http.SocketRoute;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private final Semaphore permits = new Semaphore(NodeLimits.RECEIPTS_AT_ONCE);

    /**
     * @param receipts of the core
     * @param linearizable completes when this node has applied all that was acknowledged anywhere before
     * @param callers says who asks
     * @param shows whether a caller may know of a transaction
     * @param answersAnybody whether who gives no identity is told of transactions that are in no block: their ids are
     *     digests, in some ledgers of what can be guessed
     */
    JournalPages(
            Supplier<Receipts> receipts,
            Supplier<CompletableFuture<Void>> linearizable,
            SocketRoute.Callers callers,
            Shows shows,
            BooleanSupplier answersAnybody) {
        this.callers = callers;
        this.shows = shows;
        this.answersAnybody = answersAnybody;
        this.receipts = receipts;
        this.linearizable = linearizable;
    }

    List<Route> routes(Route.Access access) {
        return List.of(
                new Route("GET", "/journal/receipt/*", access, request -> bounded(request, this::receipt)),
                new Route("GET", "/journal/status/*", access, request -> bounded(request, this::status)),
                new Route("GET", "/journal/head", access, request -> bounded(request, this::head)),
                new Route("GET", "/journal/consistency", access, request -> bounded(request, this::consistency)));
    }

    /** Whether a caller may know of a committed transaction. */
    @FunctionalInterface
    interface Shows {
        boolean test(Caller caller, String ledger, byte[] transaction);
    }

    private interface Making {
        Reply of(HttpRequest request, Caller caller) throws InterruptedException, ExecutionException, TimeoutException;
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
        boolean isShown = place != null && shows.test(caller, place.ledger(), transaction);
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
                ? shows.test(caller, committed.ledger(), transaction)
                : !(caller instanceof Caller.Anonymous) || answersAnybody.getAsBoolean();
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
