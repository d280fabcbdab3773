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
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.View;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Answers from the committed state of this node. */
final class Reads {
    /** Entries of one answer: at some kilobytes each, what a listener bears. Further ones are asked for by height. */
    private static final int ENTRIES_MAX = 500;

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
        try (View view =
                request.linearizable() ? context.linearizableView(request.caller()) : context.view(request.caller())) {
            return answer.of(view.state(), Constitution.read(view.state()), view.height());
        }
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
        return read(request, (state, constitution, height) -> {
            ObjectNode json = Views.binding(serviceId, constitution, height);
            ArrayNode list = json.putArray("proposals");
            Proposals.all(state).stream()
                    .filter(proposal -> wanted == null
                            || proposal.stateAt(height + 1).word().equals(wanted))
                    .sorted(Comparator.comparingLong(Proposal::openedAt).thenComparing(Proposal::id))
                    .forEach(proposal -> list.add(Views.proposal(proposal, constitution, height)));
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

    ApiReply history(Endpoint.Request request) throws InterruptedException {
        String from = request.query().getOrDefault("from", "0");
        String most = request.query().getOrDefault("limit", Integer.toString(ENTRIES_MAX));
        if (!from.matches("[0-9]{1,18}") || !most.matches("[0-9]{1,9}")) {
            return ApiReply.problem(Problem.MALFORMED_REQUEST, "from and limit must be whole numbers");
        }
        int limit = Math.clamp(Integer.parseInt(most), 1, ENTRIES_MAX);
        return read(request, (state, constitution, height) -> {
            ObjectNode json = Documents.object().put("height", height);
            ArrayNode list = json.putArray("entries");
            History.from(state, Long.parseLong(from), limit).forEach(entry -> list.add(Views.entry(entry)));
            return ApiReply.ok(json);
        });
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
        return read(request, (state, constitution, height) -> {
            ObjectNode json = Documents.object().put("height", height);
            ArrayNode list = json.putArray("joins");
            JoinRequest.all(state).forEach(join -> list.add(Views.join(join)));
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
