package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class NodeMethodsTest {
    private static final String ADDRESS = Keys.address(0).hex();

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(2));
    private final Rpc rpc = new Rpc(node);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            eth_chainId          | "0x539"
            net_version          | "1337"
            net_listening        | true
            net_peerCount        | "0x0"
            eth_protocolVersion  | "0x0"
            eth_syncing          | false
            eth_accounts         | []
            eth_coinbase         | "0x0000000000000000000000000000000000000000"
            debug_getBadBlocks   | []
            """)
    void shouldAnswerWhatIsAskedOfTheNode(String method, String expected) {
        assertThat(rpc.result(method)).isEqualTo(Rpc.MAPPER.readTree(expected));
        assertThat(rpc.error(method, 1)).isEqualTo("-32602 too many arguments, want at most 0");
    }

    @Test
    void shouldHashWithKeccak() {
        assertThat(rpc.result("web3_sha3", "0x68656c6c6f20776f726c64").asString())
                .isEqualTo("0x47173285a8d7341e5e972fc677286384f802f8ef42a5ec5f03bbfa254cb01fad");
        assertThat(rpc.error("web3_sha3", "hello")).startsWith("-32602 ");
    }

    @Test
    void shouldSignForNobody() {
        assertThat(rpc.error("eth_sign", ADDRESS, "0x00")).isEqualTo("-32000 unknown account");
        assertThat(rpc.error("eth_signTransaction", Map.of("from", ADDRESS))).isEqualTo("-32000 unknown account");
        assertThat(rpc.error("eth_sendTransaction", Map.of("from", ADDRESS))).isEqualTo("-32000 unknown account");
    }

    @Test
    void shouldHaveNeitherOmmersNorAccessLists() {
        String hash =
                rpc.result("eth_getBlockByNumber", "latest", false).get("hash").asString();
        assertThat(rpc.result("eth_getUncleCountByBlockHash", hash).asString()).isEqualTo("0x0");
        assertThat(rpc.result("eth_getUncleCountByBlockNumber", "0x0").asString())
                .isEqualTo("0x0");
        assertThat(rpc.result("eth_getUncleCountByBlockNumber", "0x9").isNull()).isTrue();
        assertThat(rpc.result("eth_getUncleByBlockHashAndIndex", hash, "0x0").isNull())
                .isTrue();
        assertThat(rpc.error("eth_getUncleByBlockNumberAndIndex", "0x0", "0")).startsWith("-32602 ");
        assertThat(rpc.error("eth_getBlockAccessList", "0x0")).isEqualTo("-32001 block access list not found");
        assertThat(rpc.result("eth_getBlockAccessList", "0x9").isNull()).isTrue();
    }

    @Test
    void shouldTellTheConfigurationOfEachFork() {
        JsonNode always = rpc.result("eth_config");
        assertThat(always.get("current").get("activationTime").asLong()).isZero();
        assertThat(always.get("next").isNull()).isTrue();
        assertThat(always.get("current").get("precompiles")).hasSize(18);
        String planned = Keys.genesis(1)
                .replace(
                        "\"chainId\": 1337",
                        "\"chainId\": 1337, \"mergeNetsplitBlock\": 0, \"shanghaiTime\": 0,"
                                + "\"cancunTime\": 1900000000, \"pragueTime\": 2000000000, \"osakaTime\": 2100000000");
        JsonNode config = new Rpc(new SingleNode(new EthereumLedgerFactory(), planned)).result("eth_config");
        assertThat(config.get("current").get("blobSchedule").get("max").asInt()).isZero();
        assertThat(config.get("current").get("systemContracts")).isEmpty();
        assertThat(config.get("current").get("precompiles")).hasSize(9);
        assertThat(config.get("next").get("activationTime").asLong()).isEqualTo(1_900_000_000);
        assertThat(config.get("next").get("blobSchedule").get("max").asInt()).isEqualTo(6);
        assertThat(config.get("last").get("activationTime").asLong()).isEqualTo(2_100_000_000);
        assertThat(config.get("last").get("precompiles")).hasSize(18);
        assertThat(config.get("last").get("forkId"))
                .isNotEqualTo(config.get("next").get("forkId"));
    }

    @Test
    void shouldTellFromWhichBlockOnStatesAreKept() {
        for (int nonce = 0; nonce < 9; nonce++) {
            rpc.result("eth_sendRawTransaction", Rpc.raw(Keys.transfer(nonce).sign(Keys.CURVE, Keys.secret(0))));
        }
        assertThat(rpc.result("eth_capabilities").at("/state")).isEqualTo(Rpc.MAPPER.readTree("""
                {"disabled": false, "oldestBlock": "0x0"}"""));
        for (int kept = 1; kept <= 9; kept++) {
            node.stateBlocks(kept);
            JsonNode state = rpc.result("eth_capabilities").get("state");
            String oldest = state.get("oldestBlock").asString();
            assertThat(Long.decode(oldest)).isEqualTo(10 - kept);
            assertThat(Long.decode(state.at("/deleteStrategy/retentionBlocks").asString()))
                    .isEqualTo(kept);
            rpc.result("eth_getBalance", ADDRESS, oldest);
            assertThat(rpc.error("eth_getBalance", ADDRESS, "0x" + (9 - kept))).contains("is not available");
        }
        assertThat(node.openViews()).isZero();
    }

    @Test
    void shouldNotStartWithAMethodThatNobodyDescribed() {
        Map<String, Method> methods = new HashMap<>(Map.of("eth_secret", (exchange, params) -> Answer.NULL));
        assertThatThrownBy(() -> NodeMethods.registerDiscovery(methods, "test"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("eth_secret is not described");
    }
}
