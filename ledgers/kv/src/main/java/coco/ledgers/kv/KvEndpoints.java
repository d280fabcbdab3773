package coco.ledgers.kv;

import coco.kv.Cursor;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Outcome;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.Ticket;
import coco.ledgers.api.Verdict;
import coco.ledgers.api.View;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The ledger's HTTP routes. Keys are UTF-8 text in the path, values are the body's bytes.
 *
 * <pre>
 * GET    /kv/KEY             the value, or 404
 * PUT    /kv/KEY[?id=ID]     puts the body under the key
 * DELETE /kv/KEY[?id=ID]     removes the key
 * GET    /kv?prefix=P        {"entries": [{"key", "value" (hex)}], "more": bool}
 * POST   /kv                 [{"id"?, "key", "value"?: text}]: many at once
 * </pre>
 *
 * Writes answer 200 once committed ({@code "status": "committed"}), 202 while that is not known, else what is wrong.
 * The header {@code Coco-Transaction-Status} says {@code committed} only if every write of the request is; it is
 * missing if one was refused. A write without an id gets a random one: a client that repeats it after a lost answer
 * executes it twice, so clients that repeat name their requests. The id of another request is refused with 422.
 *
 * <p>Who may is {@link KvRights}'s: 401 for who has to sign in, 403 for who may not; a key that the caller may not read
 * is answered as one that is not there.
 */
final class KvEndpoints {
    private static final Map<String, String> COMMITTED = Map.of("Coco-Transaction-Status", "committed");
    private static final Map<String, String> PENDING = Map.of("Coco-Transaction-Status", "pending");

    private final LedgerContext context;
    private final ObjectMapper json;

