package coco.ledgers.ethereum.pool;

import coco.evm.types.Address;
import coco.evm.types.Word;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one sender has in the pool, by nonce. */
final class SenderQueue {
    final Address sender;
    /** As unsigned numbers: nonces use all 64 bits. */
    final TreeMap<Long, PooledTransaction> byNonce = new TreeMap<>(Long::compareUnsigned);
    /** What all that are not executed yet may cost together, in wei. */
    Word expenditure = Word.ZERO;
    /** What the pool has counted of this sender as pending and as queued. */
    int countedPending;

    int countedQueued;

    private long bytes;
    private int belowNext;
    private long nextNonce;
    /** The first nonce from the next one on that no transaction here has; kept up to date, since counting is slow. */
    private long gap;

    SenderQueue(Address sender) {
        this.sender = sender;
    }

    /** The transaction that may execute next, if it is here. */
    @Nullable
    PooledTransaction head() {
        return byNonce.get(nextNonce);
    }

    /** The nonce that executes next on the newest speculative state. */
    long nextNonce() {
        return nextNonce;
    }

    /** The first nonce that no transaction here has, counted from the next one that executes. */
    long firstGap() {
        return gap;
    }

    /** How long all that are here are together. */
    long bytes() {
        return bytes;
    }

    /** How many could execute one after the other. */
    int pending() {
        return (int) (gap - nextNonce);
    }

    /** How many wait behind a gap. */
    int queued() {
        return byNonce.size() - belowNext - pending();
    }

    /** Whether this one waits behind a gap. */
    boolean isQueued(PooledTransaction transaction) {
        return Long.compareUnsigned(transaction.transaction.nonce(), gap) >= 0;
    }

    /** The last of those that could execute one after the other. */
    @Nullable
    PooledTransaction lastPending() {
        return gap == nextNonce ? null : byNonce.get(gap - 1);
    }

    /** Says which nonce executes next. */
    void advanceTo(long nonce) {
        if (nonce == nextNonce) {
            return;
        }
        belowNext = countBelow(nonce);
        boolean ahead = Long.compareUnsigned(nonce, nextNonce) > 0 && Long.compareUnsigned(nonce, gap) <= 0;
        nextNonce = nonce;
        if (!ahead) {
            gap = nonce;
            closeGap();
        }
    }

    private int countBelow(long nonce) {
        if (nonce == nextNonce + 1) {
            return belowNext + (byNonce.containsKey(nextNonce) ? 1 : 0); // The usual step, without counting all.
        }
        return byNonce.headMap(nonce, false).size();
    }

    void add(PooledTransaction transaction) {
        byNonce.put(transaction.transaction.nonce(), transaction);
        bytes += transaction.sizeBytes();
        closeGap();
    }

    void remove(PooledTransaction transaction) {
        long nonce = transaction.transaction.nonce();
        byNonce.remove(nonce);
        bytes -= transaction.sizeBytes();
        if (Long.compareUnsigned(nonce, nextNonce) < 0) {
            belowNext--;
        } else if (Long.compareUnsigned(nonce, gap) < 0) {
            gap = nonce;
        }
    }

    private void closeGap() {
        while (byNonce.containsKey(gap)) {
            gap++;
        }
    }
}
