package coco.governance.ledger;

import coco.crypto.Sha256;
import coco.governance.Constitution;
import coco.governance.Genesis;
import coco.governance.GovernanceLimits;
import coco.governance.GovernanceMaps;
import coco.governance.RaftNodes;
import coco.governance.document.DocumentException;
import coco.governance.script.ScriptEngineProcess;
import coco.kv.Cursor;
import coco.kv.DigestReader;
import coco.kv.Draft;
import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.kv.Transaction;
import coco.kv.WriteSet;
import coco.ledgers.api.BuildContext;
import coco.ledgers.api.Endpoint;
import coco.ledgers.api.EventEndpoint;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerContext;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.Offer;
import coco.ledgers.api.Rejection;
import coco.ledgers.api.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The administrative ledger of one node. */
final class GovernanceLedger implements Ledger {
    private static final byte[] DUE_LABEL = "coco governance due v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = WriteSet.empty().serialise();

    private final GovernanceLedgerFactory.Parts parts;
    private final Proceedings.Service service;
    private final ScriptsAhead scripts;
    private final LedgerContext context;
    private final List<Endpoint> endpoints;
    private final List<EventEndpoint> events;

    /** Pooled payloads by id, in order of arrival; executed ones stay until they are applied. */
    private final Map<ByteBuffer, byte[]> pool = new LinkedHashMap<>();

    private final Map<ByteBuffer, byte[]> waiting = new LinkedHashMap<>();

    /** What the listener has not been told yet. */
    private final Deque<Happened> happened = new ArrayDeque<>();

    private long nextDue = Long.MAX_VALUE;
    private volatile int pooled;

    /** Height of the newest block that this ledger has heard of, -1 before any. Advice, as blocks get lost. */
    private long tip = -1;

    private record Happened(long height, List<GovernanceEvent> events) {}

    GovernanceLedger(GovernanceLedgerFactory.Parts parts, LedgerContext context) {
        this.parts = parts;
        this.context = context;
        this.service = new Proceedings.Service(
                parts.serviceId(),
                Genesis.parse(context.genesisDocument()).ledgers().keySet());
        this.scripts = new ScriptsAhead(parts.scripts());
        this.scripts.background(context.background(scripts::runWanted));
        this.endpoints = List.copyOf(parts.surface().endpoints(context));
        this.events = List.copyOf(parts.surface().events(context));
    }

    @Override
    public String id() {
        return GovernanceLedgerFactory.ID;
    }

    @Override
    public List<MapSpec> maps() {
        return GovernanceMaps.ALL;
    }

    @Override
    public LedgerBlock genesis(Draft state, byte[] document) {
        Transaction writes = new Transaction(state);
        byte[] constitution;
        try {
            constitution = Genesis.parse(document).constitution().bytes();
        } catch (DocumentException refused) {
            throw new LedgerException("the genesis document is not valid: " + refused.getMessage(), refused);
        }
        writes.put(GovernanceMaps.CONSTITUTION, GovernanceMaps.CURRENT, constitution);
        return block(state, List.of(), writes);
    }

    /** All writes are public, and are those of the block as a whole. */
    private static LedgerBlock block(Draft state, List<LedgerBlock.Executed> transactions, Transaction writes) {
        WriteSet all = writes.writes();
        state.apply(all);
        return new LedgerBlock(transactions, currentDigest(state), NOTHING, all.serialise());
    }

    private static byte[] currentDigest(Reader state) {
        byte[] current = state.get(GovernanceMaps.CONSTITUTION, GovernanceMaps.CURRENT);
        return current == null ? new byte[0] : Constitution.digest(current);
    }

    @Override
    public Verdict offer(Offer offer, boolean again, Reader state) {
        ByteBuffer id = ByteBuffer.wrap(offer.id());
        if (pool.containsKey(id)) {
            return Verdict.ACCEPTED;
        }
        if (pool.size() >= GovernanceLimits.POOL) {
            return new Verdict.Rejected(Refusal.BUSY.because("too many messages wait for a block"));
        }
        Rejection refused = problem(offer, state);
        if (refused != null) {
            return new Verdict.Rejected(refused);
        }
        pool.put(id, offer.payload());
        waiting.put(id, offer.payload());
        pooled = pool.size();
        return Verdict.ACCEPTED;
    }

    /** Judges as if a block were made of it now, so that whoever sent nonsense learns it at once. */
    private @Nullable Rejection problem(Offer offer, Reader state) {
        if (Submission.of(offer.payload()) == Submission.DUE) {
            return Refusal.MALFORMED.because("what is due is the ledger's own business");
        }
        long seconds = context.clock().instant().getEpochSecond();
        try {
            Proceedings.Ruling ruling = proceedings(
                            Constitution.read(state), new Transaction(state), live(), tip + 1, seconds)
                    .execute(offer.payload(), 0, outcome -> {});
            return ruling instanceof Proceedings.Ruling.Refused(Rejection reason) ? reason : null;
        } catch (ScriptsAhead.NotYetException later) {
            // The judgement itself waits for the module.
            return null;
        }
    }

    private Proceedings proceedings(
            Constitution constitution, Transaction state, Outside outside, long height, long seconds) {
        return new Proceedings(service, constitution, state, outside, height, seconds);
    }

    private Outside live() {
        return new Outside() {
            @Override
            public RaftNodes raftNodes() {
                return parts.raftNodes();
            }

            @Override
            public ScriptEngineProcess scripts() {
                return scripts;
            }
        };
    }

