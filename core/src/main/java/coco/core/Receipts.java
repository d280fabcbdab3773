package coco.core;

import coco.journal.BlockContent;
import coco.journal.BlockHeader;
import coco.journal.BlockOpener;
import coco.journal.ConsistencyProof;
import coco.journal.JournalEntry;
import coco.journal.LeafTree;
import coco.journal.Merkle;
import coco.journal.MerkleProof;
import coco.journal.OpenResult;
import coco.journal.Receipt;
import coco.journal.ReceiptJson;
import coco.journal.SealerDirectory;
import coco.journal.Section;
import coco.journal.ServiceIdentity;
import coco.journal.SignedHead;
import coco.ledgers.api.History;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Makes receipts, heads and consistency proofs of what this node has applied. Any thread; each call may read from disk
 * and decrypt one block, so whoever calls for strangers bounds how many do so at once.
 *
 * <p>Only entries of the journal are shown, or of the queue before it: what was sealed and did not commit is in
 * neither, and its nonce is nowhere.
 *
 * <p>The log over headers is kept here ({@link HeaderLog}), and not with the chain: it grows when a proof is asked for,
 * from the headers on disk, so that a node which nobody asks keeps nothing.
 */
public final class Receipts {
    private final Archive archive;
    private final BlockOpener opener;
    private final SealerDirectory.Tracked sealers;
    private final Heads heads;
    private final List<String> ledgers;
    private final Replica replica;
    private final HeaderLog log;
    private final Leaves leaves = new Leaves();

    Receipts(
            Archive archive,
            BlockOpener opener,
            SealerDirectory.Tracked sealers,
            Heads heads,
            List<String> ledgers,
            Replica replica) {
        this.archive = archive;
        this.opener = opener;
        this.sealers = sealers;
        this.heads = heads;
        this.ledgers = List.copyOf(ledgers);
        this.replica = replica;
        this.log = new HeaderLog(archive::link, archive::header);
    }

    private record Newest(JournalEntry entry, SignedHead head, List<ServiceIdentity> identities) {}

    /** Height of the newest applied block. */
    public long height() {
        return heads.height();
    }

    /** What this node remembers of a transaction beside committed blocks: the first half of its status. */
    public CompletableFuture<TransactionStatus.Remembered> remembered(byte[] transaction) {
        return replica.remembered(transaction);
    }

    /**
     * What this node knows of a transaction. What is committed is looked up after what is remembered, so that nothing
     * falls between the two.
     *
     * @param remembered from an earlier call of {@link #remembered}
     * @throws LedgerException if the journal or its index lacks what is needed
     */
    public TransactionStatus status(byte[] transaction, TransactionStatus.Remembered remembered) {
        long height = heads.height();
        TransactionStatus committed = find(transaction);
        if (committed != null) {
            return committed;
        }
        TransactionStatus status = remembered.status();
        return status != null ? status : new TransactionStatus.Unknown(height);
    }

    /**
     * The receipt of a committed transaction.
     *
     * @return null if it is in no block that this node has applied
     * @throws LedgerException if the journal or its index lacks what is needed
     */
    public @Nullable Receipt receipt(byte[] transaction) {
        TransactionStatus.Committed place = find(transaction);
        if (place == null) {
            return null;
        }
        JournalEntry entry = entry(place.height());
        Opened opened = leaves(entry);
        int index = indexInBlock(opened.content(), place);
        LeafTree tree = opened.tree();
        Newest newest = newest();
        return new Receipt(
                signed(entry), tree.leaf(index), tree.proof(index), newest.identities(), inclusion(entry, newest));
    }

    private Receipt.@Nullable Inclusion inclusion(JournalEntry entry, Newest newest) {
        BlockHeader header = entry.block().header();
        BlockHeader later = newest.head().header();
        if (header.generation() == later.generation()) {
            return null;
        }
        MerkleProof path = log.inclusion(header.height(), later);
        if (!Merkle.includes(later.logRoot(), header.hash(), path)) {
            throw damaged(entry, newest.entry());
        }
        return new Receipt.Inclusion(newest.head(), path);
    }

    /** The newest head that this node has applied, with the identities by which it is verified. */
    public ReceiptJson.Head head() {
        Newest newest = newest();
        return new ReceiptJson.Head(newest.head(), newest.identities());
    }

