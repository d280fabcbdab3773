package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** eth_getLogs by the index, beside a plain look at every receipt. */
class LogQueryTest {
    private static final int EMITTERS = 3;
    private static final int SENDERS = 3;

    private final SingleNode node = new SingleNode(new EthereumLedgerFactory(), Keys.genesis(SENDERS)).mining(false);
    private final Rpc rpc = new Rpc(node);
    private final long[] nonces = new long[SENDERS];
    private final List<String> emitters = new ArrayList<>();

    private void send(Transaction.Builder transaction, int sender) {
        rpc.result("eth_sendRawTransaction", Rpc.raw(transaction.sign(Keys.CURVE, Keys.secret(sender))));
        nonces[sender]++;
    }

    private void deployEmitters() {
        node.settings(sendingOnly());
        for (int i = 0; i < EMITTERS; i++) {
            Transaction creation = Keys.transfer(nonces[0])
                    .gasLimit(1_000_000)
                    .to(null)
                    .value(Word.ZERO)
                    .data(Contracts.creation(Contracts.EMITTER))
                    .sign(Keys.CURVE, Keys.secret(0));
            rpc.result("eth_sendRawTransaction", Rpc.raw(creation));
            nonces[0]++;
            node.mine();
            emitters.add(rpc.result("eth_getTransactionReceipt", Rpc.hex(creation.hash()))
                    .get("contractAddress")
                    .asString());
        }
    }

    private static RpcSettings sendingOnly() {
        return limits(RpcSettings.DEFAULTS.maxScannedBlocks(), RpcSettings.DEFAULTS.maxResults());
    }

    private static RpcSettings limits(int maxScannedBlocks, int maxResults) {
        RpcSettings d = RpcSettings.DEFAULTS;
        return d.toBuilder()
                .sendReply(RpcSettings.SendReply.ACCEPTED)
                .maxScannedBlocks(maxScannedBlocks)
                .maxResults(maxResults)
                .build();
    }

    private void emit(int emitter, int... topics) {
        byte[] data = new byte[32 * topics.length];
        for (int i = 0; i < topics.length; i++) {
            System.arraycopy(topic(topics[i]), 0, data, 32 * i, 32);
        }
        send(
                Keys.transfer(nonces[1])
                        .gasLimit(100_000)
                        .to(Address.fromHex(emitters.get(emitter)))
                        .value(Word.ZERO)
                        .data(data),
                1);
    }

    private static byte[] topic(int number) {
        byte[] topic = new byte[32];
        topic[0] = (byte) (number % 3);
        topic[31] = (byte) number;
        return topic;
    }

    private static String hex(int topic) {
        return Rpc.hex(topic(topic));
    }

    private static String block(long number) {
        return "0x" + Long.toHexString(number);
    }

    @Test
    void shouldFindByTheIndexWhatAllReceiptsShow() {
        Random random = new Random(20_261_126);
        deployEmitters();
        for (int block = 0; block < 150; block++) {
            int transactions = 1 + random.nextInt(3);
            for (int i = 0; i < transactions; i++) {
                if (random.nextInt(3) == 0) {
                    send(Keys.transfer(nonces[2]), 2);
                } else {
                    emit(random.nextInt(EMITTERS), topics(random));
                }
            }
            node.mine();
        }
        List<JsonNode> all = allLogs();
        long head = node.blocks().size() - 1L;
        int hits = 0;
        for (int i = 0; i < 500; i++) {
            long from = random.nextLong(head + 1);
            long to = random.nextInt(4) == 0 ? from : random.nextLong(from, head + 1);
            Map<String, Object> filter = filter(random);
            filter.put("fromBlock", block(from));
            filter.put("toBlock", block(to));
            List<JsonNode> expected = all.stream()
                    .filter(log -> between(log, from, to) && matches(log, filter))
                    .toList();
            assertThat(List.copyOf(
                            rpc.result("eth_getLogs", filter).valueStream().toList()))
                    .as("filter %d: %s", i, filter)
                    .isEqualTo(expected);
            hits += expected.size();
        }
        assertThat(all).hasSizeGreaterThan(150);
        assertThat(hits).as("logs found by 500 filters").isGreaterThan(2_000);
    }

    private static int[] topics(Random random) {
        int[] topics = new int[random.nextInt(5)];
        for (int i = 0; i < topics.length; i++) {
            // Few that are everywhere, many that are rare.
            topics[i] = random.nextBoolean() ? random.nextInt(2) : random.nextInt(60);
        }
        return topics;
    }

