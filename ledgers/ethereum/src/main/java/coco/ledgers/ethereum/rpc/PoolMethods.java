package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.ledgers.api.Rejection;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
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
        methods.put("txpool_status", this::status);
        methods.put("txpool_content", this::content);
        methods.put("txpool_contentFrom", this::contentFrom);
        methods.put("txpool_inspect", this::inspect);
    }

    private Answer status(Exchange exchange, Params params) throws RpcException {
        params.atMost(0);
        if (!exchange.sight().isWhole()) {
            return ownStatus(exchange);
        }
        byte[] answer = exchange.askLeader(PoolQuestion.status());
        if (answer.length != 2 * Integer.BYTES) {
            throw RpcException.server("the leader's answer is damaged");
        }
        ByteBuffer counts = ByteBuffer.wrap(answer);
        return counts(counts.getInt(0), counts.getInt(Integer.BYTES));
    }

    private static Answer counts(long pending, long queued) {
        return out -> {
            out.writeStartObject();
            Hexes.quantity(out, PENDING, pending);
            Hexes.quantity(out, QUEUED, queued);
            out.writeEndObject();
        };
    }

    /** How many there are of the caller's own. */
    private Answer ownStatus(Exchange exchange) throws RpcException {
        Address own = exchange.sight().user();
        if (own == null) {
            return counts(0, 0);
        }
        long[] counts = new long[2];
        takeTurn(exchange);
        try {
            walk(exchange, false, own, BRIEF, summary -> counts[0]++);
            walk(exchange, true, own, BRIEF, summary -> counts[1]++);
        } finally {
            walk.release();
        }
        return counts(counts[0], counts[1]);
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

    /**
     * The transactions of all senders under their addresses, or those of one sender, each under its nonce: as far as
     * the caller sees them. Who does not see everything sees the own ones.
     */
    private static <E extends PoolQuestion.Listed> void part(
            Exchange exchange, boolean behindGaps, @Nullable Address only, Shown<E> shown, JsonGenerator out)
            throws RpcException {
        boolean seesAll = exchange.sight().isWhole();
        Address own = exchange.sight().user();
        Address walked = seesAll ? only : own;
        if (!seesAll && (own == null || (only != null && !only.equals(own)))) {
            return;
        }
        Listing<E> listing = new Listing<>(only, shown, out);
        walk(exchange, behindGaps, walked, shown, listing::add);
        listing.end();
    }

    /** Writes transactions that come by sender and nonce. */
    private static final class Listing<E extends PoolQuestion.Listed> {
        private final @Nullable Address only;
        private final Shown<E> shown;
        private final JsonGenerator out;
        private @Nullable Address open;

        /** @param only the sender whose object the caller has begun; null if each gets one */
        Listing(@Nullable Address only, Shown<E> shown, JsonGenerator out) {
            this.only = only;
            this.shown = shown;
            this.out = out;
            this.open = only;
        }

        void add(E entry) {
            Address sender = entry.sender();
            if (!sender.equals(open)) {
                if (open != null) {
                    out.writeEndObject();
                }
                open = sender;
                out.writeObjectPropertyStart(sender.checksumHex());
            }
            out.writeName(Long.toUnsignedString(entry.nonce()));
            shown.writer().accept(out, entry);
        }

        void end() {
            if (only == null && open != null) {
                out.writeEndObject();
            }
        }
    }

    private static <E extends PoolQuestion.Listed> void walk(
            Exchange exchange, boolean behindGaps, @Nullable Address only, Shown<E> shown, Consumer<E> each)
            throws RpcException {
        Address from = only == null ? Address.ZERO : only;
        long nonce = 0;
        while (true) {
            exchange.checkTime();
            PoolQuestion.Page question = new PoolQuestion.Page(shown.brief(), behindGaps, only != null, from, nonce);
            List<E> page = shown.reader().apply(exchange.askLeader(question.encode()));
            page.forEach(each);
            if (page.isEmpty()) {
                return;
            }
            // No transaction has the largest nonce (EIP-2681), so there is one after the last.
            from = page.getLast().sender();
            nonce = page.getLast().nonce() + 1;
        }
    }
}
