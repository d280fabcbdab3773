package coco.core;

import coco.consensus.LogPosition;
import coco.journal.BlockContent;
import coco.journal.BlockOpener;
import coco.journal.ChainHead;
import coco.journal.JournalEntry;
import coco.journal.MalformedException;
import coco.journal.OpenResult;
import coco.journal.SealedBlock;
import coco.kv.Draft;
import coco.kv.MalformedWriteSetException;
import coco.kv.MapSpec;
import coco.kv.Store;
import coco.kv.StoreStatistics;
import coco.kv.Version;
import coco.kv.WriteSet;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.Ledger;
import coco.ledgers.api.LedgerBlock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Committed state of one node and the one way it moves: a block on its parent, from the bytes that were committed.
 *
 * <p>The node that built a block holds its result already; if the committed block is that very one (same header hash),
 * {@link #promote} makes the speculative version the committed one, which cannot fail. Every other block is opened,
 * checked and its writes applied. Core thread only, but for what {@link Heads} publishes.
 */
public final class Chain {
    private final Store store;
    private final List<MapSpec> maps;
    private final Map<String, Ledger> ledgers = new LinkedHashMap<>();
    private final BlockOpener opener;
    private final Succession succession;
    private final LedgerBlocks contents;
    private final Archive archive;
    private final Heads heads;
    private final StateHistory states;
    private final Snapshots snapshots;
    private ChainHead head = ChainHead.NONE;
    private Version version;
    private Map<String, LedgerBlock> lastBlocks = Map.of();
    private @Nullable InForce inForce;
    private boolean rosterChanged;
    private boolean removed;

    Chain(
            Store store,
            List<MapSpec> maps,
            List<Ledger> ledgers,
            BlockOpener opener,
            Succession succession,
            LedgerBlocks contents,
            Archive archive,
            Heads heads,
            StateHistory states,
            Snapshots snapshots) {
        this.store = store;
        this.maps = List.copyOf(maps);
        ledgers.forEach(ledger -> this.ledgers.put(ledger.id(), ledger));
        this.opener = opener;
        this.succession = succession;
        this.contents = contents;
        this.archive = archive;
        this.heads = heads;
        this.states = states;
        this.snapshots = snapshots;
        this.version = store.leaseHead();
    }

    /** A committed entry's block, parsed but not yet believed. */
    record Block(SealedBlock sealed) {
        long height() {
            return sealed.header().height();
        }

        byte[] hash() {
            return sealed.headerHash();
        }
    }

    long height() {
        return head.height();
    }

    byte[] hash() {
        return head.hash();
    }

    ChainHead head() {
        return head;
    }

    /** The committed version, held for as long as it is the newest. */
    Version version() {
        return version;
    }

    /** What is in force for the block after the last applied one. */
    InForce inForce() {
        return Invariant.present(inForce, "genesis is applied");
    }

    /** Whether the last applied block changed the roster. */
    boolean rosterChanged() {
        return rosterChanged;
    }

    /** Whether the last applied block took this node off the roster: nothing follows for it. */
    boolean removed() {
        return removed;
    }

    boolean isAdministrative(String ledger) {
        return contents.isAdministrative(ledger);
    }

    /** Whether one of these blocks is the administrative ledger's. */
    boolean isAdministrative(Map<String, LedgerBlock> blocks) {
        return contents.isAdministrative(blocks);
    }

    Succession succession() {
        return succession;
    }

    Snapshots snapshots() {
        return snapshots;
    }

    /** Begins with the store's head as the state after a block, instead of with nothing. */
    void resume(SnapshotContext context) {
        head = context.head();
        inForce = succession.resume(context, version);
        archive.indexUpTo(head.height(), ledgers.values());
        states.keep(head.height(), version, store.statistics());
        heads.publish(head.height(), head.hash(), version, inForce().roster().access());
    }

    /** What a block's public writes are made of. */
    List<MapSpec> maps() {
        return maps;
    }

    Store store() {
        return store;
    }

    /**
     * Whether so little memory for state is left that no more blocks should be built. What the blocks in flight still
     * take must fit, here and at followers, which cannot refuse to apply.
     */
    boolean stateIsFull() {
        StoreStatistics store = this.store.statistics();
        return store.liveBytes() > store.maxBytes() - store.maxBytes() / CoreLimits.STATE_RESERVE_PART;
    }

    Map<String, Ledger> ledgersById() {
        return ledgers;
    }

    /** The last block of each ledger that had one in the last applied block. */
    Map<String, LedgerBlock> lastBlocks() {
        return lastBlocks;
    }

    Block parse(byte[] payload) {
        Invariant.check(Payload.isBlock(payload), "a committed payload is neither block nor no-op");
        try {
            return new Block(SealedBlock.parse(Payload.body(payload)));
        } catch (MalformedException e) {
            throw new BrokenInvariantException("a committed block does not parse", e);
        }
    }

    /** Makes the result of executing this block, known on the node that built it, the committed state. */
    void promote(Block block, LogPosition position, Pipeline.InFlight own) {
        checkFollows(block);
        Version before = advance(block, own.version(), own.blocks());
        archive.append(block.sealed(), opener.evidenceNonce(block.sealed()), position);
        publish(before);
    }

    /** Opens the block and applies its writes. */
    void apply(Block block, LogPosition position) {
        checkFollows(block);
        Version before = takeWrites(block, opener.open(block.sealed(), head));
        archive.append(block.sealed(), opener.evidenceNonce(block.sealed()), position);
        publish(before);
    }

    /**
     * Opens a block of this node's own journal and applies its writes.
     *
     * @param isNewest whether the journal ends with it: then its signature is verified, which vouches for all before it
     */
    void recover(JournalEntry entry, boolean isNewest) {
        Block block = new Block(entry.block());
        checkFollows(block);
        if (inForce == null) {
            succession.begin(block.sealed());
        } else if (entry.raftIndex() < 0) {
            succession.recover(block.sealed());
        }
        OpenResult opened = opener.reopen(entry, head);
        if (isNewest && opened instanceof OpenResult.Opened) {
            opened = opener.open(block.sealed(), head);
        }
        Version before = takeWrites(block, opened);
        publish(before);
    }

    /**
     * Checks that a block that comes again, because the log is replayed from further back, is the one that was applied.
     */
    void checkKnown(Block block) {
        byte[] known = archive.headerHash(block.height());
        Invariant.check(
                known == null || Arrays.equals(known, block.hash()),
                "another block than the applied one is committed",
                block.height());
    }

    private void checkFollows(Block block) {
        Invariant.check(block.height() == head.height() + 1, "a committed block skips a height", block.height());
        Invariant.check(
                Arrays.equals(block.sealed().header().parent(), head.hash()),
                "a committed block does not chain",
                block.height());
    }

    private Version takeWrites(Block block, OpenResult result) {
        BlockContent content = switch (result) {
            case OpenResult.Opened opened -> opened.content();
            case OpenResult.Refusal(OpenResult.Kind kind, String words) ->
                throw new BrokenInvariantException(
                        "committed block " + block.height() + " is not to be believed: " + kind + ", " + words);
        };
        Map<String, LedgerBlock> blocks = contents.of(block.sealed(), content);
        Draft draft = store.draft(version);
        try {
            // Their order is of no matter: public maps are other maps than private ones.
            draft.apply(WriteSet.parse(block.sealed().publicWrites(), maps));
            for (LedgerBlock ledgerBlock : blocks.values()) {
                for (LedgerBlock.Executed transaction : ledgerBlock.transactions()) {
                    draft.apply(WriteSet.parse(transaction.writes(), maps));
                }
                draft.apply(WriteSet.parse(ledgerBlock.writes(), maps));
            }
        } catch (MalformedWriteSetException e) {
            throw new BrokenInvariantException("the writes of committed block " + block.height() + " do not parse", e);
        }
        return advance(block, draft.seal(), blocks);
    }

    /** Gives the version before, which readers may still get until {@link #publish} is through. */
    private Version advance(Block block, Version next, Map<String, LedgerBlock> blocks) {
        Version before = version;
        version = next;
        head = head.next(block.sealed());
        lastBlocks = blocks;
        InForce earlier = inForce;
        InForce now = succession.take(earlier, block.sealed(), next, contents.isAdministrative(blocks));
        inForce = now;
        rosterChanged = contents.isAdministrative(blocks)
                && (earlier == null || !earlier.roster().equals(now.roster()));
        removed = earlier != null && earlier.listed() && !now.listed();
        if (now.listed()) {
            snapshots.applied(block.sealed(), head, next, now, () -> succession.context(head, now));
        }
        return before;
    }

    /** Shows the new head to readers, after everything that they may ask of its block. */
    private void publish(Version before) {
        archive.remember(head.height(), head.hash(), lastBlocks);
        boolean indexed = archive.indexed(head.height());
        int ordinal = 0;
        for (Ledger ledger : ledgers.values()) {
            LedgerBlock block = lastBlocks.get(ledger.id());
            if (block != null) {
                List<IndexKey> keys = ledger.apply(block, head.height(), version);
                if (!indexed) {
                    archive.index(ordinal, keys, head.height());
                }
            }
            ordinal++;
        }
        if (!indexed) {
            archive.endIndex(head.height());
        }
        states.keep(head.height(), version, store.statistics());
        heads.publish(head.height(), head.hash(), version, inForce().roster().access());
        ledgers.values().forEach(ledger -> ledger.published(head.height()));
        before.close();
    }

    /** The head as readers see it. Any thread. */
    Heads.Head published() {
        return heads.newest();
    }

    /** Sees one transaction of the last applied block. */
    interface TransactionVisitor {
        void visit(TransactionKey key, int ordinal);
    }

    void forEachTransaction(TransactionVisitor visitor) {
        lastBlocks.forEach((ledger, block) -> {
            int ordinal = 0;
            for (LedgerBlock.Executed transaction : block.transactions()) {
                visitor.visit(new TransactionKey(ledger, transaction.id()), ordinal++);
            }
        });
    }

    int transactionCount() {
        int count = 0;
        for (LedgerBlock block : lastBlocks.values()) {
            count += block.transactions().size();
        }
        return count;
    }
}
