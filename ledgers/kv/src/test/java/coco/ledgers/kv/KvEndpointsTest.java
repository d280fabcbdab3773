package coco.ledgers.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.Offer;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.UnavailableException;
import coco.ledgers.api.testing.SingleNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What clients hear: statuses, bodies and the header that acknowledges. */
class KvEndpointsTest {
    private static final RpcSettings DEFAULTS = RpcSettings.DEFAULTS;
    private static final RpcSettings IMPATIENT =
            DEFAULTS.toBuilder().replyTimeoutMillis(5).build();

    private final SingleNode node = new SingleNode(new KvLedgerFactory(), "").settings(IMPATIENT);

    @Test
    void shouldPutGetListAndRemove() throws Exception {
        assertThat(status(call("PUT", "/kv/*", "a", Map.of(), "one"))).isEqualTo("200 committed");
        assertThat(status(call("PUT", "/kv/*", "ab", Map.of(), "two"))).isEqualTo("200 committed");
        assertThat(text(call("GET", "/kv/*", "a", Map.of(), ""))).isEqualTo("one");
        assertThat(text(call("GET", "/kv", "", Map.of("prefix", "a"), "")))
                .isEqualTo("{\"entries\":[{\"key\":\"a\",\"value\":\"6f6e65\"},"
                        + "{\"key\":\"ab\",\"value\":\"74776f\"}],\"more\":false}");
        assertThat(status(call("DELETE", "/kv/*", "a", Map.of(), ""))).isEqualTo("200 committed");
        assertThat(status(call("GET", "/kv/*", "a", Map.of(), ""))).isEqualTo("404 none");
        assertThat(node.openViews()).isZero();
    }

    @Test
    void shouldAcknowledgeNothingThatWasRefusedOrIsOpen() throws Exception {
        assertThat(status(call("PUT", "/kv/*", "k".repeat(251), Map.of(), "v"))).isEqualTo("400 none");
        assertThat(status(call("POST", "/kv", "", Map.of(), "[]"))).isEqualTo("200 none");
        assertThat(status(call("PUT", "/kv/*", "a", Map.of("id", "1"), "x"))).isEqualTo("200 committed");
        assertThat(status(call("PUT", "/kv/*", "a", Map.of("id", "1"), "x"))).isEqualTo("200 committed");
        assertThat(status(call("PUT", "/kv/*", "a", Map.of("id", "1"), "y"))).isEqualTo("422 none");
        String mixed = "[{\"id\":\"2\",\"key\":\"b\",\"value\":\"x\"},{\"id\":\"1\",\"key\":\"b\",\"value\":\"x\"}]";
        Endpoint.Reply reply = call("POST", "/kv", "", Map.of(), mixed);
        assertThat(status(reply)).isEqualTo("200 none");
        assertThat(text(reply)).contains("\"committed\"", "another request with this id was executed");

        node.mining(false);
        assertThat(status(call("PUT", "/kv/*", "c", Map.of(), "v"))).isEqualTo("202 pending");
    }

    @Test
    void shouldAcknowledgeNothingWhenThePoolIsFull() throws Exception {
        node.mining(false);
        for (int i = 0; i < KvLimits.POOL; i++) {
            KvTransaction transaction = new KvTransaction("" + i, new byte[] {1}, new byte[0]);
            node.submit(new Offer("kv", transaction.id(), transaction.encode()));
        }

        Endpoint.Reply refused = call("PUT", "/kv/*", "a", Map.of(), "v");

        assertThat(status(refused)).isEqualTo("503 none");
        assertThat(text(refused)).contains("too many requests are waiting");
        assertThat(status(call("POST", "/kv", "", Map.of(), "[{\"key\":\"a\"}]")))
                .isEqualTo("200 none");
    }

    @Test
    void shouldLeaveNoViewOpenWhenNoMajorityConfirmsARead() throws Exception {
        call("PUT", "/kv/*", "a", Map.of(), "one");
        assertThat(text(linearizable("/kv/*", "a"))).isEqualTo("one");

        node.alone(true);

        assertThatThrownBy(() -> linearizable("/kv/*", "a")).isInstanceOf(UnavailableException.class);
        assertThatThrownBy(() -> linearizable("/kv", "")).isInstanceOf(UnavailableException.class);
        assertThat(node.openViews()).isZero();
    }

    @Test
    void shouldRefuseBodiesThatAreNoPuts() throws Exception {
        String deep = "[".repeat(DEFAULTS.maxNesting() + 1) + "]".repeat(DEFAULTS.maxNesting() + 1);
        for (String body : new String[] {
            "",
            "{",
            "7",
            "{}",
            "[7]",
            "[{}]",
            "[{\"key\":1}]",
            "[{\"key\":\"\"}]",
            deep,
            "[{\"key\":\"k\",\"id\":\"\"}]"
        }) {
            assertThat(status(call("POST", "/kv", "", Map.of(), body))).as(body).isEqualTo("400 none");
        }
        assertThat(text(call("POST", "/kv", "", Map.of(), deep))).contains("the body is not JSON");
    }

    private Endpoint.Reply linearizable(String path, String rest) throws Exception {
        return handler("GET", path).handle(new Endpoint.Request(Caller.ANONYMOUS, rest, Map.of(), new byte[0], true));
    }

    private Endpoint.Reply call(String method, String path, String rest, Map<String, String> query, String body)
            throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return handler(method, path).handle(new Endpoint.Request(Caller.ANONYMOUS, rest, query, bytes, false));
    }

    private Endpoint.Handler handler(String method, String path) {
        return node.ledger().endpoints().stream()
                .filter(endpoint ->
                        endpoint.method().equals(method) && endpoint.path().equals(path))
                .findFirst()
                .orElseThrow()
                .handler();
    }

    private static String status(Endpoint.Reply reply) {
        @Nullable String header = reply.headers().get("Coco-Transaction-Status");
        return reply.status() + " " + (header == null ? "none" : header);
    }

    private static String text(Endpoint.Reply reply) {
        return new String(reply.body(), StandardCharsets.UTF_8);
    }
}
