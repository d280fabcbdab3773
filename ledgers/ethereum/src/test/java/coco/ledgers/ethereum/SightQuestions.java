package coco.ledgers.ethereum;

import coco.ledgers.api.Caller;
import coco.ledgers.ethereum.testing.Rpc;
import coco.ledgers.ethereum.testing.Vaults;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;

/** How each method is asked about one thing that happened. */
final class SightQuestions {
    private SightQuestions() {}

    /** The same for everybody, whatever there is: their answers are compared with each other. */
    static final Set<String> SAME_FOR_ALL = Set.of(
            "debug_getBadBlocks",
            "eth_accounts",
            "eth_baseFee",
            "eth_blobBaseFee",
            "eth_blockNumber",
            "eth_capabilities",
            "eth_chainId",
            "eth_coinbase",
            "eth_config",
            "eth_gasPrice",
            "eth_maxPriorityFeePerGas",
            "eth_protocolVersion",
            "eth_sendTransaction",
            "eth_sign",
            "eth_signTransaction",
            "eth_syncing",
            "net_listening",
            "net_peerCount",
            "net_version",
            "rpc.discover",
            "rpc_modules",
            "web3_clientVersion",
            "web3_sha3");

    /** In {@link SightAttackTest}, {@link SightDifferentialTest}: they write, or tell of what comes later. */
    static final Set<String> ELSEWHERE = Set.of(
            "eth_newBlockFilter",
            "eth_newFilter",
            "eth_newPendingTransactionFilter",
            "eth_getFilterChanges",
            "eth_uninstallFilter",
            "eth_sendRawTransaction",
            "eth_sendRawTransactionSync",
            "eth_subscribe",
            "eth_unsubscribe",
            "txpool_content",
            "txpool_contentFrom",
            "txpool_inspect",
            "txpool_status");

    /** Those that look up what may be hidden by a name that somebody may have heard. */
    static final List<String> LOOKUPS = List.of(
            "eth_getTransactionByHash",
            "eth_getTransactionReceipt",
            "eth_getRawTransactionByHash",
            "eth_getBalance",
            "eth_getCode",
            "eth_getTransactionCount",
            "eth_getStorageAt",
            "eth_call",
            "eth_estimateGas",
            "eth_createAccessList",
            "eth_getLogs",
            "debug_traceTransaction");

    /** A request that looks up one thing. */
    static byte[] lookup(String method, SightNetwork.Content of, Caller who) {
        return Questioner.body(
                method,
                method.equals("eth_getLogs")
                        ? list(Map.of(
                                "fromBlock", "0x0", "address", of.address().hex()))
                        : row(method).params().apply(of, who));
    }

    /** How a method is asked about one thing. */
    record Row(String facet, BiFunction<SightNetwork.Content, Caller, Object[]> params) {}

    static final Map<String, Row> ROWS = new LinkedHashMap<>();

    private static void row(String facet, String method, BiFunction<SightNetwork.Content, Caller, Object[]> params) {
        ROWS.put(method, new Row(facet, params));
    }

    private static Object[] list(Object... values) {
        return values;
    }

