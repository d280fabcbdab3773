package coco.ledgers.ethereum.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import coco.evm.trie.OrderedTrieRoot;
import coco.evm.types.Block;
import coco.evm.types.Header;
import coco.evm.types.MalformedException;
import coco.ledgers.api.testing.SingleNode;
import coco.ledgers.ethereum.testing.PublicChain;
import coco.ledgers.ethereum.testing.Rpc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Every block of a public chain, from Frontier to Osaka, executed once more for tracers. */
class ImportedTracesTest {
    private static final long ETHER_REWARDS = 2;

    @Test
    void shouldReplayEveryBlockAsItWasWhenAPublicChainIsImported() throws IOException, MalformedException {
        SingleNode node = PublicChain.node().mining(false);
        Rpc rpc = new Rpc(node);
        long newest = Long.decode(rpc.result("eth_blockNumber").asString());
        int transactions = 0;
        int rewards = 0;
        int ommers = 0;
        for (long number = 1; number <= newest; number++) {
            String tag = Hexes.quantity(number);
            JsonNode receipts = rpc.result("eth_getBlockReceipts", tag);
            JsonNode traces = rpc.result(
                    "debug_traceBlockByNumber",
                    tag,
                    Map.of("tracer", "callTracer", "tracerConfig", Map.of("withLog", true)));
            assertThat(traces.size()).isEqualTo(receipts.size());
            for (int i = 0; i < traces.size(); i++) {
                transactions++;
                String what = "transaction " + i + " of block " + number;
                assertThat(traces.get(i).get("result").get("gasUsed"))
                        .as(what)
                        .isEqualTo(receipts.get(i).get("gasUsed"));
                List<String> indexes = new ArrayList<>();
                addIndexes(traces.get(i).get("result"), indexes);
                List<String> logged = new ArrayList<>();
                receipts.get(i)
                        .get("logs")
                        .forEach(log -> logged.add(log.get("logIndex").asString()));
                assertThat(indexes).as(what).containsExactlyInAnyOrderElementsOf(logged);
            }
            Block block = Block.decode(hex(rpc.result("debug_getRawBlock", tag).asString()));
            List<byte[]> raw = new ArrayList<>();
            rpc.result("debug_getRawReceipts", tag).forEach(each -> raw.add(hex(each.asString())));
            assertThat(OrderedTrieRoot.of(raw))
                    .as("receipts of block " + number)
                    .isEqualTo(block.header().receiptsRoot());
            List<JsonNode> paid = rewards(rpc.result("trace_block", tag));
            rewards += paid.size();
            ommers += block.ommers().size();
            assertThat(paid)
                    .hasSize(isMined(block.header()) ? 1 + block.ommers().size() : 0);
        }
        System.out.printf(
                "%d transactions of %d blocks replayed, %d rewards, %d ommers%n",
                transactions, newest, rewards, ommers);
        assertThat(transactions).isGreaterThan(100);
        assertThat(ommers).isPositive();
        assertThat((long) rewards).isGreaterThan(ommers * ETHER_REWARDS);
    }

    private static boolean isMined(Header header) {
        return !header.difficulty().isZero();
    }

    private static void addIndexes(JsonNode call, List<String> into) {
        call.path("logs").forEach(log -> into.add(log.get("index").asString()));
        call.path("calls").forEach(inner -> addIndexes(inner, into));
    }

    private static List<JsonNode> rewards(JsonNode traces) {
        List<JsonNode> rewards = new ArrayList<>();
        for (JsonNode trace : traces) {
            if (trace.get("type").asString().equals("reward")) {
                assertThat(trace.get("transactionHash").isNull()).isTrue();
                rewards.add(trace);
            }
        }
        return rewards;
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.substring(2));
    }
}
