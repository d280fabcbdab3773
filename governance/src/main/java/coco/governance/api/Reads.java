package coco.governance.api;

import coco.governance.Constitution;
import coco.governance.document.Documents;
import coco.governance.ledger.History;
import coco.governance.ledger.JoinRequest;
import coco.governance.ledger.ProposalState;
import coco.governance.ledger.Proposals;
import coco.governance.ledger.Proposals.Proposal;
import coco.kv.Reader;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.View;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers from the committed state of this node. */
final class Reads {
    /** Blocks that one answer reads back from the journal: some hundred milliseconds at worst. */
    private static final int BLOCKS_MAX = 64;

    private static final Pattern PROPOSAL_PLACE = Pattern.compile("([0-9]{1,18})\\.([0-9a-f]{64})");
    private static final Pattern HISTORY_PLACE = Pattern.compile("([0-9]{1,18})(?:\\.([0-9]{1,9}))?");
    private static final Pattern JOIN_PLACE = Pattern.compile("[0-9a-f]{64}");

    private final LedgerContext context;
    private final byte[] serviceId;
    private final ServiceRecords records;

    Reads(LedgerContext context, byte[] serviceId, ServiceRecords records) {
        this.context = context;
        this.serviceId = serviceId;
        this.records = records;
    }

    /** What an answer is made of. */
    @FunctionalInterface
    private interface Answer {
        ApiReply of(Reader state, Constitution constitution, long height);
    }

    private ApiReply read(Endpoint.Request request, Answer answer) throws InterruptedException {
        try (View view = view(request)) {
            return answer.of(view.state(), Constitution.read(view.state()), view.height());
        }
    }

    private View view(Endpoint.Request request) throws InterruptedException {
        return request.linearizable() ? context.linearizableView(request.caller()) : context.view(request.caller());
    }

    ApiReply constitution(Endpoint.Request request) throws InterruptedException {
        String asked = request.query().get("height");
        if (asked == null) {
            return read(request, (state, constitution, height) -> ApiReply.ok(described(constitution, height)));
        }
        if (!asked.matches("[0-9]{1,18}")) {
            return ApiReply.problem(Problem.MALFORMED_REQUEST, "height must be a whole number");
        }
        long height = Long.parseLong(asked);
        try (View view = context.view(request.caller())) {
            @Nullable Reader state = view.state(height);
            return state == null
                    ? ApiReply.problem(
                            Problem.HEIGHT_NOT_KEPT,
                            "the state at height " + height + " is not kept here; the newest height is " + view.height()
                                    + ", and /gov/history tells what changed")
                    : ApiReply.ok(described(Constitution.read(state), height));
        }
    }

    private ObjectNode described(Constitution constitution, long height) {
        ObjectNode json = Views.binding(serviceId, constitution, height);
        json.set("document", Views.constitution(constitution));
        return json;
    }

    ApiReply proposals(Endpoint.Request request) throws InterruptedException {
        String wanted = request.query().get("state");
        if (wanted != null
                && List.of(ProposalState.values()).stream()
                        .noneMatch(state -> state.word().equals(wanted))) {
            return ApiReply.problem(Problem.MALFORMED_REQUEST, "there is no state '" + wanted + "'");
        }
        String after = request.query().get("after");
        Matcher place = PROPOSAL_PLACE.matcher(after == null ? "0." + "0".repeat(64) : after);
        if (!place.matches()) {
            return ApiReply.problem(Problem.MALFORMED_REQUEST, "after must be the next of another answer");
        }
        long openedAt = Long.parseLong(place.group(1));
        String id = place.group(2);
        return read(request, (state, constitution, height) -> {
            List<Proposals.Listed> listed = Proposals.listed(state).stream()
                    .filter(each ->
                            wanted == null || each.stateAt(height + 1).word().equals(wanted))
                    .filter(each -> each.openedAt() > openedAt
                            || (each.openedAt() == openedAt && each.id().compareTo(id) > 0))
                    .toList();
            ObjectNode json = Views.binding(serviceId, constitution, height);
            Page page = new Page(json, "proposals", Page.ENTRIES);
            int shown = 0;
            while (shown < listed.size() && !page.isFull()) {
                Proposals.Listed each = listed.get(shown++);
                Proposal proposal = Proposals.find(state, each.id());
                if (proposal != null) {
                    page.add(Views.proposal(proposal, constitution, height), each.openedAt() + "." + each.id());
                }
            }
            page.end(json, shown == listed.size());
            return ApiReply.ok(json);
        });
    }

    ApiReply proposal(Endpoint.Request request) throws InterruptedException {
        return read(request, (state, constitution, height) -> {
            Proposal proposal = request.rest().matches("[0-9a-f]{64}") ? Proposals.find(state, request.rest()) : null;
            if (proposal == null) {
                return ApiReply.problem(Problem.NO_SUCH_PROPOSAL, "there is no proposal of that id");
            }
            ObjectNode json = Views.binding(serviceId, constitution, height);
            json.set("proposal", Views.proposal(proposal, constitution, height));
            return ApiReply.ok(json);
        });
    }

