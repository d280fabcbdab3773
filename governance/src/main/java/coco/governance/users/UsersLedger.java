package coco.governance.users;

import coco.crypto.Sha256;
import coco.governance.document.DocumentException;
import coco.kv.DigestReader;
import coco.kv.Draft;
import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.kv.Transaction;
import coco.kv.WriteSet;
import coco.ledgers.api.BuildContext;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ledger of users of one node. */
final class UsersLedger implements Ledger {
    private static final byte[] NOTHING = new byte[0];

    private final LedgerContext context;
    /** By id, in order of arrival; executed ones stay until they are applied. */
    private final Map<ByteBuffer, Pooled> pool = new LinkedHashMap<>();

    private final Map<ByteBuffer, Pooled> waiting = new LinkedHashMap<>();
    private long tip = -1;
    private volatile int pooled;

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Pooled(byte[] id, byte[] payload, UserChange change) {}

    UsersLedger(LedgerContext context) {
        this.context = context;
    }

    @Override
    public String id() {
        return UsersLedgerFactory.ID;
    }

    @Override
    public List<MapSpec> maps() {
        return UserMaps.ALL;
    }

    @Override
    public LedgerBlock genesis(Draft state, byte[] document) {
        return new LedgerBlock(List.of(), NOTHING, WriteSet.empty().serialise());
    }

    @Override
    public Verdict offer(Offer offer, boolean again, Reader state) {
        ByteBuffer key = ByteBuffer.wrap(offer.id());
        if (pool.containsKey(key)) {
            return Verdict.ACCEPTED;
        }
        UserChange change;
        try {
            change = UserChange.parse(offer.payload());
        } catch (DocumentException malformed) {
            return new Verdict.Rejected(UserRefusal.MALFORMED.because(String.valueOf(malformed.getMessage())));
        }
        if (pool.size() >= UserLimits.POOL) {
            return new Verdict.Rejected(UserRefusal.BUSY.because("too many changes wait for a block"));
        }
        // As if a block were made of it now, so that whoever may not learns it at once.
        Transaction writes = new Transaction(state);
        long seconds = context.clock().instant().getEpochSecond();
        Sessions.At at = new Sessions.At(writes, context.access(), tip + 1, seconds);
        Rejection refused = new UserRegister(writes, at).carryOut(change);
        if (refused != null) {
            return new Verdict.Rejected(refused);
        }
        Pooled added = new Pooled(offer.id(), offer.payload(), change);
        pool.put(key, added);
        waiting.put(key, added);
        pooled = pool.size();
        return Verdict.ACCEPTED;
    }

    @Override
    public boolean hasWork() {
        return !waiting.isEmpty();
    }

    @Override
    public @Nullable LedgerBlock build(BuildContext block) {
        tip = block.height() - 1;
        List<LedgerBlock.Executed> executed = new ArrayList<>();
        for (Pooled next : List.copyOf(waiting.values())) {
            if (block.full()) {
                break;
            }
            waiting.remove(ByteBuffer.wrap(next.id()));
            Transaction writes = new Transaction(block.state());
            Rejection refused = new UserRegister(writes, at(block, writes)).carryOut(next.change());
            if (refused != null) {
                remove(next.id());
                block.dropped(next.id(), refused);
                continue;
            }
            WriteSet written = writes.writes();
            byte[] serialised = written.serialise();
            block.state().apply(written);
            block.executed(next.payload().length + serialised.length);
            executed.add(new LedgerBlock.Executed(next.id(), Sha256.hash(next.payload()), next.payload(), serialised));
        }
        if (executed.isEmpty()) {
            return null;
        }
        Transaction writes = new Transaction(block.state());
        new UserRegister(writes, at(block, writes)).forgetExpired();
        WriteSet forgotten = writes.writes();
        block.state().apply(forgotten);
        return new LedgerBlock(executed, NOTHING, forgotten.serialise());
    }

    private static Sessions.At at(BuildContext block, Transaction state) {
        return new Sessions.At(state, block.access(), block.height(), block.timestampSeconds());
    }

    @Override
    public List<IndexKey> apply(LedgerBlock block, long height, Reader state) {
        block.transactions().forEach(transaction -> remove(transaction.id()));
        return keys(block);
    }

    @Override
    public void published(long height) {
        tip = Math.max(tip, height);
    }

    /** The writes of a block are all that it says of the state. */
    @Override
    public @Nullable String audit(LedgerBlock block, DigestReader state) {
        return null;
    }

    @Override
    public void rebase(Reader state) {
        waiting.clear();
        waiting.putAll(pool);
    }

    @Override
    public void forget(byte[] id) {
        remove(id);
    }

    private void remove(byte[] id) {
        ByteBuffer key = ByteBuffer.wrap(id);
        pool.remove(key);
        waiting.remove(key);
        pooled = pool.size();
    }

    @Override
    public byte[] answer(byte[] question, Reader state) {
        throw new LedgerException("the ledger of users answers no questions");
    }

    @Override
    public int pooled() {
        return pooled;
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of();
    }
}
