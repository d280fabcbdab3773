package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.ethereum.chain.ExecutedTransaction;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Transactions that this node has learned of, each once, in the order in which it did: those of its own clients when
 * the leader accepts them, on the leader all that are ready to execute, and the rest when their block is applied.
 * Bounded; what falls out is forgotten. Any thread.
 */
final class PendingTransactions {
    private final LinkedHashSet<Word> announced = new LinkedHashSet<>();
    private final @Nullable Announced[] kept = new @Nullable Announced[LiveLimits.PENDING_KEPT];
    private long bytes;
    /** Position of the oldest one that is kept. */
    private long first;
    /** How many were announced so far. */
    private long end;

    /** One of them: with sender, or as its block has it. */
    @SuppressWarnings("ArrayRecordComponent") // Read, never compared.
    record Announced(
            byte[] hash,
            @Nullable Transaction transaction,
            @Nullable Address sender,
            byte @Nullable [] executed) {
        int sizeBytes() {
            return transaction != null ? transaction.encoded().length : executed == null ? 0 : executed.length;
        }

        void write(JsonGenerator out, boolean full) {
            if (!full) {
                out.writeString(Hexes.data(hash));
            } else if (transaction != null && sender != null) {
                BlockJson.pooled(out, transaction, sender);
            } else if (executed != null) {
                ExecutedTransaction known = ExecutedTransaction.decode(executed);
                BlockJson.pooled(out, known.transaction(), known.sender());
            }
        }
    }

    /**
     * Some of them.
     *
     * @param end position after the last one
     * @param complete whether nothing between was forgotten already
     */
    record Portion(List<Announced> transactions, long end, boolean complete) {}

    /** Announces a transaction that was accepted; false if it was announced before. */
    boolean accepted(Transaction transaction, Address sender) {
        return add(new Announced(transaction.hash(), transaction, sender, null));
    }

    /** Announces those of a block that were not before; false if there were none. */
    boolean applied(LedgerBlock block) {
        boolean any = false;
        for (LedgerBlock.Executed entry : block.transactions()) {
            any |= add(new Announced(entry.id(), null, null, entry.payload()));
        }
        return any;
    }

    private synchronized boolean add(Announced transaction) {
        if (!announced.add(Word.ofBytes32(transaction.hash(), 0))) {
            return false;
        }
        if (announced.size() > LiveLimits.ANNOUNCED_MAX) {
            announced.removeFirst();
        }
        if (end - first == kept.length) {
            forget();
        }
        kept[slot(end++)] = transaction;
        bytes += transaction.sizeBytes();
        while (bytes > LiveLimits.PENDING_BYTES) {
            forget();
        }
        return true;
    }

    private void forget() {
        Announced oldest = kept[slot(first)];
        kept[slot(first++)] = null;
        bytes -= oldest == null ? 0 : oldest.sizeBytes();
    }

    private int slot(long position) {
        return (int) (position % kept.length);
    }

    /** The position of the next one. */
    synchronized long end() {
        return end;
    }

    /** What was announced from a position on, at most so many. */
    synchronized Portion from(long position, int limit) {
        List<Announced> found = new ArrayList<>();
        long at = Math.max(position, first);
        for (; at < end && found.size() < limit; at++) {
            Announced next = kept[slot(at)];
            if (next != null) {
                found.add(next);
            }
        }
        return new Portion(found, at, position >= first);
    }
}
