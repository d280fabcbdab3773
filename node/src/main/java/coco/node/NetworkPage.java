package coco.node;

import coco.attestation.CertificateEvidence;
import coco.consensus.PeerId;
import coco.governance.NodeEntry;
import coco.ledgers.api.Endpoint.Reply;
import coco.node.admission.Finding;
import coco.node.http.Route;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /node/network}: every node of the list as this one knows it, for operators. Where the others stand they say
 * themselves, on the channel, when somebody looks; what their evidence is worth is this node's own judgement of the
 * certificate under which it heard them last.
 *
 * <p>Nothing here is agreed on by anybody: another node may see it otherwise, and one that is cut off sees nobody.
 */
final class NetworkPage {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Set<String> ROLES = Set.of("leader", "follower", "candidate", "stopped");

    /** What a node says of itself is some hundred bytes. */
    private static final int STATE_BYTES_MAX = 16 << 10;

    private final Supplier<NodePages.State> own;
    private final Supplier<List<NodeEntry>> nodes;
    private final Function<PeerId, CompletableFuture<byte[]>> ask;
    private final Evidence evidence;
    private final LongSupplier nanoTime;
    private final Map<String, CompletableFuture<Told>> asked = new HashMap<>();
    private byte @Nullable [] last;
    private long lastNanos;

    /** What nodes have shown, and what that is worth. */
    interface Evidence {
        /** The certificate under which a node was heard last; null if this process never heard it. */
        @Nullable
        X509Certificate shown(String node);

        /** All checks of a node under that certificate, by what is in force now. */
        List<Finding> judge(X509Certificate certificate);
    }

    /** What a node says of itself. */
    private record Told(String role, long height) {}

    /**
     * @param own where this node stands
     * @param nodes of the constitution
     * @param ask what another node's {@code /node/state} answers
     * @param nanoTime monotonic
     */
    NetworkPage(
            Supplier<NodePages.State> own,
            Supplier<List<NodeEntry>> nodes,
            Function<PeerId, CompletableFuture<byte[]>> ask,
            Evidence evidence,
            LongSupplier nanoTime) {
        this.own = own;
        this.nodes = nodes;
        this.ask = ask;
        this.evidence = evidence;
        this.nanoTime = nanoTime;
    }

    Route route(Route.Access access) {
        return new Route(
                "GET", "/node/network", access, request -> new Reply(200, "application/json", page(), Map.of()));
    }

    /** However many look: the nodes are asked once a second, and one that does not answer is asked once. */
    private synchronized byte[] page() throws InterruptedException {
        byte[] before = last;
        long now = nanoTime.getAsLong();
        if (before != null && now - lastNanos < NodeLimits.NETWORK_PAGE_AGE.toNanos()) {
            return before;
        }
        byte[] made = JSON.writeValueAsBytes(look());
        last = made;
        lastNanos = nanoTime.getAsLong();
        return made;
    }

    private ObjectNode look() throws InterruptedException {
        NodePages.State self = own.get();
        List<NodeEntry> list = nodes.get();
        Map<String, Told> told = tell(self, list);
        long highest = Stream.concat(
                        Stream.of(self.height()), told.values().stream().map(Told::height))
                .max(Long::compare)
                .orElseThrow();
        ObjectNode json = JSON.createObjectNode()
                .put("node", self.node())
                .put("leader", self.leader())
                .put("term", self.term())
                .put("height", highest);
        ArrayNode shown = json.putArray("nodes");
        for (NodeEntry node : list) {
            Told here = node.id().equals(self.node()) ? new Told(self.role(), self.height()) : told.get(node.id());
            ObjectNode entry = shown.addObject()
                    .put("id", node.id())
                    .put("owner", node.owner())
                    .put("host", node.host())
                    .put("administrativePort", node.administrativePort())
                    .put("role", here == null ? null : here.role())
                    .put("height", here == null ? null : (Long) here.height())
                    .put("lag", here == null ? null : (Long) (highest - here.height()));
            entry.set("evidence", judged(evidence.shown(node.id())));
        }
        return json;
    }

    private static OptionalLong height(JsonNode json) {
        JsonNode height = json.path("height");
        return height.isIntegralNumber() && height.canConvertToLong() && height.longValue() >= 0
                ? OptionalLong.of(height.longValue())
                : OptionalLong.empty();
    }

    private ObjectNode judged(@Nullable X509Certificate certificate) {
        ObjectNode json = JSON.createObjectNode();
        if (certificate == null) {
            json.put("verdict", "unknown").putNull("platform").putArray("checks");
            return json;
        }
        List<Finding> findings = evidence.judge(certificate);
        CertificateEvidence carried = CertificateEvidence.of(certificate);
        json.put("verdict", findings.stream().allMatch(Finding::passed) ? "verified" : "refused")
                .put(
                        "platform",
                        carried == null ? null : carried.evidence().platform().label());
        ArrayNode checks = json.putArray("checks");
        findings.forEach(finding -> checks.addObject()
                .put("check", finding.check())
                .put("passed", finding.passed())
                .put("seen", finding.seen())
                .put("allowed", finding.allowed()));
        return json;
    }

    /** What the others say within the time that somebody who looks at a page will wait. */
    private Map<String, Told> tell(NodePages.State self, List<NodeEntry> list) throws InterruptedException {
        asked.keySet().retainAll(list.stream().map(NodeEntry::id).toList());
        for (NodeEntry node : list) {
            if (!node.id().equals(self.node())) {
                asked.computeIfAbsent(node.id(), id -> ask.apply(new PeerId(id)).thenApply(NetworkPage::told));
            }
        }
        Map<String, Told> told = new HashMap<>();
        long deadline = System.nanoTime() + NodeLimits.NETWORK_PAGE_WAIT.toNanos();
        for (Map.Entry<String, CompletableFuture<Told>> question :
                Map.copyOf(asked).entrySet()) {
            try {
                Told answer = question.getValue().get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
                told.put(question.getKey(), answer);
                asked.remove(question.getKey());
            } catch (ExecutionException unanswered) {
                asked.remove(question.getKey());
            } catch (TimeoutException late) {
                // Its question stays: another one would only wait beside it.
            }
        }
        return told;
    }

    /** Strict, as whatever comes from elsewhere: a role that is one, a height that is one. */
    private static Told told(byte[] state) {
        if (state.length > STATE_BYTES_MAX) {
            throw new IllegalArgumentException("too long for a state");
        }
        JsonNode json;
        try {
            json = JSON.readTree(state);
        } catch (JacksonException malformed) {
            throw new IllegalArgumentException("not JSON", malformed);
        }
        JsonNode role = json.path("role");
        OptionalLong height = height(json);
        if (!role.isString() || !ROLES.contains(role.stringValue()) || height.isEmpty()) {
            throw new IllegalArgumentException("not a state");
        }
        return new Told(role.stringValue(), height.getAsLong());
    }
}
