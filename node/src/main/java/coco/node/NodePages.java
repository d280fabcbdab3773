package coco.node;

import coco.ledgers.api.Endpoint.Reply;
import coco.node.http.HttpRequest;
import coco.node.http.Route;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The node's own pages: {@code /node/health}, {@code /node/state} and, for operators, {@code /metrics}. */
final class NodePages {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final JournalPages proofs;
    private final Supplier<Health> health;
    private final Supplier<State> state;
    private final LongFunction<@Nullable String> hashAt;
    private final List<Route> identity;

    /**
     * How the node is.
     *
     * @param ready whether it serves
     * @param condition one word
     * @param certificateEnds ISO 8601
     * @param certificateEndsSoon whether that is within the configured warning
     */
    record Health(boolean ready, String condition, String certificateEnds, boolean certificateEndsSoon) {}

    /**
     * Where the node stands.
     *
     * @param role in replication
     * @param hash of the header at {@code height}, hexadecimal
     * @param durableHeight up to which the journal is on disk
     * @param waiting transactions of this node's clients that are not settled
     * @param inFlight blocks proposed and not applied
     */
    record State(
            String node,
            String service,
            String serviceId,
            String version,
            String platform,
            @Nullable String banner,
            boolean ready,
            String role,
            long term,
            @Nullable String leader,
            long height,
            String hash,
            long durableHeight,
            int waiting,
            int inFlight) {}

    /**
     * Pages of a node.
     *
     * @param hashAt hash of the header at a height, hexadecimal; null if it is not applied here
     * @param identity pages by which anybody may check what node and network this is
     * @param proofs of what is committed
     */
    NodePages(
            Supplier<Health> health,
            Supplier<State> state,
            LongFunction<@Nullable String> hashAt,
            List<Route> identity,
            JournalPages proofs) {
        this.proofs = proofs;
        this.identity = List.copyOf(identity);
        this.health = health;
        this.state = state;
        this.hashAt = hashAt;
    }

    /**
     * What every listener serves.
     *
     * @param stateAccess who may see where the node stands, and proofs of transactions; whether it serves is for
     *     everybody, for whatever watches it
     */
    List<Route> routes(Route.Access stateAccess) {
        List<Route> routes = new ArrayList<>(identity);
        routes.add(new Route("GET", "/node/health", request -> health()));
        routes.add(new Route("GET", "/node/state", stateAccess, this::state));
        routes.addAll(proofs.routes(stateAccess));
        return routes;
    }

    /** What operators see beside that. */
    static Route metrics(Route.Access access, Supplier<String> scrape) {
        return new Route(
                "GET",
                "/metrics",
                access,
                request -> new Reply(200, PROMETHEUS, scrape.get().getBytes(StandardCharsets.UTF_8), Map.of()));
    }

    private Reply health() {
        Health now = health.get();
        ObjectNode json = JSON.createObjectNode()
                .put("ready", now.ready())
                .put("condition", now.condition())
                .put("certificateEnds", now.certificateEnds())
                .put("certificateEndsSoon", now.certificateEndsSoon());
        return json(now.ready() ? 200 : 503, json);
    }

    private Reply state(HttpRequest request) {
        State now = state.get();
        ObjectNode json = JSON.createObjectNode()
                .put("node", now.node())
                .put("service", now.service())
                .put("serviceId", now.serviceId())
                .put("version", now.version())
                .put("platform", now.platform())
                .put("banner", now.banner())
                .put("ready", now.ready())
                .put("role", now.role())
                .put("term", now.term())
                .put("leader", now.leader())
                .put("height", now.height())
                .put("hash", now.hash())
                .put("durableHeight", now.durableHeight())
                .put("waiting", now.waiting())
                .put("inFlight", now.inFlight());
        String asked = request.query().get("height");
        if (asked != null) {
            if (!asked.matches("[0-9]{1,18}")) {
                return json(400, JSON.createObjectNode().put("error", "height must be a whole number"));
            }
            long height = Long.parseLong(asked);
            json.putObject("at").put("height", height).put("hash", hashAt.apply(height));
        }
        return json(200, json);
    }

    private static Reply json(int status, ObjectNode body) {
        return new Reply(status, "application/json", JSON.writeValueAsBytes(body), Map.of());
    }
}