    private Map<String, Object> filter(Random random) {
        Map<String, Object> filter = new LinkedHashMap<>();
        if (random.nextBoolean()) {
            List<String> addresses = new ArrayList<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                addresses.add(
                        random.nextInt(6) == 0
                                ? "0x00000000000000000000000000000000000000ff"
                                : emitters.get(random.nextInt(EMITTERS)));
            }
            filter.put("address", random.nextBoolean() ? addresses.getFirst() : addresses);
        }
        List<Object> topics = new ArrayList<>();
        for (int position = random.nextInt(5); position > 0; position--) {
            List<String> alternatives = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                alternatives.add(hex(topics(random).length == 0 ? random.nextInt(60) : random.nextInt(3)));
            }
            topics.add(random.nextInt(3) == 0 ? null : alternatives);
        }
        filter.put("topics", topics);
        return filter;
    }

    private List<JsonNode> allLogs() {
        List<JsonNode> logs = new ArrayList<>();
        for (long number = 0; number < node.blocks().size(); number++) {
            for (JsonNode receipt : rpc.result("eth_getBlockReceipts", block(number))) {
                receipt.get("logs").forEach(logs::add);
            }
        }
        return logs;
    }

    private static boolean between(JsonNode log, long from, long to) {
        long number = Long.decode(log.get("blockNumber").asString());
        return from <= number && number <= to;
    }

    private static boolean matches(JsonNode log, Map<String, Object> filter) {
        Object address = filter.get("address");
        if (address != null && !asList(address).contains(log.get("address").asString())) {
            return false;
        }
        List<?> wanted = asList(filter.get("topics"));
        if (wanted.size() > log.get("topics").size()) {
            return false;
        }
        for (int i = 0; i < wanted.size(); i++) {
            List<?> alternatives = asList(wanted.get(i));
            if (!alternatives.isEmpty()
                    && !alternatives.contains(log.get("topics").get(i).asString())) {
                return false;
            }
        }
        return true;
    }

    private static List<?> asList(@Nullable Object value) {
        return value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
    }

    @Test
    void shouldReadOnlyTheBlocksThatTheIndexNames() {
        deployEmitters();
        for (int block = 0; block < 200; block++) {
            emit(0, 1, block % 50);
            node.mine();
        }
        // Blocks of the range's ends are known by their numbers; four of 200 blocks hold the pair.
        node.settings(limits(4, 100));
        int before = node.blocksRead();
        assertThat(rpc.result(
                        "eth_getLogs",
                        Map.of(
                                "fromBlock",
                                "earliest",
                                "address",
                                emitters.getFirst(),
                                "topics",
                                List.of(hex(1), List.of(hex(49), hex(59))))))
                .hasSize(4);
        assertThat(node.blocksRead() - before).isEqualTo(4);
        assertThat(rpc.result("eth_getLogs", Map.of("fromBlock", "0x0", "address", emitters.get(1))))
                .isEmpty();
        assertThat(node.blocksRead() - before).isEqualTo(4);
    }

    @Test
    void shouldNameARangeThatCanBeReadWhenALimitIsMet() {
        deployEmitters();
        for (int block = 0; block < 30; block++) {
            emit(0, 7);
            emit(0, 7);
            node.mine();
        }
        Map<String, Object> everything = Map.of("fromBlock", "0x0", "topics", List.of(hex(7)));
        node.settings(limits(10, 100));
        assertThat(rpc.error("eth_getLogs", everything))
                .isEqualTo("-32005 query reads more than 10 blocks. Try with this block range [0x4, 0xd].");
        assertThat(rpc.result("eth_getLogs", Map.of("fromBlock", "0x4", "toBlock", "0xd", "topics", List.of(hex(7)))))
                .hasSize(20);
        node.settings(limits(100, 15));
        assertThat(rpc.error("eth_getLogs", everything))
                .isEqualTo("-32005 query returned more than 15 results. Try with this block range [0x4, 0xa].");
        node.settings(limits(100, 1));
        assertThat(rpc.error("eth_getLogs", everything)).isEqualTo("-32005 query returned more than 1 results");
        node.settings(limits(10, 100));
        assertThat(rpc.error("eth_getLogs", Map.of("fromBlock", "0x0")))
                .isEqualTo("-32602 query exceeds max block range 10");
    }

    @Test
    void shouldFindLogsOfTheNewestBlockAndOfOneByHash() {
        deployEmitters();
        emit(1, 5);
        node.mine();
        String hash =
                rpc.result("eth_getBlockByNumber", "latest", false).get("hash").asString();
        for (Map<String, Object> blocks : List.<Map<String, Object>>of(
                Map.of(), Map.of("blockHash", hash), Map.of("fromBlock", "latest", "toBlock", "latest"))) {
            Map<String, Object> filter = new LinkedHashMap<>(blocks);
            filter.put("topics", List.of(hex(5)));
            JsonNode logs = rpc.result("eth_getLogs", filter);
            assertThat(logs).as("%s", blocks).hasSize(1);
            assertThat(logs.get(0).get("blockHash").asString()).isEqualTo(hash);
        }
    }
}
