package coco.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the log gapless while blocks are executed on blocks that are not committed yet.
 *
 * <p>Replication may refuse one proposal and take the next, or take a proposal made in an earlier leadership. A block
 * is therefore let into the log only if it was made in the term that is current, after that term's leader was ready,
 * and directly follows the block that was let in before it. {@link #admit} is the last look before an entry is
 * appended, under replication's own lock and in log order; everything else is called by the core thread.
 *
 * <p>The tail is where the log of this leadership ends as far as this node let it: nothing above it can ever commit
 * from this leadership, and what is at or below it may.
 */
final class Fence {
    private boolean open;
    private long term;
    private long tailHeight;
    private byte[] tailHash = {};

    /** Lets in blocks of this term that continue from here. */
    synchronized void open(long readyTerm, long height, byte[] hash) {
        open = true;
        term = readyTerm;
        tailHeight = height;
        tailHash = hash;
    }

    /** Lets in nothing until the next {@link #open}. */
    synchronized void close() {
        open = false;
    }

    /**
     * Lets a block into the log, or not.
     *
     * @return null if the block may be appended, else why not
     */
    synchronized @Nullable String admit(long currentTerm, long blockTerm, long height, byte[] parent, byte[] hash) {
        if (!open) {
            return "closed";
        }
        if (currentTerm != term || blockTerm != term) {
            return "made in term " + blockTerm + ", ready in " + term + ", now " + currentTerm;
        }
        if (height != tailHeight + 1) {
            return "height " + height + " does not follow " + tailHeight;
        }
        if (!Arrays.equals(parent, tailHash)) {
            return "parent is not the block at " + tailHeight;
        }
        tailHeight = height;
        tailHash = hash;
        return null;
    }

    synchronized long tailHeight() {
        return tailHeight;
    }
}
