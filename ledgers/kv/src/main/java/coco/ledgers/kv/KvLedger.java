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
import coco.ledgers.api.Caller;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.History;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.Verdict;
import coco.ledgers.api.View;
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

    /** The request id is that of another request, which was executed. */
    static final int ID_TAKEN = 422;

    static final int POOL_FULL = 503;
    static final int MALFORMED = 400;

    static final MapSpec DATA = new MapSpec("kv.data", Visibility.PRIVATE);

    /** Digest of a request id → number of the block that executed it ‖ id of the transaction. */
    static final MapSpec REQUESTS = new MapSpec("kv.requests", Visibility.PRIVATE);

    /** Block number ‖ digest of a request id, in the order in which they are forgotten. */
    static final MapSpec REQUEST_ORDER = new MapSpec("kv.request-order", Visibility.PRIVATE);

    /** One entry: how many blocks this ledger has. */
    static final MapSpec HEAD = new MapSpec("kv.head", Visibility.PRIVATE);

    private static final byte[] BLOCKS = "blocks".getBytes(StandardCharsets.UTF_8);

    private final LedgerContext context;
    private final KvEndpoints endpoints;

    /** Pooled requests by transaction id, in order of arrival; executed ones stay until they are applied. */
    private final Map<ByteBuffer, KvTransaction> pool = new LinkedHashMap<>();

    private final Map<ByteBuffer, KvTransaction> waiting = new LinkedHashMap<>();

    private volatile int pooled;

    KvLedger(LedgerContext context) {
        this.context = context;
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
        Rejection repeated = repeated(state, transaction.requestKey(), offer.id());
        if (repeated != null) {
            return new Verdict.Rejected(repeated);
        }
        if (pool.size() >= KvLimits.POOL) {
            return Verdict.rejected(POOL_FULL, "too many requests are waiting");
        }
        pool.put(id, transaction);
        waiting.put(id, transaction);
        pooled = pool.size();
        return Verdict.ACCEPTED;
    }

    /** Why a request may not be executed once its id was; null if it was not. */
    private static @Nullable Rejection repeated(Reader state, byte[] requestKey, byte[] id) {
        byte[] executed = state.get(REQUESTS, requestKey);
        if (executed == null) {
            return null;
        }
        return names(executed, id)
                ? new Rejection(ALREADY_EXECUTED, "this request was executed")
                : new Rejection(ID_TAKEN, "another request with this id was executed");
    }

    private static boolean names(byte[] executed, byte[] id) {
        return Arrays.equals(executed, Long.BYTES, executed.length, id, 0, id.length);
    }

    /** Whether a state holds the effect of this very transaction, as long as its request id is remembered. */
    static boolean wasExecuted(Reader state, KvTransaction transaction) {
        byte[] executed = state.get(REQUESTS, transaction.requestKey());
        return executed != null && names(executed, transaction.id());
    }

    @Override
    public boolean hasWork() {
        return !waiting.isEmpty();
    }

    @Override
    public @Nullable LedgerBlock build(BuildContext context) {
        Draft state = context.state();
        long number = blocks(state) + 1;
        List<LedgerBlock.Executed> entries = new ArrayList<>();
        Iterator<Map.Entry<ByteBuffer, KvTransaction>> next = waiting.entrySet().iterator();
        while (next.hasNext() && !context.full()) {
            Map.Entry<ByteBuffer, KvTransaction> entry = next.next();
            next.remove();
            KvTransaction transaction = entry.getValue();
            byte[] id = entry.getKey().array();
            byte[] request = transaction.requestKey();
            Rejection repeated = repeated(state, request, id);
            if (repeated != null) {
                pool.remove(entry.getKey());
                pooled = pool.size();
                context.dropped(id, repeated);
                continue;
            }
            Transaction writes = new Transaction(state);
            if (transaction.value() == null) {
                writes.remove(DATA, transaction.key());
            } else {
                writes.put(DATA, transaction.key(), transaction.value());
            }
            writes.put(REQUESTS, request, executed(number, id));
            writes.put(REQUEST_ORDER, orderKey(number, request), new byte[0]);
            entries.add(record(context, id, transaction.encode(), writes.writes()));
        }
        if (entries.isEmpty()) {
            return null;
        }
        WriteSet blockWrites = blockWrites(state, number);
        state.apply(blockWrites);
        return new LedgerBlock(entries, number(number), blockWrites.serialise());
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
        for (LedgerBlock.Executed transaction : block.transactions()) {
            ByteBuffer id = ByteBuffer.wrap(transaction.id());
            pool.remove(id);
            waiting.remove(id);
        }
        pooled = pool.size();
        return keys(block);
    }

    @Override
    public @Nullable String audit(LedgerBlock block, DigestReader state) {
        long claimed = ByteBuffer.wrap(block.payload()).getLong();
        long held = blocks(state);
        if (claimed != held) {
            return "block " + claimed + " claimed, state is after block " + held;
        }
        Map<ByteBuffer, KvTransaction> last = new LinkedHashMap<>();
        for (LedgerBlock.Executed entry : block.transactions()) {
            KvTransaction transaction = KvTransaction.decode(entry.payload()).orElse(null);
            if (transaction == null) {
                return "block " + claimed + " holds what is no transaction";
            }
            byte[] executed = state.get(REQUESTS, transaction.requestKey());
            if (!Arrays.equals(executed, executed(claimed, entry.id()))) {
                return "block " + claimed + " executed a request that the state does not know";
            }
            last.put(ByteBuffer.wrap(transaction.key()), transaction);
        }
        for (KvTransaction transaction : last.values()) {
            if (!Arrays.equals(state.get(DATA, transaction.key()), transaction.value())) {
                return "block " + claimed + " wrote a value that the state does not hold";
            }
        }
        return null;
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
        pooled = pool.size();
    }

    @Override
    public byte[] answer(byte[] question, Reader state) {
        return number(pool.size());
    }

    @Override
    public Offer compensation(byte[] decision, byte[] change) {
        KvTransaction transaction = KvTransaction.compensation(decision, change)
                .orElseThrow(
                        () -> new LedgerException("a change is a key and a value, as docs/specs/governance.md says"));
        return new Offer(ID, transaction.id(), transaction.encode());
    }

    @Override
    public int pooled() {
        return pooled;
    }

    @Override
    public boolean shows(Caller caller, byte[] transaction) {
        if (caller instanceof Caller.Auditor auditor) {
            context.recordUse(auditor, "receipt", List.of());
        }
        try (View view = context.view(caller)) {
            KvRights.Keys keys = KvRights.of(view).reads();
            return keys instanceof KvRights.Keys.All || isOfOne(view.history(), transaction, keys);
        }
    }

    @Override
    public boolean showsWaiting(Caller caller, Offer offer) {
        if (caller instanceof Caller.Auditor auditor) {
            context.recordUse(auditor, "receipt", List.of());
        }
        try (View view = context.view(caller)) {
            KvRights.Keys keys = KvRights.of(view).reads();
            return keys instanceof KvRights.Keys.All
                    || KvTransaction.decode(offer.payload())
                            .filter(waiting -> keys.hold(waiting.key()))
                            .isPresent();
        }
    }

    @Override
    public boolean showsAll(Caller caller) {
        try (View view = context.view(caller)) {
            return KvRights.of(view).reads() instanceof KvRights.Keys.All;
        }
    }

    /** Whether a committed transaction is of one of these keys. */
    private static boolean isOfOne(History history, byte[] transaction, KvRights.Keys keys) {
        if (keys instanceof KvRights.Keys.None) {
            return false;
        }
        for (History.Position position : history.find(IndexKey.TRANSACTION, transaction)) {
            LedgerBlock block = history.block(position.height());
            List<LedgerBlock.Executed> executed = block == null ? List.of() : block.transactions();
            for (LedgerBlock.Executed each : executed) {
                if (Arrays.equals(each.id(), transaction)) {
                    return KvTransaction.decode(each.payload())
                            .filter(found -> keys.hold(found.key()))
                            .isPresent();
                }
            }
        }
        return false;
    }

    @Override
    public List<Endpoint> endpoints() {
        return endpoints.all();
    }

    private static long blocks(Reader state) {
        byte[] blocks = state.get(HEAD, BLOCKS);
        return blocks == null ? 0 : ByteBuffer.wrap(blocks).getLong();
    }

    private static byte[] executed(long number, byte[] id) {
        return ByteBuffer.allocate(Long.BYTES + id.length)
                .putLong(number)
                .put(id)
                .array();
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
