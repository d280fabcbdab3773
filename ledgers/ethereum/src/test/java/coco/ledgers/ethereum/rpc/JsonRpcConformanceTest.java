package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Keys;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON-RPC 2.0 itself, below all methods. Where it leaves a choice, geth's. */
class JsonRpcConformanceTest {
    private static final String CALL = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}";
    private static final String ANSWER = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x539\"}";
    private static final String INVALID =
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"invalid request\"}}";
    private static final String UNREADABLE =
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"parse error\"}}";

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(1));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            1                        | 1
            0                        | 0
            -7                       | -7
            1.50                     | 1.50
            1e2                      | 1E+2
            12345678901234567890123  | 12345678901234567890123
            null                     | null
            true                     | true
            ""                       | ""
            "a \\" \\u00e9"          | "a \\" é"
            """)
    void shouldGiveBackIdsOfAllKinds(String id, String back) {
        assertThat(answer("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"eth_chainId\"}"))
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":" + back + ",\"result\":\"0x539\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "\"text\"",
                "null",
                "true",
                "{}",
                "{\"jsonrpc\":\"2.0\"}",
                "{\"jsonrpc\":\"2.0\",\"method\":7}",
                "{\"jsonrpc\":\"2.0\",\"method\":null}",
                "{\"jsonrpc\":2.0,\"method\":\"eth_chainId\"}",
                "{\"jsonrpc\":\"1.0\",\"method\":\"eth_chainId\"}",
                "{\"JSONRPC\":\"2.0\",\"method\":\"eth_chainId\"}",
                "{\"method\":\"eth_chainId\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":[1],\"method\":\"eth_chainId\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":{\"a\":1},\"method\":\"eth_chainId\"}",
            })
    void shouldSayThatARequestIsNoneAlsoWithinABatch(String request) {
        assertThat(answer(request)).isEqualTo(INVALID);
        assertThat(answer("[" + CALL + "," + request + "," + CALL + "]"))
                .isEqualTo("[" + ANSWER + "," + INVALID + "," + ANSWER + "]");
    }

    @Test
    void shouldKeepTheIdOfARequestThatIsNone() {
        assertThat(answer("{\"id\":\"x\",\"method\":\"eth_chainId\"}"))
                .isEqualTo(INVALID.replace("\"id\":null", "\"id\":\"x\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "[",
                "[,]",
                "{\"jsonrpc\":\"2.0\",}",
                "{'jsonrpc':'2.0'}",
                "nul",
                "NaN",
                "01",
                "[1,]",
                "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"} {}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"} x",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}, {\"jsonrpc\"]",
                "// comment\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1e99999999999999,\"method\":\"eth_chainId\"}",
            })
    void shouldRefuseAsAWholeWhatIsNotJson(String body) {
        assertThat(answer(body)).isEqualTo(UNREADABLE);
    }

    @Test
    void shouldReadUtf8AndNothingElse() {
        for (Charset charset : List.of(
                StandardCharsets.UTF_16,
                StandardCharsets.UTF_16LE,
                StandardCharsets.UTF_16BE,
                Charset.forName("UTF-32LE"),
                Charset.forName("UTF-32BE"))) {
            assertThat(answer(CALL.getBytes(charset))).as("%s", charset).isEqualTo(UNREADABLE);
        }
        byte[] overlong = CALL.replace("eth_", "\u00c0\u0080").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(answer(overlong)).isEqualTo(UNREADABLE);
        assertThat(answer(("\ufeff" + CALL).getBytes(StandardCharsets.UTF_8))).isEqualTo(UNREADABLE);
    }

    @Test
    void shouldAnswerNothingToNotifications() {
        String notification = "{\"jsonrpc\":\"2.0\",\"method\":\"eth_chainId\"}";
        assertThat(answer(notification)).isEmpty();
        assertThat(answer("{\"jsonrpc\":\"2.0\",\"method\":\"eth_nothing\",\"params\":[1]}"))
                .isEmpty();
        assertThat(answer("[" + notification + "," + notification + "]")).isEmpty();
        assertThat(answer("[" + notification + "," + CALL + ",7," + notification + "]"))
                .isEqualTo("[" + ANSWER + "," + INVALID + "]");
    }

    @Test
    void shouldAnswerTheNoBatchWithOneError() {
        assertThat(answer("[]")).isEqualTo(INVALID.replace("invalid request", "empty batch"));
        assertThat(answer("[[]]")).isEqualTo("[" + INVALID + "]");
    }

    @Test
    void shouldTakeTheLastOfFieldsThatComeTwice() {
        assertThat(answer("{\"jsonrpc\":\"1\",\"jsonrpc\":\"2.0\",\"id\":[],\"id\":1,\"method\":7,"
                        + "\"method\":\"eth_chainId\",\"params\":{},\"params\":[]}"))
                .isEqualTo(ANSWER);
        assertThat(answer("{\"jsonrpc\":\"2.0\",\"jsonrpc\":7,\"id\":2,\"id\":1,\"method\":\"eth_chainId\"}"))
                .isEqualTo(INVALID.replace("\"id\":null", "\"id\":1"));
    }

    @Test
    void shouldTakeParametersByPositionOrNone() {
        for (String params : List.of("", ",\"params\":[]", ",\"params\":null", ",\"other\":{\"params\":[5]}")) {
            assertThat(answer("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\"" + params + "}"))
                    .isEqualTo(ANSWER);
        }
        for (String params : List.of("{}", "1", "\"x\"", "false")) {
            assertThat(answer("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"eth_chainId\",\"params\":" + params + "}"))
                    .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":-32602,\"message\":"
                            + "\"non-array args\"}}");
        }
    }

    @Test
    void shouldRepeatNoMoreThanABitOfALongName() {
        String long_ = "m".repeat(1_000_000);
        assertThat(answer("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + long_ + "\"}"))
                .contains("-32601")
                .hasSizeLessThan(300);
    }

    private String answer(String body) {
        return answer(body.getBytes(StandardCharsets.UTF_8));
    }

    private String answer(byte[] body) {
        return new String(node.post(body).body(), StandardCharsets.UTF_8);
    }
}
