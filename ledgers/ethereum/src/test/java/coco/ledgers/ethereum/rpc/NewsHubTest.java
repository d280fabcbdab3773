package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.ledgers.api.Caller;
import coco.ledgers.api.History;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.UnavailableException;
import coco.ledgers.api.View;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.chain.Sight;
import coco.ledgers.ethereum.testing.FakeSocket;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What becomes of subscribers when a block cannot be read for some of them. */
class NewsHubTest {
    private static final Caller ALICE = new Caller.User("ethereum", new byte[] {1});

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(1));
    private boolean fails;

    /** The node, whose views for Alice cannot be had while it fails. */
    private LedgerContext context(RuntimeException fault) {
        return (LedgerContext) Proxy.newProxyInstance(
                LedgerContext.class.getClassLoader(), new Class<?>[] {LedgerContext.class}, (_, method, arguments) -> {
                    if (fails && method.getName().equals("view") && ALICE.equals(arguments[0])) {
                        throw fault;
                    }
                    return method.invoke(node, arguments);
                });
    }

    private static RuntimeException fault(String kind) {
        return switch (kind) {
            case "damaged" -> new LedgerException("a block is damaged");
            case "unavailable" -> new UnavailableException("not just now");
            default -> new IllegalStateException("a defect");
        };
    }

    private static void subscribe(NewsHub hub, FakeSocket socket) {
        Subscription subscription = new Subscription("0x1", new Feed.Heads(), socket);
        assertThat(hub.add(socket.caller(), subscription)).isTrue();
        subscription.begin();
    }

    @ParameterizedTest
    @ValueSource(strings = {"damaged", "unavailable", "defect"})
    void shouldCutOffWhoCannotBeToldAndTellTheOthersEachHeightOnce(String fault) {
        NewsHub hub = new NewsHub(context(fault(fault)), view -> Sight.WHOLE, Rpc.MAPPER, new PendingTransactions());
        hub.published(0);
        FakeSocket alice = new FakeSocket(node, ALICE);
        FakeSocket other = new FakeSocket(node, Caller.ANONYMOUS);
        subscribe(hub, alice);
        subscribe(hub, other);
        node.heartbeat(true);
        for (int height = 1; height <= 4; height++) {
            node.mine();
            fails = height == 2;
            hub.published(height);
        }

        assertThat(other.results("0x1"))
                .extracting(head -> head.get("number"))
                .extracting(JsonNode::asString)
                .containsExactly("0x1", "0x2", "0x3", "0x4");
        assertThat(other.closedWith()).isZero();
        assertThat(alice.results("0x1"))
                .extracting(head -> head.get("number"))
                .extracting(JsonNode::asString)
                .as("no gap")
                .containsExactly("0x1");
        assertThat(alice.closedWith()).isEqualTo(1011);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAnnounceTransactionsOfABlockToThoseWhoSeeItOnceTheyDo(boolean full) {
        PendingTransactions pending = new PendingTransactions();
        NewsHub hub = new NewsHub(blindingAlice(), view -> Sight.WHOLE, Rpc.MAPPER, pending);
        hub.published(0);
        FakeSocket alice = new FakeSocket(node, ALICE);
        FakeSocket other = new FakeSocket(node, Caller.ANONYMOUS);
        for (FakeSocket socket : List.of(alice, other)) {
            Subscription subscription = new Subscription("0x1", new Feed.Pending(full), socket);
            assertThat(hub.add(socket.caller(), subscription)).isTrue();
            subscription.begin();
        }
        String hash = new Rpc(node)
                .result("eth_sendRawTransaction", Rpc.raw(Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0))))
                .asString();

        assertThat(pending.applied(node.blocks().get(1), 1)).isTrue();
        hub.announced();
        assertThat(other.results("0x1")).as("not before the block can be read").isEmpty();
        hub.published(1);
        assertThat(other.results("0x1"))
                .extracting(each -> full ? each.get("hash").asString() : each.asString())
                .containsExactly(hash);
        assertThat(alice.results("0x1")).as("what Alice may not see").isEmpty();
        assertThat(alice.closedWith()).isZero();
    }

    /** The node, where blocks after the first do not exist for Alice. */
    private LedgerContext blindingAlice() {
        return (LedgerContext) Proxy.newProxyInstance(
                LedgerContext.class.getClassLoader(), new Class<?>[] {LedgerContext.class}, (_, method, arguments) -> {
                    Object result = method.invoke(node, arguments);
                    return result instanceof View view && ALICE.equals(view.caller()) ? blind(view) : result;
                });
    }

    private static View blind(View view) {
        return (View) Proxy.newProxyInstance(
                View.class.getClassLoader(), new Class<?>[] {View.class, History.class}, (self, method, arguments) -> {
                    if (method.getName().equals("history")) {
                        return self;
                    }
                    if (method.getName().equals("block")) {
                        return null;
                    }
                    return method.invoke(view, arguments);
                });
    }
}
