package coco.ledgers.ethereum.chain;

import coco.evm.transition.BlobParameters;
import coco.evm.transition.ChainRules;
import coco.evm.transition.ForkSchedule;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.ledgers.api.LedgerException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the "config" of a genesis document says: the chain's id and when each fork begins. Names are geth's. A document
 * that names no fork at all means the newest one, from the beginning.
 */
public final class ChainConfig {
    private final ForkSchedule schedule;
    private final boolean blobs;

    private ChainConfig(ForkSchedule schedule, boolean blobs) {
        this.schedule = schedule;
        this.blobs = blobs;
    }

    /**
     * Reads a "config" object.
     *
     * @param transactionGasCap most gas of a transaction since Osaka (EIP-7825)
     */
    static ChainConfig parse(@Nullable JsonNode config, long transactionGasCap) {
        if (config == null || !config.isObject()) {
            throw new LedgerException("the genesis document has no \"config\"");
        }
        ForkSchedule.Builder forks = ForkSchedule.builder(required(config, "chainId"));
        for (Map.Entry<String, JsonNode> field : config.properties()) {
            if (ForkSchedule.Builder.isKnown(field.getKey())
                    && !field.getValue().isNull()) {
                forks.at(field.getKey(), number(field.getValue()));
            }
        }
        JsonNode difficulty = config.get("terminalTotalDifficulty");
        if (difficulty != null
                && difficulty.isNumber()
                && difficulty.bigIntegerValue().signum() == 0) {
            forks.merged();
        }
        if (forks.isEmpty()) {
            forks.from(Fork.OSAKA, 0);
        }
        forks.transactionGasCap(transactionGasCap);
        forks.daoForkSupport(config.path("daoForkSupport").asBoolean(false));
        parseBlobs(config, forks);
        JsonNode deposits = config.get("depositContractAddress");
        if (deposits != null && !deposits.isNull()) {
            forks.depositContract(address(deposits));
        }
        return new ChainConfig(
                forks.build(), !config.path("blobSchedule").properties().isEmpty());
    }

    private static void parseBlobs(JsonNode config, ForkSchedule.Builder forks) {
        for (Map.Entry<String, JsonNode> entry : config.path("blobSchedule").properties()) {
            JsonNode blobs = entry.getValue();
            try {
                forks.blobs(
                        entry.getKey(),
                        new BlobParameters(
                                Math.toIntExact(required(blobs, "target")),
                                Math.toIntExact(required(blobs, "max")),
                                required(blobs, "baseFeeUpdateFraction")));
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new LedgerException(
                        "the genesis document's config.blobSchedule." + entry.getKey() + ": " + e.getMessage());
            }
        }
    }

    private static Address address(JsonNode value) {
        try {
            return Address.fromHex(value.asString(""));
        } catch (IllegalArgumentException e) {
            throw new LedgerException("an address in the genesis document's config is not valid: " + value);
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
        return schedule.chainId();
    }

    /** When each fork, and each set of blob parameters, begins. */
    public ForkSchedule schedule() {
        return schedule;
    }

    /** Whether the document has a {@code blobSchedule}: only then may transactions carry blobs. */
    public boolean hasBlobs() {
        return blobs;
    }

    /** All that holds for executing a block with this number and time. */
    public ChainRules rules(long number, long timestampSeconds) {
        return schedule.rules(number, timestampSeconds);
    }

    /** The rules that a block with this number and time has. */
    public Fork fork(long number, long timestampSeconds) {
        return schedule.fork(number, timestampSeconds);
    }
}
