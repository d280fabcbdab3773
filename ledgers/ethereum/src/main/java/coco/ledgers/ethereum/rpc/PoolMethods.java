package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * txpool_*: what waits in the leader's pool, read in pages and written as it comes. The pool goes on meanwhile, so
 * pages may be of different moments. A transaction that has been executed and whose block is not applied yet still counts as
 * pending: no block that anybody sees has it.
 */
final class PoolMethods {
    private static final String PENDING = "pending";
    private static final String QUEUED = "queued";

    void register(Map<String, Method> methods) {
        methods.put("txpool_status", PoolMethods::status);
        methods.put("txpool_content", PoolMethods::content);
        methods.put("txpool_contentFrom", PoolMethods::contentFrom);
        methods.put("txpool_inspect", PoolMethods::inspect);
    }

    private static Answer status(Exchange exchange, Params params) throws RpcException {
        params.atMost(0);
        byte[] answer = exchange.askLeader(PoolQuestion.status());
        if (answer.length != 2 * Integer.BYTES) {
            throw RpcException.server("the leader's answer is damaged");
        }
        ByteBuffer counts = ByteBuffer.wrap(answer);
        return out -> {
            out.writeStartObject();
            Hexes.quantity(out, PENDING, counts.getInt(0));
            Hexes.quantity(out, QUEUED, counts.getInt(Integer.BYTES));
            out.writeEndObject();
        };
    }

    /** How one transaction is shown. */
    @FunctionalInterface
    private interface Shown {
        void write(JsonGenerator out, PoolQuestion.Entry entry);
    }

    private static Answer content(Exchange exchange, Params params) throws RpcException {
        params.atMost(0);
        return all(exchange, null, (out, entry) -> BlockJson.pooled(out, entry.transaction(), entry.sender()));
    }

    private static Answer contentFrom(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        return all(
                exchange,
                params.address(0),
                (out, entry) -> BlockJson.pooled(out, entry.transaction(), entry.sender()));
    }

    private static Answer inspect(Exchange exchange, Params params) throws RpcException {
        params.atMost(0);
        return all(exchange, null, (out, entry) -> out.writeString(summary(entry.transaction())));
    }

    /** In geth's words. */
    private static String summary(Transaction transaction) {
        Address to = transaction.to();
        return (to == null ? "contract creation" : to.checksumHex()) + ": " + transaction.value() + " wei + "
                + Long.toUnsignedString(transaction.gasLimit()) + " gas × " + transaction.maxFeePerGas() + " wei";
    }

    private static Answer all(Exchange exchange, @Nullable Address only, Shown shown) {
        return out -> {
            out.writeStartObject();
            out.writeObjectPropertyStart(PENDING);
            part(exchange, false, only, shown, out);
            out.writeEndObject();
            out.writeObjectPropertyStart(QUEUED);
            part(exchange, true, only, shown, out);
            out.writeEndObject();
            out.writeEndObject();
        };
    }

    /** The transactions of all senders under their addresses, or those of one sender; each under its nonce. */
    private static void part(
            Exchange exchange, boolean behindGaps, @Nullable Address only, Shown shown, JsonGenerator out)
            throws RpcException {
        Address from = only == null ? Address.ZERO : only;
        long nonce = 0;
        Address open = only;
        while (true) {
            exchange.checkTime();
            List<PoolQuestion.Entry> page = PoolQuestion.entries(
                    exchange.askLeader(new PoolQuestion.Page(behindGaps, only != null, from, nonce).encode()));
            for (PoolQuestion.Entry entry : page) {
                if (!entry.sender().equals(open)) {
                    if (open != null) {
                        out.writeEndObject();
                    }
                    open = entry.sender();
                    out.writeObjectPropertyStart(open.checksumHex());
                }
                out.writeName(Long.toUnsignedString(entry.transaction().nonce()));
                shown.write(out, entry);
            }
            if (page.isEmpty()) {
                break;
            }
            // No transaction has the largest nonce (EIP-2681), so there is one after the last.
            from = page.getLast().sender();
            nonce = page.getLast().transaction().nonce() + 1;
        }
        if (only == null && open != null) {
            out.writeEndObject();
        }
    }
}