    ApiReply history(Endpoint.Request request) throws Exception {
        Matcher from = HISTORY_PLACE.matcher(request.query().getOrDefault("from", "0"));
        String most = request.query().getOrDefault("limit", Integer.toString(Page.ENTRIES));
        if (!from.matches() || !most.matches("[0-9]{1,9}")) {
            return ApiReply.problem(
                    Problem.MALFORMED_REQUEST, "from is a height or the next of another answer, limit a whole number");
        }
        int limit = Math.clamp(Integer.parseInt(most), 1, Page.ENTRIES);
        Place place =
                new Place(Long.parseLong(from.group(1)), from.group(2) == null ? 0 : Integer.parseInt(from.group(2)));
        try {
            return context.computeLong(() -> history(request, place, limit));
        } catch (LedgerException missing) {
            return ApiReply.problem(Problem.UNAVAILABLE, String.valueOf(missing.getMessage()));
        }
    }

    /** Where an entry of the history is, or would be. */
    private record Place(long height, int ordinal) {
        boolean isAfter(History.Entry entry) {
            return height > entry.height() || (height == entry.height() && ordinal > entry.ordinal());
        }

        static String behind(History.Entry entry) {
            return entry.height() + "." + (entry.ordinal() + 1);
        }
    }

    private ApiReply history(Endpoint.Request request, Place from, int limit) throws InterruptedException {
        try (View view = view(request)) {
            ObjectNode json = Documents.object().put("height", view.height());
            Page page = new Page(json, "entries", limit);
            long kept = History.kept(view.state());
            boolean isAll = older(view, from, Math.min(kept, view.height()), page);
            if (isAll) {
                // Of its oldest block the state may hold a part only.
                Place next = from.height() > kept ? from : new Place(kept == Long.MAX_VALUE ? kept : kept + 1, 0);
                isAll = add(History.from(view.state(), next.height(), next.ordinal(), limit + 1), from, page);
            }
            page.end(json, isAll);
            return ApiReply.ok(json);
        }
    }

    /** What only the journal holds; gives whether that is all of it. */
    private static boolean older(View view, Place from, long to, Page page) {
        List<Long> positions =
                view.history().find(History.INDEX_KIND, History.indexKey(), from.height(), to, Page.ENTRIES).stream()
                        .map(position -> position.height())
                        .toList();
        List<Long> heights = positions.stream().distinct().toList();
        for (long height : heights.subList(0, Math.min(heights.size(), BLOCKS_MAX))) {
            LedgerBlock block = view.history().block(height);
            if (block != null && !add(History.of(block.publicWrites()), from, page)) {
                return false;
            }
        }
        return heights.size() <= BLOCKS_MAX && positions.size() < Page.ENTRIES;
    }

    /** Adds entries as long as there is room; whether there was for all. */
    private static boolean add(List<History.Entry> entries, Place from, Page page) {
        for (History.Entry entry : entries) {
            if (!from.isAfter(entry)) {
                if (page.isFull()) {
                    return false;
                }
                page.add(Views.entry(entry), Place.behind(entry));
            }
        }
        return true;
    }

    ApiReply members(Endpoint.Request request) throws InterruptedException {
        return read(request, (state, constitution, height) -> {
            ObjectNode json = Documents.object().put("height", height);
            json.set("members", Views.members(constitution));
            json.set("participants", Views.participants(constitution));
            return ApiReply.ok(json);
        });
    }

    ApiReply nodes(Endpoint.Request request) throws InterruptedException {
        return read(request, (state, constitution, height) -> {
            ObjectNode json = Documents.object().put("height", height);
            json.set("nodes", Views.nodes(constitution));
            json.set("formerNodes", Views.constitution(constitution).required("formerNodes"));
            return ApiReply.ok(json);
        });
    }

    ApiReply joins(Endpoint.Request request) throws InterruptedException {
        String after = request.query().getOrDefault("after", "");
        if (!after.isEmpty() && !JOIN_PLACE.matcher(after).matches()) {
            return ApiReply.problem(Problem.MALFORMED_REQUEST, "after must be the next of another answer");
        }
        return read(request, (state, constitution, height) -> {
            ObjectNode json = Documents.object().put("height", height);
            Page page = new Page(json, "joins", Page.ENTRIES);
            List<JoinRequest> all = JoinRequest.after(state, HexFormat.of().parseHex(after), Page.ENTRIES + 1);
            int shown = 0;
            while (shown < all.size() && !page.isFull()) {
                JoinRequest join = all.get(shown++);
                page.add(Views.join(join), join.place());
            }
            page.end(json, shown == all.size());
            return ApiReply.ok(json);
        });
    }

    ApiReply service(Endpoint.Request request) throws InterruptedException {
        return read(request, (state, constitution, height) -> {
            ObjectNode json = Documents.object()
                    .put("id", HexFormat.of().formatHex(serviceId))
                    .put("name", constitution.service())
                    .put("preset", constitution.preset().word())
                    .put("status", constitution.status().word())
                    .put("simulated", constitution.simulated())
                    .put("height", height)
                    .put("generation", constitution.generation())
                    .put("rollovers", constitution.rollovers())
                    .put("epoch", records.epoch(state));
            ArrayNode identities = json.putArray("identities");
            records.identities(state)
                    .forEach(identity -> identities
                            .addObject()
                            .put("generation", identity.generation())
                            .put("certificate", identity.certificate())
                            .put("endorsement", identity.endorsement())
                            .put("height", identity.height()));
            return ApiReply.ok(json);
        });
    }
}
