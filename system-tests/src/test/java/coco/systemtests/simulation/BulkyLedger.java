package coco.systemtests.simulation;

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
import coco.ledgers.api.LedgerFactory;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes as many bytes as a transaction asks for, and tells the block's budget nothing of them. */
final class BulkyLedger implements Ledger {
    private static final MapSpec DATA = new MapSpec("bulky.data", Visibility.PRIVATE);

    private final Map<ByteBuffer, Offer> pool = new LinkedHashMap<>();
    private final Map<ByteBuffer, Offer> waiting = new LinkedHashMap<>();

    /** Makes it. */
    static final class Factory implements LedgerFactory {
        @Override
        public String id() {
            return "bulky";
        }

        @Override
        public Ledger create(LedgerContext context) {
            return new BulkyLedger();
        }
    }

    @Override
    public String id() {
        return "bulky";
    }

    @Override
    public List<MapSpec> maps() {
        return List.of(DATA);
    }

    @Override
    public LedgerBlock genesis(Draft state, byte[] document) {
        return new LedgerBlock(List.of(), new byte[0], WriteSet.empty().serialise());
    }

    @Override
    public Verdict offer(Offer offer, boolean again, Reader state) {
        pool.put(ByteBuffer.wrap(offer.id()), offer);
        waiting.put(ByteBuffer.wrap(offer.id()), offer);
        return Verdict.ACCEPTED;
    }

    @Override
    public boolean hasWork() {
        return !waiting.isEmpty();
    }

    @Override
    public @Nullable LedgerBlock build(BuildContext context) {
        List<LedgerBlock.Executed> executed = new ArrayList<>();
        for (Offer offer : List.copyOf(waiting.values())) {
            if (context.full()) {
                break;
            }
            waiting.remove(ByteBuffer.wrap(offer.id()));
            Transaction writes = new Transaction(context.state());
            writes.put(
                    DATA, offer.id(), new byte[ByteBuffer.wrap(offer.payload()).getInt()]);
            WriteSet set = writes.writes();
            context.state().apply(set);
            context.executed(0);
            executed.add(new LedgerBlock.Executed(offer.id(), new byte[32], offer.payload(), set.serialise()));
        }
        return executed.isEmpty()
                ? null
                : new LedgerBlock(executed, new byte[0], WriteSet.empty().serialise());
    }

    @Override
    public List<IndexKey> apply(LedgerBlock block, long height, Reader state) {
        for (LedgerBlock.Executed transaction : block.transactions()) {
            pool.remove(ByteBuffer.wrap(transaction.id()));
            waiting.remove(ByteBuffer.wrap(transaction.id()));
        }
        return keys(block);
    }

    @Override
    public List<IndexKey> keys(LedgerBlock block) {
        return List.of();
    }

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
        pool.remove(ByteBuffer.wrap(id));
        waiting.remove(ByteBuffer.wrap(id));
    }

    @Override
    public int pooled() {
        return pool.size();
    }

    @Override
    public byte[] answer(byte[] question, Reader state) {
        return new byte[0];
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of();
    }
}