    /**
     * That the journal up to one height is the beginning of the journal up to another, which is of the newest
     * generation.
     *
     * @return null if they are in no order, not applied yet, or the later one is of an older generation
     */
    public @Nullable ConsistencyProof consistency(long fromHeight, long toHeight) {
        Newest newest = newest();
        BlockHeader newestHeader = newest.head().header();
        if (fromHeight < 0 || fromHeight >= toHeight || toHeight > newestHeader.height()) {
            return null;
        }
        JournalEntry earlier = entry(fromHeight);
        JournalEntry later = entry(toHeight);
        SignedHead from = signed(earlier);
        SignedHead to = signed(later);
        if (to.header().generation() != newestHeader.generation()) {
            return null;
        }
        List<byte[]> path = log.consistency(fromHeight, to.header());
        MerkleProof inclusion = log.inclusion(fromHeight, to.header());
        if (!Merkle.consistent(
                        fromHeight,
                        from.header().logRoot(),
                        toHeight,
                        to.header().logRoot(),
                        path)
                || !Merkle.includes(to.header().logRoot(), from.header().hash(), inclusion)) {
            throw damaged(earlier, later);
        }
        return new ConsistencyProof(from, to, path, inclusion, newest.identities());
    }

    /**
     * Why a proof between two heads is wrong: one of them is not what its sealer signed; else the headers between. The
     * log is grown anew in that case only, so that a damaged head costs no reading of all headers at each request.
     */
    private LedgerException damaged(JournalEntry earlier, JournalEntry later) {
        if (archive.isWhole(earlier) && archive.isWhole(later)) {
            log.forget();
        }
        return new LedgerException("a header in the journal of this node is damaged");
    }

    /**
     * Where a transaction is committed; null if it is in no block that this node has applied.
     *
     * @throws LedgerException if the journal or its index lacks what is needed
     */
    public TransactionStatus.@Nullable Committed find(byte[] transaction) {
        long height = heads.height();
        for (int i = 0; i < ledgers.size(); i++) {
            for (History.Position at : archive.find(i, IndexKey.TRANSACTION, transaction, height)) {
                LedgerBlock block = archive.block(ledgers.get(i), at.height());
                if (block != null
                        && at.ordinal() < block.transactions().size()
                        && Arrays.equals(block.transactions().get(at.ordinal()).id(), transaction)) {
                    return new TransactionStatus.Committed(ledgers.get(i), at.height(), at.ordinal());
                }
            }
        }
        return null;
    }

    /** The newest applied block, and the generations that were in force at its height. */
    private Newest newest() {
        Heads.Head lease = heads.lease();
        List<ServiceIdentity> identities;
        try {
            identities = ServiceMaps.identities(lease.version());
        } finally {
            lease.version().close();
        }
        JournalEntry entry = entry(lease.height());
        SignedHead head = signed(entry);
        int generation = head.header().generation();
        return new Newest(
                entry,
                head,
                identities.stream()
                        .filter(identity -> identity.generation() <= generation)
                        .toList());
    }

    private JournalEntry entry(long height) {
        JournalEntry entry = archive.entry(height);
        if (entry == null) {
            throw new LedgerException("block " + height + " is not in the journal of this node yet");
        }
        return entry;
    }

    private SignedHead signed(JournalEntry entry) {
        SignedHead head = SignedHead.of(entry, sealers);
        if (head == null) {
            throw new LedgerException("the sealer of block " + entry.height() + " is not known to this node");
        }
        return head;
    }

    private static int indexInBlock(BlockContent content, TransactionStatus.Committed place) {
        int before = 0;
        for (Section section : content.sections()) {
            if (section.ledger().equals(place.ledger())) {
                return before + place.ordinal();
            }
            before += section.entries().size();
        }
        throw new LedgerException("block " + place.height() + " holds nothing of the ledger " + place.ledger());
    }

    // ---------------------------------------------------------------- leaves

    private record Opened(BlockContent content, LeafTree tree, long bytes) {}

    private Opened leaves(JournalEntry entry) {
        Opened kept = leaves.find(entry.height());
        if (kept != null) {
            return kept;
        }
        return switch (opener.leaves(entry)) {
            case OpenResult.Opened opened -> {
                Opened made = new Opened(
                        opened.content(), opened.leaves(), entry.block().bytes().length);
                leaves.keep(entry.height(), made);
                yield made;
            }
            case OpenResult.Refusal(OpenResult.Kind kind, String words) ->
                throw new LedgerException("block " + entry.height() + " of the journal is damaged: " + kind);
        };
    }

    /** Opened blocks, least recently used first out. Any thread. */
    private static final class Leaves {
        private final Map<Long, Opened> blocks = new LinkedHashMap<>(16, 0.75f, true);
        private long bytes;

        synchronized @Nullable Opened find(long height) {
            return blocks.get(height);
        }

        synchronized void keep(long height, Opened block) {
            if (block.bytes() > CoreLimits.RECEIPT_BYTES || blocks.putIfAbsent(height, block) != null) {
                return;
            }
            bytes += block.bytes();
            Iterator<Opened> oldest = blocks.values().iterator();
            while (bytes > CoreLimits.RECEIPT_BYTES || blocks.size() > CoreLimits.RECEIPT_BLOCKS) {
                bytes -= oldest.next().bytes();
                oldest.remove();
            }
        }
    }
}
