package coco.cli.demo.compare;

import coco.client.ClientLimits;
import coco.client.JsonRpcClient;
import coco.evm.BlockEnvironment;
import coco.evm.types.Address;
import coco.evm.types.Word;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What became of the transactions on one network, read from its receipts once the race is over. */
final class Outcomes {
    private final SourceTransaction.@Nullable Outcome[] outcomes;
    private final Map<Long, BlockEnvironment> blocks = new HashMap<>();

    private Outcomes(int count) {
        this.outcomes = new SourceTransaction.Outcome[count];
    }

    /**
     * Reads the receipts of all blocks that a lane has seen.
     *
     * @param numbers which transaction has a hash
     * @throws coco.client.ClientException the node does not answer
     */
    static Outcomes read(URI node, Lane lane, int count, Map<String, Integer> numbers) {
        Outcomes read = new Outcomes(count);
        TreeSet<Long> blocks = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            if (lane.block(i) >= 0) {
                blocks.add(lane.block(i));
            }
        }
        try (JsonRpcClient rpc = new JsonRpcClient(node, null, ClientLimits.DEFAULT)) {
            for (long block : blocks) {
                String number = "0x" + Long.toHexString(block);
                read.blocks.put(block, environment(rpc.result("eth_getBlockByNumber", number, false)));
                for (JsonNode receipt : rpc.result("eth_getBlockReceipts", number)) {
                    Integer transaction =
                            numbers.get(receipt.path("transactionHash").asString(""));
                    if (transaction != null) {
                        read.outcomes[transaction] = new SourceTransaction.Outcome(
                                receipt.path("status").asString("").equals("0x1"),
                                Long.decode(receipt.path("gasUsed").asString("0x0")));
                    }
                }
            }
        }
        return read;
    }

    /** Null if it is in no block. */
    SourceTransaction.@Nullable Outcome of(int transaction) {
        return outcomes[transaction];
    }

    /** What the transactions of a block could learn about it. */
    @Nullable
    BlockEnvironment block(long number) {
        return blocks.get(number);
    }

    private static BlockEnvironment environment(JsonNode block) {
        return new BlockEnvironment(
                Long.decode(block.path("number").asString("0x0")),
                Long.decode(block.path("timestamp").asString("0x0")),
                Long.decode(block.path("gasLimit").asString("0x0")),
                word(block, "baseFeePerGas"),
                word(block, "mixHash"),
                Address.fromHex(block.path("miner").asString("")),
                Word.ONE);
    }

    private static Word word(JsonNode block, String field) {
        JsonNode value = block.get(field);
        return value == null || !value.isString() ? Word.ZERO : Word.fromHex(value.stringValue());
    }
}
