package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.chain.Sight;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

class PoolMethodsTest {
    private static final int SENDERS = 30;

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(SENDERS));
    private final Rpc rpc = new Rpc(node);

    @BeforeEach
    void answerAtOnce() {
        node.mining(false).settings(Rpc.ACCEPTED);
    }

    /** Exchanges that may take 50 milliseconds. */
    private static RpcSettings quick() {
        RpcSettings usual = RpcSettings.DEFAULTS;
        return usual.toBuilder().exchangeTimeoutMillis(50).build();
    }

    private Transaction send(int sender, long nonce, int dataBytes) {
        Transaction transaction = Keys.transfer(nonce)
                .data(new byte[dataBytes])
                .gasLimit(21_000 + 10L * dataBytes)
                .sign(Keys.CURVE, Keys.secret(sender));
        rpc.result("eth_sendRawTransaction", Rpc.raw(transaction));
        return transaction;
    }

    private static Set<String> names(JsonNode object) {
        return new TreeSet<>(object.propertyNames());
    }

    @Test
    void shouldShowWhatCouldExecuteAndWhatWaitsBehindGaps() {
        Transaction first = send(0, 0, 0);
        send(0, 1, 0);
        send(0, 3, 0);
        send(1, 5, 0);
        assertThat(rpc.result("txpool_status").toString()).isEqualTo("{\"pending\":\"0x2\",\"queued\":\"0x2\"}");
        JsonNode content = rpc.result("txpool_content");
        String sender = Keys.address(0).checksumHex();
        assertThat(names(content.get("pending"))).containsExactly(sender);
        assertThat(names(content.get("pending").get(sender))).containsExactly("0", "1");
        assertThat(names(content.get("queued")))
                .containsExactlyInAnyOrder(sender, Keys.address(1).checksumHex());
        JsonNode shown = content.get("pending").get(sender).get("0");
        assertThat(shown).isEqualTo(rpc.result("eth_getTransactionByHash", Rpc.hex(first.hash())));
        JsonNode from = rpc.result("txpool_contentFrom", Keys.address(0).hex());
        assertThat(names(from.get("pending"))).containsExactly("0", "1");
        assertThat(names(from.get("queued"))).containsExactly("3");
        assertThat(rpc.result("txpool_contentFrom", Address.of(5).hex()).toString())
                .isEqualTo("{\"pending\":{},\"queued\":{}}");
        assertThat(rpc.result("txpool_inspect")
                        .get("pending")
                        .get(sender)
                        .get("1")
                        .asString())
                .isEqualTo(Address.of(0xdead_beefL).checksumHex() + ": 1 wei + 21000 gas × 0 wei");
        assertThat(rpc.result("debug_getRawTransaction", Rpc.hex(first.hash())).asString())
                .isEqualTo(Rpc.hex(first.encoded()));
    }

    @Test
    void shouldDescribeCreationsInGethsWords() {
        Transaction creation = Keys.transfer(0)
                .to(null)
                .value(Word.of(5))
                .gasLimit(100_000)
                .fees(Word.ONE, Word.of(9))
                .sign(Keys.CURVE, Keys.secret(0));
        rpc.result("eth_sendRawTransaction", Rpc.raw(creation));
        assertThat(rpc.result("txpool_inspect")
                        .get("pending")
                        .get(Keys.address(0).checksumHex())
                        .get("0")
                        .asString())
                .isEqualTo("contract creation: 5 wei + 100000 gas × 9 wei");
    }

    @Test
    void shouldShowAPoolThatTakesSeveralAnswersOfTheLeader() {
        for (int sender = 0; sender < SENDERS; sender++) {
            for (int nonce = 0; nonce < 3; nonce++) {
                send(sender, nonce, 40_000);
            }
        }
        JsonNode pending = rpc.result("txpool_content").get("pending");
        assertThat(names(pending)).hasSize(SENDERS);
        for (int sender = 0; sender < SENDERS; sender++) {
            assertThat(names(pending.get(Keys.address(sender).checksumHex()))).containsExactly("0", "1", "2");
        }
        assertThat(rpc.result("txpool_status").get("pending").asString()).isEqualTo("0x5a");
    }

    @Test
    void shouldShowWhatIsInNoAppliedBlockAsPending() {
        send(0, 0, 0);
        send(0, 1, 0);
        node.maxTransactions(1).mine();
        assertThat(rpc.result("txpool_status").toString()).isEqualTo("{\"pending\":\"0x1\",\"queued\":\"0x0\"}");
        assertThat(names(rpc.result("txpool_content")
                        .get("pending")
                        .get(Keys.address(0).checksumHex())))
                .containsExactly("1");
    }

    @Test
    void shouldAskForNoMoreThanAnInspectionShows() {
        for (int sender = 0; sender < SENDERS; sender++) {
            send(sender, 0, 40_000);
        }
        byte[] question = new PoolQuestion.Page(true, false, false, Address.ZERO, 0).encode();
        byte[] answer = node.ledger().answer(question, node.state());
        assertThat(answer.length).isEqualTo(SENDERS * 121);
        assertThat(PoolQuestion.summaries(answer))
                .extracting(PoolQuestion.Summary::sender)
                .isSorted()
                .contains(Keys.address(7));
        JsonNode shown = rpc.result("txpool_inspect").get("pending");
        assertThat(names(shown)).hasSize(SENDERS);
        assertThat(shown.get(Keys.address(7).checksumHex()).get("0").asString()).endsWith("1 wei + 421000 gas × 0 wei");
    }

    /** What asks in the middle of a walk is told to come again; afterwards it is answered. */
    @Test
    void shouldLetOneClientAtATimeWalkThroughThePool() throws RpcException {
        for (int sender = 0; sender < 3; sender++) {
            send(sender, 0, 40_000);
        }
        node.settings(quick());
        Map<String, Method> methods = new HashMap<>();
        new PoolMethods().register(methods);
        List<RpcException> refused = new ArrayList<>();
        OutputStream client = new OutputStream() {
            @Override
            public void write(int oneByte) {
                write(new byte[] {(byte) oneByte}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int count) {
                if (refused.isEmpty()) {
                    try {
                        walk(methods, OutputStream.nullOutputStream());
                    } catch (RpcException busy) {
                        refused.add(busy);
                    }
                }
            }
        };
        walk(methods, client);
        assertThat(refused)
                .singleElement()
                .extracting(RpcException::code, RpcException::getMessage)
                .containsExactly(-32_005, "others read the transaction pool, try again");
        refused.add(new RpcException(0, "not again"));
        walk(methods, client);
    }

    private void walk(Map<String, Method> methods, OutputStream client) throws RpcException {
        Endpoint.Request request = new Endpoint.Request(Caller.ANONYMOUS, "", Map.of(), new byte[0], false);
        try (Exchange exchange = new Exchange(node, view -> Sight.WHOLE, request);
                JsonGenerator out = Rpc.MAPPER.createGenerator(client)) {
            Objects.requireNonNull(methods.get("txpool_content"))
                    .call(exchange, new Params(List.of()))
                    .write(out);
        }
    }

    @Test
    void shouldTakeQuestionsApartOnlyWhenTheyAreWhole() {
        PoolQuestion.Page whole = new PoolQuestion.Page(false, true, false, Keys.address(0), -2);
        PoolQuestion.Page brief = new PoolQuestion.Page(true, false, true, Keys.address(0), 7);
        byte[] question = whole.encode();
        assertThat(PoolQuestion.decode(question)).isEqualTo(whole);
        assertThat(PoolQuestion.decode(brief.encode())).isEqualTo(brief);
        assertThat(PoolQuestion.decode(PoolQuestion.status())).isEqualTo(new PoolQuestion.Status());
        question[1] = 2;
        assertThat(PoolQuestion.decode(question)).isNull();
        assertThat(PoolQuestion.decode(new byte[] {4})).isNull();
        assertThat(PoolQuestion.decode(new byte[0])).isNull();
        byte[] damaged = new byte[30];
        assertThatThrownBy(() -> PoolQuestion.entries(damaged)).isInstanceOf(LedgerException.class);
        assertThatThrownBy(() -> PoolQuestion.summaries(damaged)).isInstanceOf(LedgerException.class);
    }
}