    static {
        for (String method : List.of("eth_getTransactionByHash", "eth_getTransactionReceipt")) {
            row("tx", method, (of, who) -> list(of.hash()));
        }
        row("tx", "eth_getRawTransactionByHash", (of, who) -> list(of.hash()));
        for (String method :
                List.of("eth_getTransactionByBlockHashAndIndex", "eth_getRawTransactionByBlockHashAndIndex")) {
            row("tx", method, (of, who) -> list(of.blockHash(), "0x0"));
        }
        for (String method :
                List.of("eth_getTransactionByBlockNumberAndIndex", "eth_getRawTransactionByBlockNumberAndIndex")) {
            row("tx", method, (of, who) -> list(of.block(), "0x0"));
        }
        row("tx", "eth_getBlockTransactionCountByHash", (of, who) -> list(of.blockHash()));
        row("tx", "eth_getBlockTransactionCountByNumber", (of, who) -> list(of.block()));
        row("tx", "eth_getBlockReceipts", (of, who) -> list(of.block()));
        row("tx", "eth_feeHistory", (of, who) -> list("0x1", of.block(), List.of(50)));
        row("block", "eth_getBlockByHash", (of, who) -> list(of.blockHash(), false));
        row("block", "eth_getBlockByNumber", (of, who) -> list(of.block(), true));
        row("logs", "eth_getLogs", (of, who) -> list(Map.of("fromBlock", of.block(), "toBlock", of.block())));
        row("logs", "eth_getFilterLogs", (of, who) -> list("filter"));
        for (String method : List.of("eth_getBalance", "eth_getCode", "eth_getTransactionCount")) {
            row("state", method, (of, who) -> list(of.address().hex(), "latest"));
        }
        row("state", "eth_getStorageAt", (of, who) -> list(of.address().hex(), "0x1", "latest"));
        row(
                "state",
                "eth_getStorageValues",
                (of, who) -> list(Map.of(of.address().hex(), List.of(Rpc.hex(slot(1))))));
        for (String method : List.of("eth_call", "eth_estimateGas", "eth_createAccessList")) {
            row("state", method, (of, who) -> list(call(of, who), "latest"));
        }
        row("state", "eth_fillTransaction", (of, who) -> list(call(of, who)));
        row(
                "state",
                "eth_simulateV1",
                (of, who) -> list(Map.of("blockStateCalls", List.of(Map.of("calls", List.of(call(of, who)))))));
        row("state", "trace_call", (of, who) -> list(call(of, who), List.of("trace", "vmTrace"), "latest"));
        row("state", "trace_callMany", (of, who) -> list(List.of(List.of(call(of, who), List.of("trace")))));
        row("state", "debug_traceCall", (of, who) -> list(call(of, who), "latest"));
        row("trace", "debug_traceTransaction", (of, who) -> list(of.hash()));
        row("trace", "trace_transaction", (of, who) -> list(of.hash()));
        row("trace", "trace_get", (of, who) -> list(of.hash(), List.of()));
        row("trace", "trace_replayTransaction", (of, who) -> list(of.hash(), List.of("trace")));
        row("trace", "debug_traceBlockByHash", (of, who) -> list(of.blockHash()));
        row("trace", "debug_traceBlockByNumber", (of, who) -> list(of.block()));
        row("trace", "trace_block", (of, who) -> list(of.block()));
        row("trace", "trace_replayBlockTransactions", (of, who) -> list(of.block(), List.of("trace")));
        row("traces", "trace_filter", (of, who) -> list(Map.of("fromBlock", of.block(), "toBlock", of.block())));
        row("whole", "eth_getProof", (of, who) -> list(of.address().hex(), List.of("0x1"), "latest"));
        for (String method : List.of("debug_getRawBlock", "debug_getRawHeader", "debug_getRawReceipts")) {
            row("whole", method, (of, who) -> list(of.block()));
        }
        row("whole", "debug_getRawTransaction", (of, who) -> list(of.hash()));
        row("whole", "debug_traceBlock", (of, who) -> list("raw block"));
        row("signed", "trace_rawTransaction", (of, who) -> list("raw transaction", List.of("trace")));
        row("nothing", "eth_getUncleCountByBlockHash", (of, who) -> list(of.blockHash()));
        row("nothing", "eth_getUncleCountByBlockNumber", (of, who) -> list(of.block()));
        row("nothing", "eth_getUncleByBlockHashAndIndex", (of, who) -> list(of.blockHash(), "0x0"));
        row("nothing", "eth_getUncleByBlockNumberAndIndex", (of, who) -> list(of.block(), "0x0"));
        row("nothing", "eth_getBlockAccessList", (of, who) -> list(of.block()));
        row("nothing", "debug_getRawBlockAccessList", (of, who) -> list(of.block()));
    }

    private static byte[] slot(int number) {
        byte[] slot = new byte[32];
        slot[31] = (byte) number;
        return slot;
    }

    static Row row(String method) {
        return Objects.requireNonNull(ROWS.get(method));
    }

    private static Map<String, Object> call(SightNetwork.Content of, Caller who) {
        Map<String, Object> call = new LinkedHashMap<>();
        if (who instanceof Caller.User user) {
            call.put("from", Rpc.hex(user.address()));
        }
        call.put("to", of.address().hex());
        call.put("data", Vaults.ACT);
        return call;
    }
}
