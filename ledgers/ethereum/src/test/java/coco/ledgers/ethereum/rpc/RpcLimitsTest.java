package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Contracts;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What one request may cost a node: bytes, time, and other requests' processors. */
class RpcLimitsTest {
    private static final int REPLY_BYTES = 40_000;
    private static final String BLOCK =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBlockByNumber\",\"params\":[\"latest\",true]}";
    private static final String LOGS =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getLogs\",\"params\":[{\"fromBlock\":\"0x0\"}]}";
    private static final String CHAIN = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}";

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(4));
    private final Rpc rpc = new Rpc(node);

    @Test
    void shouldAnswerTheRestOfABatchWithAnErrorWhenTheAnswerIsFull() {
        rpc.result("eth_sendRawTransaction", Rpc.raw(Keys.transfer(0).sign(Keys.CURVE, Keys.secret(0))));
        node.settings(settings(REPLY_BYTES, 10_000, 5_000));
        String send = "{\"jsonrpc\":\"2.0\",\"id\":\"s\",\"method\":\"eth_sendRawTransaction\",\"params\":[\""
                + Rpc.raw(Keys.transfer(1).sign(Keys.CURVE, Keys.secret(0))) + "\"]}";

        Endpoint.Reply reply = rpc.reply(batch(BLOCK, 900, send));

        JsonNode responses = Rpc.MAPPER.readTree(reply.body());
        assertThat(responses).hasSize(901);
        assertThat(responses.get(0).get("result").get("number").asString()).isEqualTo("0x1");
        assertThat(responses.get(899).get("error").get("code").asInt()).isEqualTo(-32_003);
        assertThat(responses.get(899).get("error").get("message").asString()).isEqualTo("response too large");
        assertThat(responses.get(900).has("result")).as("what was sent is told").isTrue();
        assertThat(reply.headers()).containsEntry("Coco-Transaction-Status", "committed");
        assertThat(reply.body().length).isLessThan(REPLY_BYTES + 900 * 100);
        assertThat(node.blocksRead())
                .as("nothing is read for answers that find no room")
                .isLessThan(50);
    }

    @Test
    void shouldGiveAllOfABatchThatFits() {
        node.settings(settings(REPLY_BYTES * 100, 10_000, 5_000));

        JsonNode responses = rpc.raw(batch(BLOCK, 900));

        assertThat(responses.get(899).has("result")).isTrue();
        assertThat(node.blocksRead()).isGreaterThanOrEqualTo(900);
    }

    @Test
    void shouldBoundTheBytesOfLogsOfOneQuery() {
        logs(20);
        assertThat(rpc.raw(LOGS).get("result")).hasSize(20);

        node.settings(settings(5_000, 10_000, 5_000));

        assertThat(rpc.raw(LOGS).get("error").get("code").asInt()).isEqualTo(-32_003);
        assertThat(rpc.raw(CHAIN).get("result").asString()).isEqualTo("0x539");
    }

    @Test
    void shouldShareTheMemoryForLargeAnswersAndGiveItBack() throws Exception {
        ReplyMemory memory = new ReplyMemory(600 << 10);
        ReplyBuffer first = new ReplyBuffer(1 << 20, memory);
        ReplyBuffer second = new ReplyBuffer(1 << 20, memory);
        first.bounded(true);
        second.bounded(true);
        first.write(new byte[600 << 10]);
        assertThat(refusal(second, 200 << 10)).isEqualTo("busy, try again");
        second.truncate(0);
        second.write(new byte[64 << 10]);
        assertThat(refusal(first, 600 << 10)).isEqualTo("response too large");

        first.release();
        second.write(new byte[200 << 10]);

        assertThat(second.size()).isEqualTo(264 << 10);
    }

    private static String refusal(ReplyBuffer buffer, int bytes) {
        try {
            buffer.write(new byte[bytes], 0, bytes);
            return "none";
        } catch (ReplyBuffer.NoRoomException refused) {
            return String.valueOf(refused.error().getMessage());
        }
    }

    @Test
    void shouldEndReadsWhenTheTimeOfTheExchangeIsUsedUp() {
        logs(20);
        node.settings(settings(1_000_000, 10_000, 5_000)).readMillis(1_000);
        int before = node.blocksRead();

        JsonNode responses = rpc.raw("[" + CHAIN + "," + LOGS + "," + CHAIN + "," + BLOCK + "]");

        assertThat(responses.get(0).get("result").asString()).isEqualTo("0x539");
        for (int late = 1; late < 4; late++) {
            assertThat(responses.get(late).get("error").get("code").asInt()).isEqualTo(-32_002);
            assertThat(responses.get(late).get("error").get("message").asString())
                    .isEqualTo("request timed out");
        }
        assertThat(node.blocksRead() - before).isBetween(10, 15);
        node.readMillis(0);
        assertThat(rpc.raw(LOGS).get("result")).hasSize(20);
    }

    @Test
    void shouldEndACallByItsOwnTimeAndABatchOfThemByTheExchanges() {
        String endless = deploy(Contracts.ENDLESS);
        node.settings(settings(1_000_000, 12_000, 5_000)).clockMillis(100);
        String call = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_call\",\"params\":[{\"to\":\"" + endless
                + "\"},\"latest\"]}";

        JsonNode responses = rpc.raw(batch(call, 100));

        assertThat(message(responses.get(0))).isEqualTo("execution aborted (timeout = 5s)");
        assertThat(message(responses.get(1))).isEqualTo("execution aborted (timeout = 5s)");
        for (int i = 2; i < 100; i++) {
            assertThat(message(responses.get(i))).isEqualTo("request timed out");
        }
    }

    @Test
    void shouldKeepLongWorkOffTheProcessorsForAdmission() {
        String counter = deploy(Contracts.COUNTER);
        int admissions = node.shortWork();
        Object[][] reads = {
            {"eth_call", Map.of("to", counter)},
            {"eth_estimateGas", Map.of("to", counter)},
            {"eth_getLogs", Map.of("fromBlock", "0x0")},
            {"eth_feeHistory", "0x5", "latest", new double[] {50}},
            {"eth_getBlockReceipts", "latest"},
            {"eth_getBlockByNumber", "latest", true},
        };
        for (Object[] read : reads) {
            int before = node.longWork();
            rpc.result(String.valueOf(read[0]), Arrays.copyOfRange(read, 1, read.length));
            assertThat(node.longWork()).as("%s", read[0]).isGreaterThan(before);
        }
        assertThat(node.shortWork()).isEqualTo(admissions);
        int longWork = node.longWork();
        rpc.result("eth_sendRawTransaction", Rpc.raw(Keys.transfer(0).sign(Keys.CURVE, Keys.secret(1))));
        assertThat(node.shortWork()).isEqualTo(admissions + 1);
        assertThat(node.longWork()).isEqualTo(longWork);
    }

    @Test
    void shouldLetOthersHaveTheirTurnWhenAScanIsSlow() {
        logs(20);
        int before = node.longWork();
        node.readMillis(20);

        assertThat(rpc.raw(LOGS).get("result")).hasSize(20);

        assertThat(node.longWork() - before).as("slices").isGreaterThan(5);
    }

    @Test
    void shouldShowATransactionThatWaitsInThePoolOfTheLeader() {
        node.mining(false).settings(settings(1_000_000, 10_000, 20));
        Transaction sent = Keys.transfer(0).fees(Word.of(3), Word.of(9)).sign(Keys.CURVE, Keys.secret(0));
        rpc.result("eth_sendRawTransaction", Rpc.raw(sent));
        String hash = Rpc.hex(sent.hash());

        JsonNode pooled = rpc.result("eth_getTransactionByHash", hash);
        for (String name : List.of("blockHash", "blockNumber", "transactionIndex")) {
            assertThat(pooled.get(name).isNull()).as(name).isTrue();
        }
        assertThat(pooled.get("hash").asString()).isEqualTo(hash);
        assertThat(pooled.get("from").asString()).isEqualTo(Keys.address(0).hex());
        assertThat(pooled.get("gasPrice").asString()).isEqualTo("0x9");
        assertThat(rpc.result("eth_getTransactionByHash", "0x" + "12".repeat(32))
                        .isNull())
                .isTrue();

        node.alone(true);
        assertThat(rpc.result("eth_getTransactionByHash", hash).isNull()).isTrue();
        node.alone(false).mine();
        JsonNode mined = rpc.result("eth_getTransactionByHash", hash);
        assertThat(mined.get("blockNumber").asString()).isEqualTo("0x1");
        assertThat(mined.get("gasPrice").asString()).isEqualTo("0x3");
        assertThat(mined.propertyNames()).containsExactlyInAnyOrderElementsOf(pooled.propertyNames());
    }

    @Test
    void shouldSayThatNobodyAnswersWhenTheNodeIsAlone() {
        node.settings(settings(1_000_000, 10_000, 20)).alone(true);
        String balance = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_getBalance\",\"params\":[\""
                + Address.of(1).hex() + "\",\"latest\"]}";

        JsonNode read = Rpc.MAPPER.readTree(
                node.post(balance.getBytes(StandardCharsets.UTF_8), true).body());

        assertThat(read.get("error").get("code").asInt()).isEqualTo(-32_005);
        assertThat(message(read)).isEqualTo("no majority confirms the read");
        assertThat(rpc.error("eth_getTransactionCount", Address.of(1).hex(), "pending"))
                .isEqualTo("-32005 no leader answers");
    }

    @Test
    void shouldRefuseAFeeBelowTheBaseFeeInGethsWords() {
        String genesis = Keys.genesis(1).replace("\"baseFeePerGas\": \"0x0\"", "\"baseFeePerGas\": \"0x7\"");
        Rpc dear = new Rpc(new SingleNode(new EthereumLedgerFactory(), genesis));

        Transaction cheap = Keys.transfer(0).fees(Word.of(1), Word.of(6)).sign(Keys.CURVE, Keys.secret(0));

        assertThat(dear.error("eth_sendRawTransaction", Rpc.raw(cheap)))
                .isEqualTo("-32000 max fee per gas less than block base fee: address "
                        + Keys.address(0).checksumHex() + ", maxFeePerGas: 6, baseFee: 7");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0ms",
        "250, 250ms",
        "1000, 1s",
        "5000, 5s",
        "1500, 1.5s",
        "60000, 1m0s",
        "90250, 1m30.25s",
        "3600000, 1h0m0s"
    })
    void shouldWriteTimesAsGoDoes(long millis, String text) {
        assertThat(Hexes.duration(millis)).isEqualTo(text);
    }

    private void logs(int count) {
        String counter = deploy(Contracts.COUNTER);
        for (int i = 1; i <= count; i++) {
            rpc.result(
                    "eth_sendRawTransaction",
                    Rpc.raw(Keys.transfer(i)
                            .to(Address.fromHex(counter))
                            .value(Word.ZERO)
                            .gasLimit(100_000)
                            .sign(Keys.CURVE, Keys.secret(0))));
        }
    }

    private String deploy(byte[] runtime) {
        Transaction creation = Keys.transfer(0)
                .to(null)
                .value(Word.ZERO)
                .gasLimit(200_000)
                .data(Contracts.creation(runtime))
                .sign(Keys.CURVE, Keys.secret(0));
        return rpc.result("eth_sendRawTransactionSync", Rpc.raw(creation))
                .get("contractAddress")
                .asString();
    }

    private static String batch(String call, int count, String... more) {
        String all = String.join(",", Collections.nCopies(count, call));
        return "[" + (more.length == 0 ? all : all + "," + String.join(",", more)) + "]";
    }

    private static String message(JsonNode response) {
        return response.get("error").get("message").asString();
    }

    private static RpcSettings settings(int replyBytes, long exchangeMillis, long callMillis) {
        RpcSettings defaults = RpcSettings.DEFAULTS;
        return defaults.toBuilder()
                .replyTimeoutMillis(20)
                .callTimeoutMillis(callMillis)
                .exchangeTimeoutMillis(exchangeMillis)
                .maxReplyBytes(replyBytes)
                .build();
    }
}
