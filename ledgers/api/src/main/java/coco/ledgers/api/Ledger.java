package coco.ledgers.api;

import coco.kv.DigestReader;
import coco.kv.Draft;
import coco.kv.MapSpec;
import coco.kv.Reader;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One ledger on one node. See the package for the life of a transaction and for which thread calls what. */
public interface Ledger {
    /** The name by which offers, blocks and settings are routed here: lower case, stable for ever. */
    String id();

    /**
     * The maps this ledger keeps its state in. The same instances are used in every call to a {@link Reader} or {@link
     * Draft}.
     */
    List<MapSpec> maps();

    /**
     * Writes the state of the genesis document into {@code state}. Called once in the life of a network, when it is
     * made; the block it gives becomes part of the network's first block.
     *
     * @throws LedgerException if the document is not valid for this ledger
     */
    LedgerBlock genesis(Draft state, byte[] document);

    /**
     * Judges a transaction against the newest speculative state. Leader only.
     *
     * @param again whether a leader may have heard of it before: a transaction that is already pooled is then accepted,
     *     not refused as known. Nodes offer again to each new leader, and what is not settled after a second; so this
     *     must be cheap for what is pooled, and must refuse what was dropped
     * @param state the newest speculative state: what {@link #build} left, or else what {@link #rebase} got
     */
    Verdict offer(Offer offer, boolean again, Reader state);

    /**
     * Whether {@link #build} would make a block. Must be cheap: asked after each offer and some ten times a second, so
     * that it may come true by time alone.
     */
    boolean hasWork();

    /**
     * Executes pooled transactions on {@link BuildContext#state} until the budget is used up or the pool has nothing
     * more. A transaction that no longer is valid is reported to the context and dropped. On return the draft holds all
     * the writes that the block records: those of its transactions, in order, then those of the block.
     *
     * @return the block; null if nothing was executed and {@link BuildContext#heartbeat} does not ask for an empty one,
     *     in which case the draft is untouched
     */
    @Nullable
    LedgerBlock build(BuildContext context);

    /**
     * Takes notice of a committed block, on every node; {@code state} already contains its writes.
     *
     * @return the keys under which the history index shall find this block and its transactions
     */
    List<IndexKey> apply(LedgerBlock block, long height, Reader state);

    /**
     * The keys that {@link #apply} gives for a block, from the block alone: by them the history index is made again.
     * Any thread. Unless a ledger says otherwise, its transactions' ids.
     */
    default List<IndexKey> keys(LedgerBlock block) {
        List<IndexKey> keys = new ArrayList<>(block.transactions().size());
        for (LedgerBlock.Executed transaction : block.transactions()) {
            keys.add(new IndexKey(IndexKey.TRANSACTION, transaction.id(), keys.size()));
        }
        return keys;
    }

    /**
     * Tells that views opened from now on show the block at this height; {@link #apply} came before. Called after each
     * applied block on Coco's thread, so it only wakes whoever waits for news.
     */
    default void published(long height) {}

    /**
     * Compares what a block says of the state with the state itself, such as a state root with the digest of a map.
     * Runs on a thread of its own, some time after the block was applied, and may take long.
     *
     * @param state the state right after {@code block}
     * @return null if they agree, else what differs: the node then stops, because its state is not the network's
     */
    @Nullable
    String audit(LedgerBlock block, DigestReader state);

    /**
     * Starts afresh from this state: leadership was gained or lost, or speculation was thrown away. Transactions that
     * were executed in lost blocks are to be executed again.
     */
    void rebase(Reader state);

    /**
     * Removes a pooled transaction that the core cannot carry, executed or not; {@link #rebase} follows. One that is
     * not pooled is none of the ledger's business.
     */
    void forget(byte[] id);

    /**
     * Answers a question that another node put by {@link LedgerContext#askLeader}, from pool and speculative state.
     *
     * @param state the newest speculative state
     * @throws LedgerException if it is no question of this ledger
     */
    byte[] answer(byte[] question, Reader state);

    /** How many transactions are pooled here, for metrics. Any thread; may be a moment old. */
    int pooled();

    /**
     * Whether a caller may know of one of this ledger's committed transactions: that it is there, where it is, and what
     * proves it. Any thread; may take as long as a read.
     *
     * @param transaction its id, of 32 bytes
     */
    default boolean shows(Caller caller, byte[] transaction) {
        return true;
    }

    /**
     * Whether a caller may know of one of this ledger's transactions that is in no block: one that a client offered,
     * which waits or was refused. To everybody else it is as if nobody had offered it. Any thread; may take as long as
     * a read.
     */
    default boolean showsWaiting(Caller caller, Offer offer) {
        return true;
    }

    /**
     * Whether nothing of this ledger is hidden from a caller, so that the time of an answer tells it nothing that it
     * may not know: others are answered on a grid ({@link AnswerGrid}). Any thread; may take as long as a read.
     */
    default boolean showsAll(Caller caller) {
        return true;
    }

    /** Where clients reach this ledger. */
    List<Endpoint> endpoints();

    /** Where clients hold a connection open to this ledger, to be told of what happens. */
    default List<SocketEndpoint> sockets() {
        return List.of();
    }

    /** Where clients only listen. */
    default List<EventEndpoint> events() {
        return List.of();
    }

    /**
     * Makes the transaction by which this ledger carries out a change of its state that the network's members have
     * decided on: one that says so, that no client can make, and that is executed once however often it is offered.
     *
     * @param decision 32 bytes that name the decision
     * @param change the ledger's own bytes
     * @throws LedgerException if the ledger knows no such changes, or the bytes are none
     */
    default Offer compensation(byte[] decision, byte[] change) {
        throw new LedgerException("the ledger " + id() + " changes its state by its users' transactions only");
    }

    /**
     * Reads another network's history, with which this one shall begin: used once, where the network is founded, after
     * {@link #genesis}.
     *
     * @throws LedgerException if this ledger cannot begin with another's history
     */
    default HistoryImport importer(InputStream history) {
        throw new LedgerException("the ledger " + id() + " cannot begin with the history of another network");
    }
}
