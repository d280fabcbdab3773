package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.crypto.Keccak256;
import coco.evm.rlp.RlpWriter;
import coco.evm.transition.SystemCalls;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.RpcSettings;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.EthereumLedgerFactory;
import coco.ledgers.ethereum.testing.Contracts;
import coco.ledgers.ethereum.testing.Keys;
import coco.ledgers.ethereum.testing.Rpc;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SimulateTest {
    private static final String CONTRACT = Address.of(0xC0).hex();
    private static final String SENDER = Keys.address(0).hex();

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(4));
    private final Rpc rpc = new Rpc(node);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                                    | -32602 empty input
            {"blockStateCalls": []}                               | -32602 empty input
            {"blockStateCalls": {}}                               | -32602 invalid argument 0: json: cannot unmarshal object into Go value of type []ethapi.simBlock
            {"blockStateCalls": [5]}                              | -32602 invalid argument 0: json: cannot unmarshal number into Go value of type ethapi.simBlock
            {"blockStateCalls": [{"calls": {}}]}                  | -32602 invalid argument 0: json: cannot unmarshal object into Go value of type []ethapi.TransactionArgs
            {"blockStateCalls": [{}], "validation": "yes"}        | -32602 invalid argument 0: json: cannot unmarshal string into Go value of type bool
            {"blockStateCalls": [{"blockOverrides": {"number": "0x0"}}]}   | -38020 block numbers must be in order: 0 <= 0
            {"blockStateCalls": [{"blockOverrides": {"number": "0x101"}}]} | -38026 too many blocks
            {"blockStateCalls": [{"blockOverrides": {"number": "0xffffffffffffffffffffffffffffffff"}}]} | -38026 too many blocks
            {"blockStateCalls": [{"blockOverrides": {"time": "0x1"}}]}     | -38021 block timestamps must be in order: 1 <= 1700000000
            {"blockStateCalls": [{"calls": [{"gas": "0x5f5e101"}]}]}       | -38015 block gas limit reached: remaining: 100000000, required: 100000001
            {"blockStateCalls": [{"calls": [{"gas": "0x5207", "to": "TO"}]}]} | -38013 err: intrinsic gas too low: have 20999, want 21000 (supplied gas 20999)
            {"blockStateCalls": [{"calls": [{"nonce": "0x7", "to": "TO"}]}], "validation": true} | -38011 err: nonce too high: address 0x0000000000000000000000000000000000000000, tx: 7 state: 0 (supplied gas 50000000)
            {"blockStateCalls": [{"calls": [{"to": "TO", "maxPriorityFeePerGas": "0x1"}]}]} | -32602 err: max priority fee per gas higher than max fee per gas: address 0x0000000000000000000000000000000000000000, maxPriorityFeePerGas: 1, maxFeePerGas: 0 (supplied gas 50000000)
            {"blockStateCalls": [{"calls": [{"to": "TO", "blobVersionedHashes": []}]}]} | -32602 err: blob transaction missing blob hashes (supplied gas 50000000)
            """)
    void shouldRefuseWithTheCodeOfTheSpecification(String payload, String expected) {
        Object value = Rpc.MAPPER.readValue(payload.replace("TO", CONTRACT), Object.class);
        assertThat(rpc.error("eth_simulateV1", value)).isEqualTo(expected);
    }

    @Test
    void shouldGiveUpAfterTooManyCallsInABlock() {
        Map<String, Object> call = Map.of("to", CONTRACT);
        assertThat(rpc.error("eth_simulateV1", blocks(Map.of("calls", Collections.nCopies(5_001, call)))))
                .isEqualTo("-38026 too many calls in block: 5001 > 5000");
    }

    @Test
    void shouldBoundTheGasOfSystemContractsThatAClientHasReplaced() {
        Map<String, Object> endless =
                Map.of("stateOverrides", Map.of(SystemCalls.HISTORY.hex(), Map.of("code", Rpc.hex(Contracts.ENDLESS))));
        assertThat(rpc.result("eth_simulateV1", blocks(endless))).hasSize(1);
        assertThat(rpc.error("eth_simulateV1", blocks(endless, Map.of(), Map.of())))
                .isEqualTo("-38026 system calls need more gas than a simulation has");
    }

    @Test
    void shouldLetAllCallsTogetherUseNoMoreGasThanOneCallMay() {
        node.settings(settings(60_000, 5_000, 25_000_000));
        Map<String, Object> call = Map.of("from", SENDER, "to", CONTRACT, "gas", "0x7530");
        JsonNode two =
                rpc.result("eth_simulateV1", blocks(Map.of("calls", List.of(call)), Map.of("calls", List.of(call))));
        assertThat(two).hasSize(2);
        Map<String, Object> block = Map.of("calls", List.of(call));
        assertThat(rpc.error("eth_simulateV1", blocks(block, block, block)))
                .isEqualTo("-38013 err: intrinsic gas too low: have 18000, want 21000 (supplied gas 18000)");
    }

    @Test
    void shouldGiveUpWhenTimeOrRoomIsUsedUp() {
        Map<String, Object> endless = Map.of(CONTRACT, Map.of("code", Rpc.hex(Contracts.ENDLESS)));
        node.settings(settings(Long.MAX_VALUE / 4, 50, 25_000_000)).clockMillis(1);
        Map<String, Object> unlimited = Map.of(
                "blockOverrides",
                Map.of("gasLimit", "0x7fffffffffffffff"),
                "stateOverrides",
                endless,
                "calls",
                List.of(Map.of("to", CONTRACT)));
        assertThat(rpc.error("eth_simulateV1", blocks(unlimited)))
                .isEqualTo("-32016 execution aborted (timeout = 50ms)");
        assertThat(rpc.error("eth_createAccessList", Map.of("to", CONTRACT), "latest", endless))
                .isEqualTo("-32000 execution aborted (timeout = 50ms)");
        node.settings(settings(50_000_000, 5_000, 20_000)).clockMillis(0);
        // RETURN of 4 kB.
        Map<String, Object> talkative = Map.of(CONTRACT, Map.of("code", "0x6110005ff3"));
        Map<String, Object> calls =
                Map.of("stateOverrides", talkative, "calls", Collections.nCopies(10, Map.of("to", CONTRACT)));
        assertThat(rpc.error("eth_simulateV1", blocks(calls))).isEqualTo("-32003 response too large");
    }

    @Test
    void shouldFillGapsWithEmptyBlocksAndChainAllHashes() {
        JsonNode result = rpc.result(
                "eth_simulateV1",
                blocks(
                        Map.of("blockOverrides", Map.of("number", "0x3")),
                        Map.of("blockOverrides", Map.of("number", "0x100"))));
        assertThat(result).hasSize(256);
        JsonNode parent = rpc.result("eth_getBlockByNumber", "latest", false);
        for (JsonNode block : result) {
            assertThat(block.get("parentHash")).isEqualTo(parent.get("hash"));
            assertThat(Long.decode(block.get("number").asString()))
                    .isEqualTo(Long.decode(parent.get("number").asString()) + 1);
            assertThat(Long.decode(block.get("timestamp").asString()))
                    .isEqualTo(Long.decode(parent.get("timestamp").asString()) + 12);
            parent = block;
        }
    }

    @Test
    void shouldPayWithdrawalsAndNameThemInTheHeader() {
        Map<String, Object> withdrawal =
                Map.of("index", "0x1", "validatorIndex", "0x2", "address", CONTRACT, "amount", "0x3");
        JsonNode blocks = rpc.result(
                "eth_simulateV1",
                blocks(
                        Map.of("blockOverrides", Map.of("withdrawals", List.of(withdrawal))),
                        // BALANCE of the account, returned.
                        Map.of("calls", List.of(Map.of("data", "0x60c0315f5260205ff3")))));
        JsonNode block = blocks.get(0);
        assertThat(block.get("withdrawals").toString())
                .contains(CONTRACT, "\"amount\":\"0x3\"", "\"validatorIndex\":\"0x2\"");
        assertThat(block.get("withdrawalsRoot").asString())
                .isNotEqualTo("0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
        assertThat(blocks.get(1).get("calls").get(0).get("returnData").asString())
                .isEqualTo("0x%064x".formatted(3_000_000_000L));
    }

    @Test
    void shouldLogTransfersOfEtherWhereTheyAreAskedFor() {
        // Sends on all it gets to 0xdd, then destroys itself in favour of 0xee.
        String code = "0x5f5f5f5f60028047046" + "0dd5af15060eeff";
        Map<String, Object> state = Map.of(CONTRACT, Map.of("code", code, "balance", "0x6"));
        Map<String, Object> block = Map.of(
                "stateOverrides", state, "calls", List.of(Map.of("from", SENDER, "to", CONTRACT, "value", "0x2")));
        JsonNode quiet = rpc.result("eth_simulateV1", blocks(block)).get(0);
        JsonNode told = rpc.result("eth_simulateV1", Map.of("blockStateCalls", List.of(block), "traceTransfers", true))
                .get(0);
        assertThat(quiet.get("calls").get(0).get("logs")).isEmpty();
        List<String> seen = new ArrayList<>();
        for (JsonNode log : told.get("calls").get(0).get("logs")) {
            seen.add(tail(log.get("topics").get(1)) + ">"
                    + tail(log.get("topics").get(2)) + " "
                    + Long.decode(log.get("data").asString()) + " at "
                    + log.get("logIndex").asString());
            assertThat(log.get("address").asString()).isEqualTo("0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");
            assertThat(log.get("blockHash")).isEqualTo(told.get("hash"));
        }
        assertThat(seen).containsExactly(SENDER.substring(40) + ">c0 2 at 0x0", "c0>dd 4 at 0x1", "c0>ee 4 at 0x2");
        assertThat(told.get("hash")).isEqualTo(quiet.get("hash"));
    }

    private static String tail(JsonNode text) {
        return text.asString().substring(64);
    }

    @Test
    void shouldShowTransactionsOfEachTypeWithASignatureOfZeros() {
        JsonNode block = rpc.result(
                        "eth_simulateV1",
                        Map.of(
                                "returnFullTransactions",
                                true,
                                "blockStateCalls",
                                List.of(Map.of(
                                        "calls",
                                        List.of(
                                                Map.of(
                                                        "from",
                                                        SENDER,
                                                        "to",
                                                        CONTRACT,
                                                        "gasPrice",
                                                        "0x3",
                                                        "gas",
                                                        "0x5209"),
                                                Map.of("from", SENDER, "to", CONTRACT, "gas", "0xea60"),
                                                Map.of(
                                                        "from",
                                                        SENDER,
                                                        "to",
                                                        CONTRACT,
                                                        "gas",
                                                        "0xea60",
                                                        "authorizationList",
                                                        List.of(Map.of(
                                                                "chainId", "0x0", "address", CONTRACT, "nonce", "0x0",
                                                                "yParity", "0x0", "r", "0x1", "s", "0x1"))))))))
                .get(0);
        JsonNode transactions = block.get("transactions");
        byte[] legacy = new RlpWriter()
                .beginList()
                .unsigned(0)
                .unsigned(3)
                .unsigned(0x5209)
                .string(Address.fromHex(CONTRACT).bytes())
                .unsigned(0)
                .string(new byte[0])
                .unsigned(0)
                .unsigned(0)
                .unsigned(0)
                .endList()
                .toBytes();
        assertThat(transactions.get(0).get("hash").asString()).isEqualTo(Rpc.hex(Keccak256.hash(legacy)));
        List<String> types = new ArrayList<>();
        for (JsonNode transaction : transactions) {
            types.add(transaction.get("type").asString());
            for (String field : List.of("v", "r", "s")) {
                assertThat(transaction.get(field).asString()).as(field).isEqualTo("0x0");
            }
            assertThat(transaction.get("from").asString()).isEqualTo(SENDER);
            assertThat(transaction.get("blockHash")).isEqualTo(block.get("hash"));
        }
        assertThat(types).containsExactly("0x0", "0x2", "0x4");
        assertThat(transactions.get(2).get("authorizationList")).hasSize(1);
        assertThat(block.get("calls").get(0).get("gasUsed").asString()).isEqualTo("0x5208");
    }

    @Test
    void shouldListSlotsThatAreFoundOnlyThroughOthers() {
        // SLOAD(SLOAD(SLOAD(0))), then BALANCE of 0xdd and of itself.
        Map<String, Object> state = Map.of(
                CONTRACT,
                Map.of(
                        "code",
                        "0x5f54545450" + "60dd3150" + "303150" + "00",
                        "state",
                        Map.of(word(0), word(9), word(9), word(7))));
        JsonNode result = rpc.result("eth_createAccessList", Map.of("to", CONTRACT), "latest", state);
        assertThat(result.get("accessList").toString())
                .isEqualTo("[{\"address\":\"" + CONTRACT + "\",\"storageKeys\":[\"" + word(0) + "\",\"" + word(7)
                        + "\",\"" + word(9) + "\"]},{\"address\":\""
                        + Address.of(0xdd).hex() + "\",\"storageKeys\":[]}]");
        assertThat(result.has("error")).isFalse();
        Map<String, Object> listed = Map.of("to", CONTRACT, "accessList", result.get("accessList"));
        assertThat(rpc.result("eth_createAccessList", listed, "latest", state)).isEqualTo(result);
    }

    @Test
    void shouldListWhatWasTouchedAndSayWhyWhenTheCallFails() {
        Map<String, Object> state = Map.of(CONTRACT, Map.of("code", "0x60055450" + "5f5ffd"));
        JsonNode result = rpc.result("eth_createAccessList", Map.of("to", CONTRACT), "latest", state);
        assertThat(result.get("error").asString()).isEqualTo("execution reverted");
        assertThat(result.get("accessList")).hasSize(1);
        assertThat(rpc.error("eth_createAccessList", Map.of("to", CONTRACT, "value", "0x1")))
                .startsWith("-32000 failed to apply transaction: 0x")
                .endsWith("err: insufficient funds for gas * price + value: address "
                        + "0x0000000000000000000000000000000000000000 have 0 want 1");
    }

    @Test
    void shouldFillInWhatATransactionLacksSoThatItIsTakenOnceSigned() {
        JsonNode filled = rpc.result(
                "eth_fillTransaction", Map.of("from", SENDER, "to", CONTRACT, "value", "0x5", "maxFeePerGas", "0x0"));
        JsonNode tx = filled.get("tx");
        assertThat(tx.get("nonce").asString()).isEqualTo("0x0");
        assertThat(tx.get("gas").asString()).isEqualTo("0x5208");
        assertThat(tx.get("type").asString()).isEqualTo("0x2");
        Transaction signed = Transaction.builder(Transaction.Type.DYNAMIC_FEE)
                .chainId(Long.decode(tx.get("chainId").asString()))
                .nonce(Long.decode(tx.get("nonce").asString()))
                .gasLimit(Long.decode(tx.get("gas").asString()))
                .to(Address.fromHex(tx.get("to").asString()))
                .value(Word.of(Long.decode(tx.get("value").asString())))
                .sign(Keys.CURVE, Keys.secret(0));
        byte[] raw = HexFormat.of().parseHex(filled.get("raw").asString().substring(2));
        assertThat(raw[0]).isEqualTo((byte) 2);
        rpc.result("eth_sendRawTransactionSync", Rpc.raw(signed));
        assertThat(rpc.result("eth_fillTransaction", Map.of("from", SENDER, "to", CONTRACT))
                        .get("tx")
                        .get("nonce")
                        .asString())
                .isEqualTo("0x1");
        assertThat(rpc.error("eth_fillTransaction", Map.of("from", SENDER)))
                .isEqualTo("-32000 contract creation without any data provided");
        assertThat(rpc.error(
                        "eth_fillTransaction",
                        Map.of("to", CONTRACT, "maxFeePerGas", "0x1", "maxPriorityFeePerGas", "0x2")))
                .isEqualTo("-32000 maxFeePerGas (0x1) < maxPriorityFeePerGas (0x2)");
    }

    @Test
    void shouldSayThatItHoldsNoKeysWhenItIsToSign() {
        for (String method : List.of("eth_sign", "eth_signTransaction", "eth_sendTransaction")) {
            assertThat(rpc.error(method, Map.of("from", SENDER))).isEqualTo("-32000 unknown account");
        }
    }

    private static Map<String, Object> blocks(Object... blocks) {
        return Map.of("blockStateCalls", List.of(blocks));
    }

    private static String word(long value) {
        return "0x%064x".formatted(value);
    }

    private static RpcSettings settings(long gas, long callTimeoutMillis, int maxReplyBytes) {
        RpcSettings usual = RpcSettings.DEFAULTS;
        return usual.toBuilder()
                .callGasLimit(gas)
                .callTimeoutMillis(callTimeoutMillis)
                .maxReplyBytes(maxReplyBytes)
                .build();
    }
}
