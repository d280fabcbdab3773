package coco.ledgers.ethereum.chain;

import coco.evm.types.Fork;
import coco.ledgers.api.LedgerException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the "config" of a genesis document says: the chain's id and when each fork begins. Names are geth's. A document
 * that names no fork at all means the newest one, from the beginning.
 */
public final class ChainConfig {
    private static final Map<String, Fork> BY_BLOCK = Map.ofEntries(
            Map.entry("homesteadBlock", Fork.HOMESTEAD),
            Map.entry("eip150Block", Fork.TANGERINE_WHISTLE),
            Map.entry("eip158Block", Fork.SPURIOUS_DRAGON),
            Map.entry("byzantiumBlock", Fork.BYZANTIUM),
            Map.entry("constantinopleBlock", Fork.CONSTANTINOPLE),
            Map.entry("petersburgBlock", Fork.PETERSBURG),
            Map.entry("istanbulBlock", Fork.ISTANBUL),
            Map.entry("berlinBlock", Fork.BERLIN),
            Map.entry("londonBlock", Fork.LONDON),
            Map.entry("mergeNetsplitBlock", Fork.PARIS));
    private static final Map<String, Fork> BY_TIME = Map.of(
            "shanghaiTime", Fork.SHANGHAI,
            "cancunTime", Fork.CANCUN,
            "pragueTime", Fork.PRAGUE,
            "osakaTime", Fork.OSAKA);

    private final long chainId;
    private final Map<Fork, Long> blocks = new EnumMap<>(Fork.class);
    private final Map<Fork, Long> times = new EnumMap<>(Fork.class);

    private ChainConfig(long chainId) {
        this.chainId = chainId;
    }

    /** Reads a "config" object. */
    static ChainConfig parse(@Nullable JsonNode config) {
        if (config == null || !config.isObject()) {
            throw new LedgerException("the genesis document has no \"config\"");
        }
        ChainConfig parsed = new ChainConfig(required(config, "chainId"));
        BY_BLOCK.forEach((name, fork) -> put(parsed.blocks, fork, config.get(name)));
        BY_TIME.forEach((name, fork) -> put(parsed.times, fork, config.get(name)));
        JsonNode difficulty = config.get("terminalTotalDifficulty");
        if (difficulty != null
                && difficulty.isNumber()
                && difficulty.bigIntegerValue().signum() == 0) {
            parsed.blocks.put(Fork.PARIS, 0L);
        }
        if (parsed.blocks.isEmpty() && parsed.times.isEmpty()) {
            parsed.times.put(Fork.OSAKA, 0L);
        }
        return parsed;
    }

    private static void put(Map<Fork, Long> into, Fork fork, @Nullable JsonNode at) {
        if (at != null && !at.isNull()) {
            into.put(fork, number(at));
        }
    }

    private static long required(JsonNode config, String name) {
        JsonNode value = config.get(name);
        if (value == null) {
            throw new LedgerException("the genesis document lacks config." + name);
        }
        return number(value);
    }

    private static long number(JsonNode value) {
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw new LedgerException("a number in the genesis document's config is not valid: " + value);
        }
        return value.longValue();
    }

    /** EIP-155's id of the chain. */
    public long chainId() {
        return chainId;
    }

    /** The rules that a block with this number and time has. */
    public Fork fork(long number, long timestampSeconds) {
        Fork newest = Fork.FRONTIER;
        for (Map.Entry<Fork, Long> entry : blocks.entrySet()) {
            if (entry.getValue() <= number && entry.getKey().has(newest)) {
                newest = entry.getKey();
            }
        }
        for (Map.Entry<Fork, Long> entry : times.entrySet()) {
            if (entry.getValue() <= timestampSeconds && entry.getKey().has(newest)) {
                newest = entry.getKey();
            }
        }
        return newest;
    }
}
