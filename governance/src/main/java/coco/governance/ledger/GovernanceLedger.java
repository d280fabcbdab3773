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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The administrative ledger of one node. */
final class GovernanceLedger implements Ledger {
    private static final byte[] DUE_LABEL = "coco governance due v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RECOVERY_LABEL = "coco governance recovery v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = WriteSet.empty().serialise();

    private final GovernanceLedgerFactory.Parts parts;
    private final Proceedings.Service service;
    private final ScriptsAhead scripts;
    private final LedgerContext context;
    private final List<Endpoint> endpoints;
    private final List<EventEndpoint> events;

    private final Pool pool = new Pool();

    /** What the listener has not been told yet. */
    private final Deque<Happened> happened = new ArrayDeque<>();

    private long nextDue = Long.MAX_VALUE;

    /** Whether what is due fitted into no block: it is then recorded that it fails. */
    private boolean dueTooLarge;

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

    /** The part of the first block after a recovery: one transaction, which nobody offered. Nothing is applied. */
    static LedgerBlock recovery(Transaction writes, byte[] framed, long height) {
        byte[] record = writes.get(GovernanceMaps.HISTORY, History.key(height, 0));
        byte[] claims = Sha256.hash(record == null ? framed : record);
        LedgerBlock.Executed executed =
                new LedgerBlock.Executed(Sha256.hash(RECOVERY_LABEL, framed), claims, framed, NOTHING);
        return new LedgerBlock(
                List.of(executed),
                currentDigest(writes),
                NOTHING,
                writes.writes().serialise());
    }

    private static byte[] currentDigest(Reader state) {
        byte[] current = state.get(GovernanceMaps.CONSTITUTION, GovernanceMaps.CURRENT);
        return current == null ? new byte[0] : Constitution.digest(current);
    }

    @Override
    public Verdict offer(Offer offer, boolean again, Reader state) {
        if (pool.contains(offer.id())) {
            return Verdict.ACCEPTED;
        }
        if (Submission.of(offer.payload()) == Submission.DUE) {
            return rejected(Refusal.MALFORMED, "what is due is the ledger's own business");
        }
        if (Submission.of(offer.payload()) == Submission.RECOVERY) {
            return rejected(Refusal.MALFORMED, "a service that has nodes is not recovered");
        }
        // As if a block were made of it now, so that whoever sent nonsense learns it at once.
        Proceedings proceedings = proceedings(
                Constitution.read(state),
                new Transaction(state),
                outside(scripts.known()),
                tip + 1,
                context.clock().instant().getEpochSecond());
        try {
            if (proceedings.execute(offer.payload(), 0, outcome -> {})
                    instanceof Proceedings.Ruling.Refused(Rejection reason)) {
                return new Verdict.Rejected(reason);
            }
        } catch (ScriptsAhead.NotYetException later) {
            // The judgement itself waits for the module; whose message it is was known before.
        }
        if (!pool.hasRoom(proceedings.actor())) {
            return rejected(Refusal.BUSY, "too many messages wait for a block, your own among them");
        }
        pool.add(new Pool.Pooled(offer.id(), offer.payload(), proceedings.actor()));
        pooled = pool.size();
        return Verdict.ACCEPTED;
    }

    private static Verdict rejected(Refusal refusal, String words) {
        return new Verdict.Rejected(refusal.because(words));
    }

    private Proceedings proceedings(
            Constitution constitution, Transaction state, Outside outside, long height, long seconds) {
        return new Proceedings(service, constitution, state, outside, height, seconds);
    }

    private Outside outside(ScriptEngineProcess engine) {
        return new Outside() {
            @Override
            public RaftNodes raftNodes() {
                return parts.raftNodes();
            }

            @Override
            public ScriptEngineProcess scripts() {
                return engine;
            }
        };
    }

    @Override
    public boolean hasWork() {
        return (pool.isWaiting() && scripts.isIdle())
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
            byte[] content = dueTooLarge ? Submission.TOO_LARGE : new byte[0];
            Step due = execute(
                    context,
                    constitution,
                    writes,
                    dueId(context.height(), content),
                    Submission.DUE.frame(content),
                    executed);
            if (due == Step.WAITS) {
                // What is due comes first, whatever members sent meanwhile: it may void or change what they ask for.
                return null;
            }
            amended = due == Step.AMENDED;
        }
        Iterator<Pool.Pooled> next = pool.inTurn().iterator();
        while (!amended && next.hasNext() && !context.full()) {
            Pool.Pooled pooledNext = next.next();
            Step step = execute(context, constitution, writes, pooledNext.id(), pooledNext.framed(), executed);
            if (step == Step.WAITS) {
                break;
            }
            pool.executed(pooledNext.id());
            // What comes after a change is judged by the changed constitution, in the next block.
            amended = step == Step.AMENDED;
        }
        if (executed.isEmpty()) {
            return null;
        }
        LedgerBlock block = block(context.state(), executed, writes);
        nextDue = nextDue(context.state());
        dueTooLarge = false;
        return block;
    }

    private static byte[] dueId(long height, byte[] content) {
        return Sha256.hash(
                DUE_LABEL,
                ByteBuffer.allocate(Long.BYTES + content.length)
                        .putLong(height)
                        .put(content)
                        .array());
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
        OutsideRecord.Writer outside = new OutsideRecord.Writer(outside(scripts));
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
                pool.remove(id);
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

    /** The next height at which something falls due by itself. */
    private static long nextDue(Reader state) {
        if (state.get(GovernanceMaps.CONSTITUTION, GovernanceMaps.CURRENT) == null) {
            return Long.MAX_VALUE;
        }
        Long retirement = Constitution.read(state).nextRetirement();
        Cursor due = state.scanPrefix(GovernanceMaps.DUE, new byte[0]);
        long notice = due.next() ? ByteBuffer.wrap(due.key()).getLong() : Long.MAX_VALUE;
        return Math.min(notice, retirement == null ? Long.MAX_VALUE : retirement);
    }

    @Override
    public List<IndexKey> apply(LedgerBlock block, long height, Reader state) {
        for (LedgerBlock.Executed transaction : block.transactions()) {
            pool.remove(transaction.id());
        }
        pooled = pool.size();
        List<GovernanceEvent> events = new ArrayList<>();
        History.at(state, height).forEach(entry -> events.addAll(GovernanceEvent.of(entry)));
        if (!events.isEmpty()) {
            happened.add(new Happened(height, List.copyOf(events)));
        }
        return keys(block);
    }

    @Override
    public List<IndexKey> keys(LedgerBlock block) {
        List<IndexKey> keys = new ArrayList<>(2 * block.transactions().size());
        int ordinal = 0;
        for (LedgerBlock.Executed transaction : block.transactions()) {
            keys.add(new IndexKey(IndexKey.TRANSACTION, transaction.id(), ordinal));
            keys.add(new IndexKey(History.INDEX_KIND, History.indexKey(), ordinal));
            ordinal++;
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
        pool.rebase();
        nextDue = nextDue(state);
    }

    @Override
    public void forget(byte[] id) {
        dueTooLarge = dueTooLarge || Arrays.equals(id, dueId(tip + 1, new byte[0]));
        pool.remove(id);
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
