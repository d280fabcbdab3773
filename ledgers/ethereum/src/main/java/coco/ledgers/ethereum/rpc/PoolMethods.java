package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.ledgers.api.Rejection;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * txpool_*: what waits in the leader's pool, read in pages and written as it comes. The pool goes on meanwhile, so
 * pages may be of different moments. A transaction that has been executed and whose block is not applied yet still
 * counts as pending: no block that anybody sees has it. One walk through the pool at a time on each node, whoever asks:
 * every page keeps the leader from other work.
 */
final class PoolMethods {
    private static final String PENDING = "pending";
    private static final String QUEUED = "queued";

    /** Whose turn it is to walk, in the order of asking. */
    private final Semaphore walk = new Semaphore(1, true);

    void register(Map<String, Method> methods) {
        methods.put("txpool_status", PoolMethods::status);
        methods.put("txpool_content", this::content);
        methods.put("txpool_contentFrom", this::contentFrom);
        methods.put("txpool_inspect", this::inspect);
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

    /**
     * How transactions are read and shown.
     *
     * @param brief whether in short is enough
     * @param reader takes a page apart
     * @param writer writes one of them
     */
    private record Shown<E extends PoolQuestion.Listed>(
            boolean brief, Function<byte[], List<E>> reader, BiConsumer<JsonGenerator, E> writer) {}

    private static final Shown<PoolQuestion.Entry> WHOLE = new Shown<>(
            false, PoolQuestion::entries, (out, entry) -> BlockJson.pooled(out, entry.transaction(), entry.sender()));
    private static final Shown<PoolQuestion.Summary> BRIEF =
            new Shown<>(true, PoolQuestion::summaries, (out, summary) -> out.writeString(text(summary)));

    private Answer content(Exchange exchange, Params params) throws RpcException {
        params.atMost(0);
        return all(exchange, null, WHOLE);
    }

    private Answer contentFrom(Exchange exchange, Params params) throws RpcException {
        params.atMost(1);
        return all(exchange, params.address(0), WHOLE);
    }

    private Answer inspect(Exchange exchange, Params params) throws RpcException {
        params.atMost(0);
        return all(exchange, null, BRIEF);
    }

    /** In geth's words. */
    private static String text(PoolQuestion.Summary summary) {
        Address to = summary.to();
        return (to == null ? "contract creation" : to.checksumHex()) + ": " + summary.value() + " wei + "
                + Long.toUnsignedString(summary.gasLimit()) + " gas × " + summary.maxFeePerGas() + " wei";
    }

    private <E extends PoolQuestion.Listed> Answer all(Exchange exchange, @Nullable Address only, Shown<E> shown) {
        return out -> {
            takeTurn(exchange);
            try {
                out.writeStartObject();
                out.writeObjectPropertyStart(PENDING);
                part(exchange, false, only, shown, out);
                out.writeEndObject();
                out.writeObjectPropertyStart(QUEUED);
                part(exchange, true, only, shown, out);
                out.writeEndObject();
                out.writeEndObject();
            } finally {
                walk.release();
            }
        };
    }

    private void takeTurn(Exchange exchange) throws RpcException {
        long limit = exchange.deadlineMillis() - exchange.context().clock().millis();
        try {
            if (!walk.tryAcquire(Math.max(0, limit), TimeUnit.MILLISECONDS)) {
                throw new RpcException(Rejection.UNAVAILABLE, "others read the transaction pool, try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(Rejection.UNAVAILABLE, "shutting down");
        }
    }

    /** The transactions of all senders under their addresses, or those of one sender; each under its nonce. */
    private static <E extends PoolQuestion.Listed> void part(
            Exchange exchange, boolean behindGaps, @Nullable Address only, Shown<E> shown, JsonGenerator out)
            throws RpcException {
        Address from = only == null ? Address.ZERO : only;
        long nonce = 0;
        Address open = only;
        while (true) {
            exchange.checkTime();
            PoolQuestion.Page question = new PoolQuestion.Page(shown.brief(), behindGaps, only != null, from, nonce);
            List<E> page = shown.reader().apply(exchange.askLeader(question.encode()));
            for (E entry : page) {
                if (!entry.sender().equals(open)) {
                    if (open != null) {
                        out.writeEndObject();
                    }
                    open = entry.sender();
                    out.writeObjectPropertyStart(open.checksumHex());
                }
                out.writeName(Long.toUnsignedString(entry.nonce()));
                shown.writer().accept(out, entry);
            }
            if (page.isEmpty()) {
                break;
            }
            // No transaction has the largest nonce (EIP-2681), so there is one after the last.
            from = page.getLast().sender();
            nonce = page.getLast().nonce() + 1;
        }
        if (only == null && open != null) {
            out.writeEndObject();
        }
    }
}
