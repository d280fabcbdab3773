package coco.cli.bench;

import coco.cli.console.CliException;
import coco.cli.console.Pause;
import coco.client.JsonRpcClient;
import coco.client.RpcReply;
import coco.crypto.Hex;
import java.time.Duration;
import java.util.function.LongSupplier;
import tools.jackson.databind.JsonNode;

/** The few calls that preparing a benchmark needs, to one node. */
final class Chain {
    private static final Duration RECEIPT_LIMIT = Duration.ofSeconds(60);
    private static final long POLL_MILLIS = 20;

    private final JsonRpcClient rpc;
    private final LongSupplier nanoClock;

    Chain(JsonRpcClient rpc, LongSupplier nanoClock) {
        this.rpc = rpc;
        this.nanoClock = nanoClock;
    }

    long chainId() {
        return quantity(rpc.result("eth_chainId"));
    }

    long blockNumber() {
        return quantity(rpc.result("eth_blockNumber"));
    }

    long nonce(byte[] address) {
        return quantity(rpc.result("eth_getTransactionCount", "0x" + Hex.encode(address), "pending"));
    }

    /** Sends a transaction without waiting for its receipt. Returns its hash. */
    String send(byte[] transaction) {
        return rpc.result("eth_sendRawTransaction", "0x" + Hex.encode(transaction))
                .asString();
    }

    /** Sends a transaction and returns its receipt, once it is committed. */
    JsonNode sendAndAwait(byte[] transaction) {
        RpcReply reply = rpc.call("eth_sendRawTransactionSync", "0x" + Hex.encode(transaction));
        if (reply instanceof RpcReply.Result result && result.value().isObject()) {
            return result.value();
        }
        throw new CliException("a transaction was not committed: " + reply, "See what the nodes say with: coco logs");
    }

    /** Waits for the receipt of a transaction that was sent before. */
    JsonNode awaitReceipt(String hash) {
        long deadline = nanoClock.getAsLong() + RECEIPT_LIMIT.toNanos();
        while (nanoClock.getAsLong() - deadline < 0) {
            JsonNode receipt = rpc.result("eth_getTransactionReceipt", hash);
            if (receipt.isObject()) {
                return receipt;
            }
            Pause.millis(POLL_MILLIS);
        }
        throw new CliException(
                "transaction " + hash + " was not committed within " + RECEIPT_LIMIT.toSeconds() + " s",
                "See what the nodes say with: coco logs");
    }

    static long quantity(JsonNode value) {
        return Long.decode(value.asString());
    }
}