    KvEndpoints(LedgerContext context) {
        this.context = context;
        this.json = JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(context.settings().maxNesting())
                                .build())
                        .build())
                .build();
    }

    List<Endpoint> all() {
        return List.of(
                new Endpoint("GET", "/kv/*", this::get),
                new Endpoint("PUT", "/kv/*", request -> write(request, request.body())),
                new Endpoint("DELETE", "/kv/*", request -> write(request, null)),
                new Endpoint("GET", "/kv", this::list),
                new Endpoint("POST", "/kv", this::writeMany));
    }

    /** What the caller may see; an auditor's use of its grant is recorded first. */
    private View view(Endpoint.Request request, String kind, List<String> keys) throws InterruptedException {
        Caller caller = request.caller();
        if (caller instanceof Caller.Auditor auditor) {
            context.recordUse(auditor, kind, keys);
        }
        return request.linearizable() ? context.linearizableView(caller) : context.view(caller);
    }

    private Endpoint.Reply get(Endpoint.Request request) throws Exception {
        byte[] key = request.rest().getBytes(StandardCharsets.UTF_8);
        if (key.length == 0 || key.length > KvLimits.KEY_BYTES) {
            return error(400, "a key has 1 to " + KvLimits.KEY_BYTES + " bytes");
        }
        try (View view = view(request, "get", List.of(KvRights.name(key)))) {
            KvRights rights = KvRights.of(view);
            if (rights.blindness() != null) {
                return refused(rights.otherwise());
            }
            byte[] value = rights.reads().hold(key) ? view.state().get(KvLedger.DATA, key) : null;
            return value == null
                    ? error(404, "no such key")
                    : new Endpoint.Reply(200, "application/octet-stream", value, Map.of());
        }
    }

    private Endpoint.Reply list(Endpoint.Request request) throws Exception {
        byte[] prefix = request.query().getOrDefault("prefix", "").getBytes(StandardCharsets.UTF_8);
        if (prefix.length > KvLimits.KEY_BYTES) {
            return error(400, "a prefix has at most " + KvLimits.KEY_BYTES + " bytes");
        }
        ObjectNode reply = json.createObjectNode();
        ArrayNode entries = reply.putArray("entries");
        try (View view = view(request, "list", List.of())) {
            KvRights rights = KvRights.of(view);
            if (rights.blindness() != null) {
                return refused(rights.otherwise());
            }
            reply.put("more", list(view, rights.reads(), prefix, entries));
        }
        return Endpoint.Reply.json(json.writeValueAsBytes(reply));
    }

    /** Looks at what the caller may see and at nothing else, so that what it may not costs it no time either. */
    private static boolean list(View view, KvRights.Keys keys, byte[] prefix, ArrayNode entries) {
        byte[] from = prefix;
        if (keys instanceof KvRights.Keys.Named(SortedSet<String> names)) {
            for (String name : names) {
                byte[] key = HexFormat.of().parseHex(name);
                byte[] value = startsWith(key, prefix) ? view.state().get(KvLedger.DATA, key) : null;
                if (value != null) {
                    add(entries, key, value);
                }
            }
            return false;
        }
        if (keys instanceof KvRights.Keys.OwnedBy(String own)) {
            byte[] first = own.getBytes(StandardCharsets.UTF_8);
            if (startsWith(first, prefix)) {
                from = first;
            } else if (!startsWith(prefix, first)) {
                return false;
            }
        }
        Cursor cursor = view.state().scanPrefix(KvLedger.DATA, from);
        boolean more = cursor.next();
        while (more && entries.size() < KvLimits.LISTED) {
            add(entries, cursor.key(), cursor.value());
            more = cursor.next();
        }
        return more;
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static void add(ArrayNode entries, byte[] key, byte[] value) {
        entries.addObject()
                .put("key", new String(key, StandardCharsets.UTF_8))
                .put("value", HexFormat.of().formatHex(value));
    }

    /** Why the caller may not make these changes, by this node's newest state; null if it may. */
    private KvRights.@Nullable Refusal objection(Caller caller, List<KvTransaction> transactions) {
        if (KvRights.isEverybodys(context.access()) && caller instanceof Caller.Anonymous) {
            return null;
        }
        try (View view = context.view(caller)) {
            KvRights rights = KvRights.of(view);
            boolean may = !(rights.writes() instanceof KvRights.Keys.None)
                    && transactions.stream().allMatch(each -> rights.writes().hold(each.key()));
            return may ? null : rights.otherwise();
        }
    }

    private Endpoint.Reply refused(KvRights.Refusal refusal) {
        Endpoint.Reply reply = error(refusal.status(), refusal.message());
        return refusal.status() == 401
                ? new Endpoint.Reply(
                        reply.status(), reply.contentType(), reply.body(), Map.of("WWW-Authenticate", "Bearer"))
                : reply;
    }

    private Endpoint.Reply write(Endpoint.Request request, byte @Nullable [] value) throws Exception {
        KvTransaction transaction;
        try {
            transaction = KvTransaction.ofClient(
                    request.query().getOrDefault("id", UUID.randomUUID().toString()),
                    request.rest().getBytes(StandardCharsets.UTF_8),
                    value);
        } catch (IllegalArgumentException e) {
            return error(400, String.valueOf(e.getMessage()));
        }
        KvRights.Refusal objection = objection(request.caller(), List.of(transaction));
        if (objection != null) {
            return refused(objection);
        }
        Result result = await(request.caller(), List.of(transaction)).getFirst();
        return new Endpoint.Reply(
                result.status(),
                "application/json",
                json.writeValueAsBytes(result.describe(json, transaction)),
                header(List.of(result)));
    }

    private Endpoint.Reply writeMany(Endpoint.Request request) throws Exception {
        List<KvTransaction> transactions = new ArrayList<>();
        try {
            JsonNode body = json.readTree(request.body());
            if (!body.isArray() || body.size() > context.settings().maxBatch()) {
                return error(
                        400,
                        "expected an array of at most " + context.settings().maxBatch() + " puts");
            }
            for (JsonNode put : body) {
                transactions.add(parse(put));
            }
        } catch (JacksonException e) {
            return error(400, "the body is not JSON");
        } catch (IllegalArgumentException e) {
            return error(400, String.valueOf(e.getMessage()));
        }
        KvRights.Refusal objection = objection(request.caller(), transactions);
        if (objection != null) {
            return refused(objection);
        }
        List<Result> results = await(request.caller(), transactions);
        ArrayNode reply = json.createArrayNode();
        for (int i = 0; i < results.size(); i++) {
            reply.add(results.get(i).describe(json, transactions.get(i)));
        }
        return new Endpoint.Reply(200, "application/json", json.writeValueAsBytes(reply), header(results));
    }

    /** What may be said of the whole request: committed if all of it is, pending if some of it may yet be. */
    private static Map<String, String> header(List<Result> results) {
        if (results.stream().anyMatch(result -> result.status() == 202)) {
            return PENDING;
        }
        boolean all = !results.isEmpty() && results.stream().allMatch(result -> result.status() == 200);
        return all ? COMMITTED : Map.of();
    }

    private static KvTransaction parse(JsonNode put) {
        JsonNode key = put.get("key");
        JsonNode value = put.get("value");
        JsonNode id = put.get("id");
        if (key == null || !key.isString() || (value != null && !value.isString()) || (id != null && !id.isString())) {
            throw new IllegalArgumentException("each put has a text \"key\", and may have a text \"value\" and \"id\"");
        }
        return KvTransaction.ofClient(
                id == null ? UUID.randomUUID().toString() : id.stringValue(),
                KvText.bytes(key.stringValue()),
                value == null ? null : KvText.bytes(value.stringValue()));
    }

    private Ticket submit(KvTransaction transaction) {
        return context.submit(new Offer(KvLedger.ID, transaction.id(), transaction.encode()));
    }

    /** Submits all and waits for them together, no longer than for one. */
    private List<Result> await(Caller caller, List<KvTransaction> transactions) throws InterruptedException {
        List<Ticket> tickets = transactions.stream().map(this::submit).toList();
        boolean committed = context.settings().sendReply() == RpcSettings.SendReply.COMMITTED;
        CompletableFuture<?>[] awaited = tickets.stream()
                .map(ticket -> committed ? ticket.outcome() : ticket.verdict())
                .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(awaited).get(context.settings().replyTimeoutMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException stillOpen) {
            // Those that are not settled answer "pending".
            return results(caller, transactions, tickets);
        } catch (ExecutionException e) {
            throw new IllegalStateException("tickets do not fail", e);
        }
        return results(caller, transactions, tickets);
    }

    private List<Result> results(Caller caller, List<KvTransaction> transactions, List<Ticket> tickets) {
        List<Result> results = new ArrayList<>(tickets.size());
        for (int i = 0; i < tickets.size(); i++) {
            Result result = Result.of(tickets.get(i));
            results.add(result.isRepetition() ? confirmed(caller, transactions.get(i)) : result);
        }
        return results;
    }

    /** The leader judged by a state that may yet be lost; what counts is that this node has applied the first one. */
    private Result confirmed(Caller caller, KvTransaction transaction) {
        try (View view = context.view(caller)) {
            return KvLedger.wasExecuted(view.state(), transaction)
                    ? new Result(200, "committed before", -1)
                    : new Result(202, "unknown", -1);
        }
    }

    /** What a client hears of one write. */
    private record Result(int status, String word, long height) {
        static Result of(Ticket ticket) {
            if (ticket.outcome().isDone()) {
                return switch (ticket.outcome().join()) {
                    case Outcome.Applied applied -> new Result(200, "committed", applied.height());
                    case Outcome.Rejected(Rejection reason) -> rejected(reason);
                    case Outcome.Expired expired -> new Result(202, "unknown", -1);
                };
            }
            if (ticket.verdict().isDone() && ticket.verdict().join() instanceof Verdict.Rejected(Rejection reason)) {
                return rejected(reason);
            }
            return new Result(202, "pending", -1);
        }

        private static Result rejected(Rejection reason) {
            boolean isStatus = reason.code() >= 400 && reason.code() < 600;
            return new Result(isStatus ? reason.code() : 503, reason.message(), -1);
        }

        boolean isRepetition() {
            return status == KvLedger.ALREADY_EXECUTED;
        }

        ObjectNode describe(ObjectMapper json, KvTransaction transaction) {
            ObjectNode node = json.createObjectNode();
            node.put("status", word).put("transaction", HexFormat.of().formatHex(transaction.id()));
            if (height >= 0) {
                node.put("height", height);
            }
            return node;
        }
    }

    private Endpoint.Reply error(int status, String message) {
        ObjectNode body = json.createObjectNode();
        body.put("error", message);
        return new Endpoint.Reply(status, "application/json", json.writeValueAsBytes(body), Map.of());
    }
}