    @Override
    public boolean hasWork() {
        return (!waiting.isEmpty() && scripts.isIdle())
                || (nextDue != Long.MAX_VALUE && (tip < 0 || nextDue <= tip + GovernanceLimits.LOOK_AHEAD));
    }

    @Override
    public @Nullable LedgerBlock build(BuildContext context) {
        tip = context.height() - 1;
        Transaction writes = new Transaction(context.state());
        List<LedgerBlock.Executed> executed = new ArrayList<>();
        Constitution constitution = Constitution.read(context.state());
        boolean amended = false;
        if (nextDue <= context.height()) {
            byte[] id = Sha256.hash(DUE_LABEL, number(context.height()));
            amended = execute(context, constitution, writes, id, Submission.DUE.frame(new byte[0]), executed)
                    == Step.AMENDED;
        }
        Iterator<Map.Entry<ByteBuffer, byte[]>> next = waiting.entrySet().iterator();
        while (!amended && next.hasNext() && !context.full()) {
            Map.Entry<ByteBuffer, byte[]> entry = next.next();
            Step step = execute(context, constitution, writes, entry.getKey().array(), entry.getValue(), executed);
            if (step == Step.WAITS) {
                break;
            }
            next.remove();
            // What comes after a change is judged by the changed constitution, in the next block.
            amended = step == Step.AMENDED;
        }
        if (executed.isEmpty()) {
            return null;
        }
        LedgerBlock block = block(context.state(), executed, writes);
        nextDue = nextDue(context.state());
        return block;
    }

    /** What became of one transaction of the block being built. */
    private enum Step {
        RECORDED,
        /** Recorded, and the constitution is another one from the next block on. */
        AMENDED,
        REFUSED,
        /** Not judged: a rule module has not answered yet. */
        WAITS
    }

    private Step execute(
            BuildContext block,
            Constitution constitution,
            Transaction writes,
            byte[] id,
            byte[] framed,
            List<LedgerBlock.Executed> executed) {
        int savepoint = writes.savepoint();
        OutsideRecord.Writer outside = new OutsideRecord.Writer(live());
        Proceedings.Ruling ruling;
        try {
            ruling = proceedings(constitution, writes, outside, block.height(), block.timestampSeconds())
                    .execute(framed, executed.size(), outside::writeTo);
        } catch (ScriptsAhead.NotYetException later) {
            writes.rollBack(savepoint);
            return Step.WAITS;
        }
        return switch (ruling) {
            case Proceedings.Ruling.Refused(Rejection reason) -> {
                writes.rollBack(savepoint);
                pool.remove(ByteBuffer.wrap(id));
                pooled = pool.size();
                block.dropped(id, reason);
                yield Step.REFUSED;
            }
            case Proceedings.Ruling.Recorded(boolean amended) -> {
                byte[] record = writes.get(GovernanceMaps.HISTORY, History.key(block.height(), executed.size()));
                byte[] claims = Sha256.hash(record == null ? framed : record);
                executed.add(new LedgerBlock.Executed(id, claims, framed, NOTHING));
                block.executed(framed.length + writes.writesSince(savepoint).sizeBytes());
                yield amended ? Step.AMENDED : Step.RECORDED;
            }
        };
    }

    private static byte[] number(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    /** The next height at which something falls due by itself. */
    private static long nextDue(Reader state) {
        byte[] current = state.get(GovernanceMaps.CONSTITUTION, GovernanceMaps.CURRENT);
        if (current == null) {
            return Long.MAX_VALUE;
        }
        Long retirement = Constitution.parse(current).nextRetirement();
        Cursor due = state.scanPrefix(GovernanceMaps.DUE, new byte[0]);
        long notice = due.next() ? ByteBuffer.wrap(due.key()).getLong() : Long.MAX_VALUE;
        return Math.min(notice, retirement == null ? Long.MAX_VALUE : retirement);
    }

    @Override
    public List<IndexKey> apply(LedgerBlock block, long height, Reader state) {
        List<IndexKey> keys = new ArrayList<>(block.transactions().size());
        for (LedgerBlock.Executed transaction : block.transactions()) {
            ByteBuffer id = ByteBuffer.wrap(transaction.id());
            pool.remove(id);
            waiting.remove(id);
            keys.add(new IndexKey(0, transaction.id(), keys.size()));
        }
        pooled = pool.size();
        List<GovernanceEvent> events = new ArrayList<>();
        History.at(state, height).forEach(entry -> events.addAll(GovernanceEvent.of(entry)));
        if (!events.isEmpty()) {
            happened.add(new Happened(height, List.copyOf(events)));
        }
        return keys;
    }

    @Override
    public void published(long height) {
        tip = Math.max(tip, height);
        for (Happened next = happened.peek(); next != null && next.height() <= height; next = happened.peek()) {
            happened.remove();
            parts.listener().published(next.height(), next.events());
        }
    }

    @Override
    public @Nullable String audit(LedgerBlock block, DigestReader state) {
        return Arrays.equals(block.payload(), currentDigest(state))
                ? null
                : "the block says that another constitution is in force than the state holds";
    }

    @Override
    public void rebase(Reader state) {
        waiting.clear();
        waiting.putAll(pool);
        nextDue = nextDue(state);
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
        throw new LedgerException("the administrative ledger answers no questions");
    }

    @Override
    public int pooled() {
        return pooled;
    }

    @Override
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    @Override
    public List<EventEndpoint> events() {
        return events;
    }
}
