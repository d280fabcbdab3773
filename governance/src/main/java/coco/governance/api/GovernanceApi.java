package coco.governance.api;

import coco.governance.RaftNodes;
import coco.governance.ledger.GovernanceEvent;
import coco.governance.ledger.GovernanceLedgerFactory;
import coco.governance.ledger.GovernanceListener;
import coco.governance.ledger.Refusal;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.EventEndpoint;
import coco.ledgers.api.LedgerContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The routes below {@code /gov}, for the listener that members and nodes use. Any thread. */
public final class GovernanceApi implements GovernanceLedgerFactory.Surface, GovernanceListener {
    /** Where events are listened to. */
    public static final String EVENTS = "/gov/events";

    private static final String OPEN_API = "/gov/openapi.json";
    private static final String JSON = "application/json";

    private final Parts parts;
    private volatile @Nullable Feed feed;

    /**
     * What the routes need.
     *
     * @param serviceId 32 bytes
     * @param raftNodes what this node knows of consensus
     * @param records what the service writes of its keys
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Parts(byte[] serviceId, RaftNodes raftNodes, ServiceRecords records) {}

    /** With these parts. */
    public GovernanceApi(Parts parts) {
        this.parts = parts;
    }

    @Override
    public List<Endpoint> endpoints(LedgerContext context) {
        List<Endpoint> endpoints = new ArrayList<>();
        routes(context).forEach(route -> endpoints.add(route.endpoint()));
        byte[] document = OpenApi.document(routes(context)).getBytes(StandardCharsets.UTF_8);
        endpoints.add(new Endpoint("GET", OPEN_API, request -> Endpoint.Reply.json(document)));
        return endpoints;
    }

    @Override
    public List<EventEndpoint> events(LedgerContext context) {
        Feed made = new Feed(context, parts.records());
        feed = made;
        return List.of(new EventEndpoint(EVENTS, made::open));
    }

    @Override
    public void published(long height, List<GovernanceEvent> events) {
        Feed listening = feed;
        if (listening != null) {
            listening.happened(height, events);
        }
    }

    /** The routes with handlers for this ledger. */
    List<ApiRoute> routes(LedgerContext context) {
        Reads reads = new Reads(context, parts.serviceId(), parts.records());
        Submissions submissions = new Submissions(context, parts.serviceId());
        DryRun dryRun = new DryRun(context, parts.serviceId(), parts.raftNodes());
        ApiRoute.Parameter height = new ApiRoute.Parameter(
                "height", "integer", "Of the block after which it was in force; the newest if left out.");
        ApiRoute.Parameter state = new ApiRoute.Parameter("state", "string", "Only proposals that are in this state.");
        ApiRoute.Parameter after = new ApiRoute.Parameter("after", "string", "The next of the answer before.");
        ApiRoute.Parameter from =
                new ApiRoute.Parameter("from", "string", "First height, or the next of the answer before.");
        ApiRoute.Parameter limit = new ApiRoute.Parameter("limit", "integer", "Most entries.");
        ApiRoute.Body signed = new ApiRoute.Body("application/cose", null);
        return List.of(
                get("/gov/service", "getService", "Identity and state of the service.", "Service", reads::service),
                get(
                        "/gov/constitution",
                        "getConstitution",
                        "The constitution in force, and what a message signed now has to name.",
                        "ConstitutionAt",
                        List.of(height),
                        reads::constitution),
                get(
                        "/gov/proposals",
                        "listProposals",
                        "The open proposals and the newest closed ones, oldest first.",
                        "Proposals",
                        List.of(state, after),
                        reads::proposals),
                get("/gov/proposals/{id}", "getProposal", "One proposal.", "OneProposal", reads::proposal),
                get(
                        "/gov/history",
                        "getHistory",
                        "All that was ever decided, with the signed messages, in order.",
                        "History",
                        List.of(from, limit),
                        reads::history),
                get("/gov/members", "listMembers", "Members and participants.", "Members", reads::members),
                get("/gov/nodes", "listNodes", "Nodes of the list, and those that were.", "Nodes", reads::nodes),
                get("/gov/joins", "listJoins", "Nodes that asked to join.", "Joins", List.of(after), reads::joins),
                post("/gov/proposals", "propose", "Makes a proposal.", signed, "Submitted", submissions::propose),
                post("/gov/ballots", "vote", "Casts or changes a ballot.", signed, "Submitted", submissions::vote),
                post(
                        "/gov/withdrawals",
                        "withdraw",
                        "Takes a proposal back.",
                        signed,
                        "Submitted",
                        submissions::withdraw),
                post(
                        "/gov/dry-run",
                        "dryRun",
                        "What would change, and whose ballots are missing. Nothing is written.",
                        new ApiRoute.Body(JSON, "Question"),
                        "DryRun",
                        dryRun::run));
    }

    private static ApiRoute get(String path, String name, String summary, String schema, ApiRoute.Handler handler) {
        return get(path, name, summary, schema, List.of(), handler);
    }

    private static ApiRoute get(
            String path,
            String name,
            String summary,
            String schema,
            List<ApiRoute.Parameter> parameters,
            ApiRoute.Handler handler) {
        SortedMap<Integer, String> answers = new TreeMap<>(Map.of(200, schema));
        if (!parameters.isEmpty()) {
            answers.put(400, OpenApi.ERROR);
        }
        if (path.equals("/gov/history")) {
            answers.put(503, OpenApi.ERROR);
        }
        if (path.endsWith("{id}") || path.equals("/gov/constitution")) {
            answers.put(404, OpenApi.ERROR);
        }
        return new ApiRoute("GET", path, name, summary, parameters, null, answers, handler);
    }

    private static ApiRoute post(
            String path, String name, String summary, ApiRoute.Body body, String schema, ApiRoute.Handler handler) {
        SortedMap<Integer, String> answers = new TreeMap<>(Map.of(200, schema, 400, OpenApi.ERROR));
        if (body.schema() == null) {
            answers.put(202, schema);
            List.of(Refusal.values()).forEach(refusal -> answers.put(refusal.status(), OpenApi.ERROR));
        } else {
            answers.put(404, OpenApi.ERROR);
            answers.put(503, OpenApi.ERROR);
        }
        return new ApiRoute("POST", path, name, summary, List.of(), body, answers, handler);
    }
}
