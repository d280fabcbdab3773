package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.types.Authorization;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.ApiDocument;
import coco.ledgers.ethereum.testing.Contracts;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.PublicChain;
import coco.ledgers.ethereum.testing.Rpc;
import coco.ledgers.ethereum.testing.SchemaCheck;
import coco.ledgers.ethereum.testing.SchemaValues;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenRpcTest {
    /** Parameters that the published document forgets to call required, or calls so where geth does without. */
    private static final Set<String> OTHERWISE_REQUIRED = Set.of(
            "eth_getBlockTransactionCountByHash Block hash",
            "eth_getBlockTransactionCountByNumber Block",
            "eth_feeHistory rewardPercentiles");

    private static final Authorization DELEGATION =
            new Authorization(Word.of(Keys.CHAIN_ID), Keys.address(1), 0, 1, Word.ONE, Word.of(2));

    private static final int ROUNDS = 300;

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(4));
    private final Rpc rpc = new Rpc(node);
    private final ApiDocument ours = ApiDocument.ours();

    @Test
    void shouldDescribeExactlyTheMethodsThatThereAre() {
        // A node that had more would not start.
        Set<String> served = new TreeSet<>();
        rpc.result("rpc.discover")
                .get("methods")
                .forEach(method -> served.add(method.get("name").asString()));
        assertThat(served).isEqualTo(new TreeSet<>(ours.names()));
        for (String method : served) {
            if (!ours.method(method).has("x-transport")) {
                assertThat(rpc.send(method).path("error").path("code").asInt(0))
                        .as("%s", method)
                        .isNotEqualTo(RpcException.METHOD_NOT_FOUND);
            }
        }
        for (String module : rpc.result("rpc_modules").propertyNames()) {
            assertThat(served).anyMatch(method -> method.startsWith(module));
        }
    }

    @Test
    void shouldEqualTheDocumentInTheTree() throws IOException {
        Path page = Path.of(System.getProperty("coco.root"), "docs", "openrpc.json");
        String generated = Rpc.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(OpenRpc.document()) + "\n";
        if (System.getenv("COCO_REGENERATE") != null) {
            Files.writeString(page, generated);
        }
        assertThat(Files.readString(page))
                .as("regenerate by running this test with COCO_REGENERATE=1 in the environment")
                .isEqualTo(generated);
    }

    @Test
    void shouldReferToNothingThatIsMissingAndNameOptionalParametersLast() {
        JsonNode document = OpenRpc.document();
        for (JsonNode reference : document.findValues("$ref")) {
            ours.follow(reference.asString());
        }
        var dialect = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                .getSchema(com.networknt.schema.SchemaLocation.of("http://json-schema.org/draft-07/schema"));
        for (JsonNode method : document.get("methods")) {
            assertThat(method.get("summary").asString()).endsWith(".");
            assertThat(dialect.validate(method.at("/result/schema"))).isEmpty();
            boolean optional = false;
            for (JsonNode parameter : method.get("params")) {
                assertThat(dialect.validate(parameter.get("schema"))).isEmpty();
                boolean required = parameter.get("required").asBoolean();
                assertThat(optional && required).as("%s", method.get("name")).isFalse();
                optional |= !required;
            }
        }
        document.at("/components/schemas")
                .properties()
                .forEach(schema ->
                        assertThat(dialect.validate(schema.getValue())).isEmpty());
    }

    @Test
    void shouldHaveThePublishedMethodsAndParameters() {
        ApiDocument published = published();
        List<String> differences = new ArrayList<>();
        for (String name : published.names()) {
            JsonNode theirs = published.method(name).path("params");
            JsonNode own = ours.method(name).get("params");
            for (int i = 0; i < theirs.size(); i++) {
                String parameter = theirs.get(i).get("name").asString();
                boolean required = theirs.get(i).path("required").asBoolean(false);
                JsonNode same = own.path(i);
                if (!same.path("name").asString("").equals(parameter)) {
                    differences.add(name + ": " + parameter + " is " + same.path("name"));
                } else if (same.get("required").asBoolean()
                        == required
                        == OTHERWISE_REQUIRED.contains(name + " " + parameter)) {
                    differences.add(name + " " + parameter + ": whether it is required");
                }
            }
            for (int i = theirs.size(); i < own.size(); i++) {
                if (own.get(i).get("required").asBoolean()) {
                    differences.add(name + ": " + own.get(i).get("name") + " is required and unknown to others");
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(published.names()).hasSizeGreaterThan(50);
    }

    @Test
    void shouldAllowNoResultThatThePublishedDocumentForbids() {
        ApiDocument published = published();
        Random random = new Random(20_261_126);
        SchemaValues values = new SchemaValues(ours, random, name -> null);
        int compared = 0;
        for (String name : published.names()) {
            JsonNode schema = ours.resultSchema(name);
            for (int i = 0; i < ROUNDS; i++) {
                JsonNode value = values.value(schema);
                assertThat(ours.problems(schema, value))
                        .as("%s: %s", name, value)
                        .isEmpty();
                assertThat(published.problems(published.resultSchema(name), value))
                        .as("%s: %s", name, value)
                        .isEmpty();
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(10_000);
    }

    private static ApiDocument published() {
        ApiDocument published = ApiDocument.published();
        Assumptions.assumeTrue(published != null, "test data is missing: rpc-compat/src");
        return java.util.Objects.requireNonNull(published);
    }

    @Test
    void shouldDescribeTheAnswersOfBlocksOfAllKinds() {
        String contract = send(
                        0,
                        Keys.transfer(0)
                                .to(null)
                                .value(Word.ZERO)
                                .gasLimit(300_000)
                                .data(Contracts.creation(Contracts.COUNTER)))
                .get("contractAddress")
                .asString();
        for (Transaction.Type type : List.of(
                Transaction.Type.LEGACY,
                Transaction.Type.ACCESS_LIST,
                Transaction.Type.DYNAMIC_FEE,
                Transaction.Type.SET_CODE)) {
            send(
                    type.code(),
                    Transaction.builder(type)
                            .chainId(Keys.CHAIN_ID)
                            .nonce(type.code() % 4 == 0 ? 1 + type.code() / 4 : 0)
                            .gasLimit(200_000)
                            .to(coco.evm.types.Address.fromHex(contract))
                            .authorizations(type.code() == 4 ? List.of(DELEGATION) : List.of())
                            .data(type.code() == 1 ? new byte[] {1} : new byte[0]));
        }
        Map<String, Object> call =
                Map.of("to", contract, "from", Keys.address(0).hex());
        int transactions = 0;
        for (int block = 0; block <= 5; block++) {
            transactions += checkBlock(rpc, block);
            String number = "0x" + block;
            checked("eth_getBalance", contract, number);
            checked("eth_getCode", contract, number);
            checked("eth_getProof", contract, List.of("0x0"), number);
            checked("eth_getStorageValues", Map.of(contract, List.of("0x" + "0".repeat(64))), number);
            checked("eth_call", call, number);
            checked("debug_traceCall", call, number);
            checked("trace_call", call, List.of("trace", "stateDiff"), number);
            checked("trace_callMany", List.of(List.of(call, List.of("trace"))), number);
        }
        assertThat(transactions).isEqualTo(5);
        checked("eth_getLogs", Map.of("fromBlock", "0x0", "address", contract));
        checked("trace_filter", Map.of("fromBlock", "0x0", "toBlock", "latest"));
        checked("eth_getBlockByHash", "0x" + "12".repeat(32), false);
        checked("eth_estimateGas", call);
        checked("eth_createAccessList", call);
        checked("eth_fillTransaction", call);
        checked(
                "eth_simulateV1",
                Map.of("blockStateCalls", List.of(Map.of("calls", List.of(call))), "returnFullTransactions", true));
        checked("eth_getStorageAt", contract, "0x0", "latest");
        checked("eth_getBlockAccessList", "latest");
        checked("eth_sendTransaction", call);
        node.mining(false);
        String pooled = Rpc.hex(submit(2, Keys.transfer(9)).hash());
        submit(3, Keys.transfer(1));
        checked("eth_getTransactionByHash", pooled);
        checked("txpool_contentFrom", Keys.address(2).hex());
        for (String method : ours.names()) {
            if (ours.method(method).get("params").isEmpty()) {
                checked(method);
            }
        }
    }

    @Test
    void shouldDescribeTheAnswersOfAPublicChainFromFrontierToOsaka() throws IOException {
        Rpc imported = new Rpc(PublicChain.node());
        long head = Long.decode(imported.result("eth_blockNumber").asString());
        int transactions = 0;
        for (long block = 0; block <= head; block++) {
            transactions += checkBlock(imported, block);
        }
        assertThat(transactions).isGreaterThan(80);
    }

    /** Asks for everything that a block has, and gives the number of its transactions. */
    private static int checkBlock(Rpc rpc, long block) {
        String number = "0x" + Long.toHexString(block);
        JsonNode whole = checked(rpc, "eth_getBlockByNumber", number, true);
        String hash = whole.get("hash").asString();
        checked(rpc, "eth_getBlockByHash", hash, false);
        checked(rpc, "eth_getBlockReceipts", number);
        checked(rpc, "eth_feeHistory", "0x3", number, new double[] {10, 90});
        checked(rpc, "eth_getLogs", Map.of("blockHash", hash));
        for (JsonNode transaction : whole.get("transactions")) {
            String id = transaction.get("hash").asString();
            checked(rpc, "eth_getTransactionByHash", id);
            checked(rpc, "eth_getTransactionReceipt", id);
            checked(rpc, "debug_getRawTransaction", id);
            checked(rpc, "debug_traceTransaction", id);
            checked(rpc, "trace_transaction", id);
            checked(rpc, "trace_get", id, List.of());
            checked(rpc, "trace_replayTransaction", id, List.of("trace", "vmTrace"));
            checked(
                    rpc,
                    "trace_rawTransaction",
                    rpc.result("debug_getRawTransaction", id).asString(),
                    List.of("trace"));
        }
        for (String tracer : List.of("callTracer", "prestateTracer", "4byteTracer")) {
            checked(rpc, "debug_traceBlockByNumber", number, Map.of("tracer", tracer));
        }
        checked(rpc, "debug_traceBlockByHash", hash, Map.of("enableMemory", true, "enableReturnData", true));
        checked(
                rpc,
                "debug_traceBlockByHash",
                hash,
                Map.of("tracer", "prestateTracer", "tracerConfig", Map.of("diffMode", true)));
        checked(
                rpc,
                "debug_traceBlockByHash",
                hash,
                Map.of("tracer", "callTracer", "tracerConfig", Map.of("withLog", true)));
        checked(rpc, "trace_block", number);
        checked(rpc, "debug_traceBlock", rpc.result("debug_getRawBlock", number).asString());
        checked(rpc, "trace_replayBlockTransactions", number, List.of("trace", "stateDiff", "vmTrace"));
        for (String method : List.of("debug_getRawBlock", "debug_getRawHeader", "debug_getRawReceipts")) {
            checked(rpc, method, number);
        }
        for (String method : List.of("eth_getTransactionByBlockNumberAndIndex", "eth_getUncleByBlockNumberAndIndex")) {
            checked(rpc, method, number, "0x0");
        }
        for (String method : List.of("eth_getBlockTransactionCountByNumber", "eth_getUncleCountByBlockNumber")) {
            checked(rpc, method, number);
        }
        return whole.get("transactions").size();
    }

    private JsonNode send(int sender, Transaction.Builder fields) {
        return checked("eth_sendRawTransactionSync", Rpc.raw(fields.sign(Keys.CURVE, Keys.secret(sender % 4))));
    }

    private Transaction submit(int sender, Transaction.Builder fields) {
        Transaction transaction = fields.sign(Keys.CURVE, Keys.secret(sender));
        checked("eth_sendRawTransaction", Rpc.raw(transaction));
        return transaction;
    }

    private JsonNode checked(String method, Object... params) {
        return checked(rpc, method, params);
    }

    /** Asks, and holds the answer against the documents. */
    private static JsonNode checked(Rpc rpc, String method, Object... params) {
        JsonNode response = rpc.send(method, params);
        assertThat(SchemaCheck.check(method, Rpc.MAPPER.valueToTree(params), response))
                .as("%s%s: %s", method, List.of(params), response)
                .isEmpty();
        return response.path("result");
    }
}
