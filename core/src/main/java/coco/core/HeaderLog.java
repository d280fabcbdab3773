package coco.core;

import coco.journal.BlockHeader;
import coco.journal.HeaderLink;
import coco.journal.MerkleLog;
import coco.journal.MerkleProof;
import coco.ledgers.api.LedgerException;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The log over headers, grown from headers on disk when a proof is asked for. Takes a hash in only when the header that
 * follows names it as its parent, so that one bad header stops the growth before it and spoils nothing; whoever gives
 * proofs away verifies them all the same, and has the log {@linkplain #forget() forgotten} if one is wrong. Any thread.
 */
final class HeaderLog {
    private final LongFunction<@Nullable HeaderLink> links;
    private final LongConsumer suspect;
    private MerkleLog log;

    /**
     * @param links of headers by their heights, read and not checked; null for what is not here
     * @param suspect hears which headers contradict each other; one of two at least is damaged
     */
    HeaderLog(LongFunction<@Nullable HeaderLink> links, LongConsumer suspect) {
        this.links = links;
        this.suspect = suspect;
        this.log = new MerkleLog(this::hash);
    }

    /**
     * The path from the header at this height to the log root in a later one.
     *
     * @throws LedgerException if a header between is missing or damaged
     */
    synchronized MerkleProof inclusion(long height, BlockHeader later) {
        grow(later);
        return log.inclusionProof(height, later.height());
    }

    /**
     * The path from one log root to that in a later header.
     *
     * @param size of the earlier log, which is the height of the header that has its root
     * @throws LedgerException if a header between is missing or damaged
     */
    synchronized List<byte[]> consistency(long size, BlockHeader later) {
        grow(later);
        return log.consistencyProof(size, later.height());
    }

    /** A proof was wrong: what the log was grown from, or was read for the proof, was no journal. It grows anew. */
    synchronized void forget() {
        log = new MerkleLog(this::hash);
    }

    private void grow(BlockHeader later) {
        HeaderLink leaf = log.size() < later.height() ? link(log.size()) : null;
        while (leaf != null) {
            long height = log.size();
            HeaderLink following = height + 1 < later.height() ? link(height + 1) : null;
            byte[] parent = following == null ? later.parent() : following.parent();
            if (!Arrays.equals(parent, leaf.hash())) {
                suspect.accept(height);
                suspect.accept(height + 1);
                throw new LedgerException("header " + height + " or the next in the journal of this node is damaged");
            }
            log.append(leaf.hash());
            leaf = following;
        }
    }

    private byte[] hash(long height) {
        return link(height).hash();
    }

    private HeaderLink link(long height) {
        HeaderLink link = links.apply(height);
        if (link == null) {
            throw new LedgerException("the journal of this node lacks block " + height);
        }
        return link;
    }
}
