package coco.ledgers.ethereum.rpc;

import coco.evm.precompiles.Precompiles;
import coco.evm.transition.BlobParameters;
import coco.evm.transition.ForkSchedule;
import coco.evm.transition.SystemCalls;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.ledgers.api.LedgerException;
import coco.ledgers.ethereum.chain.ChainReader;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** eth_config (EIP-7910), which tells the rules of the chain, and eth_capabilities, which tells what can be asked. */
final class ConfigMethods {
    /** EIP-7910's names of the precompiled contracts, by the last two bytes of their addresses. */
    private static final Map<Long, String> PRECOMPILES = Map.ofEntries(
            Map.entry(0x01L, "ECREC"),
            Map.entry(0x02L, "SHA256"),
            Map.entry(0x03L, "RIPEMD160"),
            Map.entry(0x04L, "ID"),
            Map.entry(0x05L, "MODEXP"),
            Map.entry(0x06L, "BN254_ADD"),
            Map.entry(0x07L, "BN254_MUL"),
            Map.entry(0x08L, "BN254_PAIRING"),
            Map.entry(0x09L, "BLAKE2F"),
            Map.entry(0x0aL, "KZG_POINT_EVALUATION"),
            Map.entry(0x0bL, "BLS12_G1ADD"),
            Map.entry(0x0cL, "BLS12_G1MSM"),
            Map.entry(0x0dL, "BLS12_G2ADD"),
            Map.entry(0x0eL, "BLS12_G2MSM"),
            Map.entry(0x0fL, "BLS12_PAIRING_CHECK"),
            Map.entry(0x10L, "BLS12_MAP_FP_TO_G1"),
            Map.entry(0x11L, "BLS12_MAP_FP2_TO_G2"),
            Map.entry(0x100L, "P256VERIFY"));

    /** As if no fork by number were to come: EIP-7910 takes the merge for granted. */
    private static final long AFTER_THE_MERGE = Long.MAX_VALUE;

    private final ForkSchedule schedule;

    ConfigMethods(ForkSchedule schedule) {
        this.schedule = schedule;
    }

    void register(Map<String, Method> methods) {
        methods.put("eth_config", this::config);
        methods.put("eth_capabilities", Method.onProcessors(ConfigMethods::capabilities));
    }

    private Answer config(Exchange exchange, Params params) throws RpcException {
        ChainReader.Block first = exchange.chain().byNumber(0);
        if (first == null) {
            throw new LedgerException("the journal lacks the first block of the chain");
        }
        long now = exchange.chain().head().header().timestamp();
        Long next = schedule.forkTimes().stream()
                .filter(time -> time > now)
                .findFirst()
                .orElse(null);
        Long last = next == null ? null : schedule.forkTimes().getLast();
        long current = schedule.forkTimes().stream().filter(time -> time <= now).reduce(0L, (before, time) -> time);
        return out -> {
            out.writeStartObject();
            configuration(out, "current", current, first);
            configuration(out, "next", next, first);
            configuration(out, "last", last, first);
            out.writeEndObject();
        };
    }

    private void configuration(JsonGenerator out, String name, @Nullable Long time, ChainReader.Block first) {
        if (time == null) {
            out.writeNullProperty(name);
            return;
        }
        Fork fork = schedule.fork(AFTER_THE_MERGE, time);
        out.writeObjectPropertyStart(name);
        out.writeNumberProperty("activationTime", time);
        blobs(out, fork.has(Fork.CANCUN) ? schedule.blobs(time) : null);
        Hexes.quantity(out, "chainId", schedule.chainId());
        int forkHash = schedule.forkHash(first.hash(), first.header().timestamp(), AFTER_THE_MERGE, time);
        out.writeStringProperty("forkId", "0x" + HexFormat.of().toHexDigits(forkHash));
        out.writeObjectPropertyStart("precompiles");
        for (Address address : Precompiles.of(fork).addresses()) {
            Hexes.address(out, PRECOMPILES.getOrDefault(address.low(), address.hex()), address);
        }
        out.writeEndObject();
        systemContracts(out, fork);
        out.writeEndObject();
    }

    /** All zero before there were blobs: none may be carried. */
    private static void blobs(JsonGenerator out, @Nullable BlobParameters parameters) {
        out.writeObjectPropertyStart("blobSchedule");
        out.writeNumberProperty("baseFeeUpdateFraction", parameters == null ? 0 : parameters.baseFeeUpdateFraction());
        out.writeNumberProperty("max", parameters == null ? 0 : parameters.max());
        out.writeNumberProperty("target", parameters == null ? 0 : parameters.target());
        out.writeEndObject();
    }

    private void systemContracts(JsonGenerator out, Fork fork) {
        out.writeObjectPropertyStart("systemContracts");
        if (fork.has(Fork.CANCUN)) {
            Hexes.address(out, "BEACON_ROOTS_ADDRESS", SystemCalls.BEACON_ROOTS);
        }
        if (fork.has(Fork.PRAGUE)) {
            Hexes.address(out, "CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS", SystemCalls.CONSOLIDATION_REQUESTS);
            Hexes.address(out, "DEPOSIT_CONTRACT_ADDRESS", schedule.depositContract());
            Hexes.address(out, "HISTORY_STORAGE_ADDRESS", SystemCalls.HISTORY);
            Hexes.address(out, "WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS", SystemCalls.WITHDRAWAL_REQUESTS);
        }
        out.writeEndObject();
    }

    private static Answer capabilities(Exchange exchange, Params params) throws RpcException {
        ChainReader chain = exchange.chain();
        long head = chain.head().number();
        long oldestState = oldestState(chain, head);
        return out -> {
            out.writeStartObject();
            out.writeObjectPropertyStart("head");
            Hexes.quantity(out, "number", head);
            Hexes.data(out, "hash", chain.head().hash());
            out.writeEndObject();
            range(out, "state", oldestState, head);
            range(out, "tx", 0, head);
            range(out, "logs", 0, head);
            range(out, "receipts", 0, head);
            range(out, "blocks", 0, head);
            range(out, "stateproofs", oldestState, head);
            out.writeEndObject();
        };
    }

    /** The first block whose state is kept: states are dropped oldest first, so halving finds it. */
    private static long oldestState(ChainReader chain, long head) {
        long lost = -1;
        long kept = head;
        while (kept - lost > 1) {
            long middle = lost + (kept - lost) / 2;
            ChainReader.Block block = chain.byNumber(middle);
            if (block != null && chain.stateAfter(block) != null) {
                kept = middle;
            } else {
                lost = middle;
            }
        }
        return kept;
    }

    private static void range(JsonGenerator out, String name, long oldest, long head) {
        out.writeObjectPropertyStart(name);
        out.writeBooleanProperty("disabled", false);
        Hexes.quantity(out, "oldestBlock", oldest);
        if (oldest > 0) {
            out.writeObjectPropertyStart("deleteStrategy");
            out.writeStringProperty("type", "window");
            Hexes.quantity(out, "retentionBlocks", head - oldest + 1);
            out.writeEndObject();
        }
        out.writeEndObject();
    }
}
