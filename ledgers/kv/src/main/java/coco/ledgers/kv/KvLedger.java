package coco.ledgers.kv;

import coco.kv.Cursor;
import coco.kv.DigestReader;
import coco.kv.Draft;
import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.kv.Transaction;
import coco.kv.Visibility;
import coco.kv.WriteSet;
import coco.ledgers.api.BuildContext;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The key-value ledger of one node. */
final class KvLedger implements Ledger {
    static final String ID = "kv";

    /** The ledger's refusals, by code. */
    static final int ALREADY_EXECUTED = 409;

    static final int POOL_FULL = 503;
    static final int MALFORMED = 400;

    static final MapSpec DATA = new MapSpec("kv.data", Visibility.PRIVATE);

    /** Digest of a request id → number of the block that executed it. */
    static final MapSpec REQUESTS = new MapSpec("kv.requests", Visibility.PRIVATE);

    /** Block number ‖ digest of a request id, in the order in which they are forgotten. */
    static final MapSpec REQUEST_ORDER = new MapSpec("kv.request-order", Visibility.PRIVATE);

    /** One entry: how many blocks this ledger has. */
    static final MapSpec HEAD = new MapSpec("kv.head", Visibility.PRIVATE);

    private static final byte[] BLOCKS = "blocks".getBytes(StandardCharsets.UTF_8);

    private final KvEndpoints endpoints;

    /** Pooled requests by transaction id, in order of arrival; executed ones stay until they are applied. */
    private final Map<ByteBuffer, KvTransaction> pool = new LinkedHashMap<>();

    private final Map<ByteBuffer, KvTransaction> waiting = new LinkedHashMap<>();

    KvLedger(LedgerContext context) {
        this.endpoints = new KvEndpoints(context);
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public List<MapSpec> maps() {
        return List.of(DATA, REQUESTS, REQUEST_ORDER, HEAD);
    }

    @Override
    public LedgerBlock genesis(Draft state, byte[] document) {
        return new LedgerBlock(List.of(), number(0), WriteSet.empty().serialise());
    }

    @Override
    public Verdict offer(Offer offer, boolean again, Reader state) {
        ByteBuffer id = ByteBuffer.wrap(offer.id());
        if (pool.containsKey(id)) {
            return Verdict.ACCEPTED;
        }
        KvTransaction transaction = KvTransaction.decode(offer.payload()).orElse(null);
        if (transaction == null) {
            return Verdict.rejected(MALFORMED, "malformed transaction");
        }
        if (state.get(REQUESTS, requestKey(transaction)) != null) {
            return Verdict.rejected(ALREADY_EXECUTED, "a request with this id was executed");
        }
        if (pool.size() >= KvLimits.POOL) {
            return Verdict.rejected(POOL_FULL, "too many requests are waiting");
        }
        pool.put(id, transaction);
        waiting.put(id, transaction);
        return Verdict.ACCEPTED;
    }

    @Override
    public boolean hasWork() {
        return !waiting.isEmpty();
    }

    @Override
    public @Nullable LedgerBlock build(BuildContext context) {
        Draft state = context.state();
        long number = blocks(state) + 1;
        List<LedgerBlock.Executed> executed = new ArrayList<>();
        Iterator<Map.Entry<ByteBuffer, KvTransaction>> next = waiting.entrySet().iterator();
        while (next.hasNext() && !context.full()) {
            Map.Entry<ByteBuffer, KvTransaction> entry = next.next();
            next.remove();
            KvTransaction transaction = entry.getValue();
            byte[] id = entry.getKey().array();
            byte[] request = requestKey(transaction);
            if (state.get(REQUESTS, request) != null) {
                pool.remove(entry.getKey());
                context.dropped(id, new Rejection(ALREADY_EXECUTED, "a request with this id was executed"));
                continue;
            }
            Transaction writes = new Transaction(state);
            if (transaction.value() == null) {
                writes.remove(DATA, transaction.key());
            } else {
                writes.put(DATA, transaction.key(), transaction.value());
            }
            writes.put(REQUESTS, request, number(number));
            writes.put(REQUEST_ORDER, orderKey(number, request), new byte[0]);
            executed.add(record(context, id, transaction.encode(), writes.writes()));
        }
        if (executed.isEmpty()) {
            return null;
        }
        WriteSet blockWrites = blockWrites(state, number);
        state.apply(blockWrites);
        return new LedgerBlock(executed, number(number), blockWrites.serialise());
    }

    private static LedgerBlock.Executed record(BuildContext context, byte[] id, byte[] payload, WriteSet writes) {
        byte[] serialised = writes.serialise();
        context.state().apply(writes);
        context.executed(payload.length + serialised.length);
        return new LedgerBlock.Executed(id, KvTransaction.sha256(payload), payload, serialised);
    }

    /** Counts the block and forgets requests that are old enough. */
    private static WriteSet blockWrites(Draft state, long number) {
        Transaction writes = new Transaction(state);
        writes.put(HEAD, BLOCKS, number(number));
        long forget = number - KvLimits.DEDUPE_BLOCKS;
        if (forget > 0) {
            Cursor old = state.scanPrefix(REQUEST_ORDER, number(forget));
            while (old.next()) {
                writes.remove(REQUEST_ORDER, old.key());
                writes.remove(REQUESTS, Arrays.copyOfRange(old.key(), Long.BYTES, old.key().length));
            }
        }
        return writes.writes();
    }

    @Override
    public List<IndexKey> apply(LedgerBlock block, long height, Reader state) {
        List<IndexKey> keys = new ArrayList<>(block.transactions().size());
        int ordinal = 0;
        for (LedgerBlock.Executed transaction : block.transactions()) {
            ByteBuffer id = ByteBuffer.wrap(transaction.id());
            pool.remove(id);
            waiting.remove(id);
            keys.add(new IndexKey(0, transaction.id(), ordinal++));
        }
        return keys;
    }

    @Override
    public @Nullable String audit(LedgerBlock block, DigestReader state) {
        long claimed = ByteBuffer.wrap(block.payload()).getLong();
        long held = blocks(state);
        return claimed == held ? null : "block " + claimed + " claimed, state is after block " + held;
    }

    @Override
    public void rebase(Reader state) {
        waiting.clear();
        waiting.putAll(pool);
    }

    @Override
    public void forget(byte[] id) {
        ByteBuffer key = ByteBuffer.wrap(id);
        pool.remove(key);
        waiting.remove(key);
    }

    @Override
    public byte[] answer(byte[] question, Reader state) {
        return number(pool.size());
    }

    @Override
    public List<Endpoint> endpoints() {
        return endpoints.all();
    }

    private static long blocks(Reader state) {
        byte[] blocks = state.get(HEAD, BLOCKS);
        return blocks == null ? 0 : ByteBuffer.wrap(blocks).getLong();
    }

    private static byte[] requestKey(KvTransaction transaction) {
        return KvTransaction.sha256(transaction.requestId().getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] orderKey(long number, byte[] request) {
        return ByteBuffer.allocate(Long.BYTES + request.length)
                .putLong(number)
                .put(request)
                .array();
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
}
