package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.ethereum.chain.ChainReader;
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

    /** One of them. */
    sealed interface Announced {
        /** The transaction's hash, 32 bytes. */
        byte[] hash();

        /** What keeping it takes, beside a little. */
        default int sizeBytes() {
            return 0;
        }

        /** One that the leader accepted. */
        @SuppressWarnings("ArrayRecordComponent") // Read, never compared.
        record Accepted(byte[] hash, Transaction transaction, Address sender) implements Announced {
            @Override
            public int sizeBytes() {
                return transaction.encoded().length;
            }
        }

        /** One that was first heard of in a block, where whoever may see the block finds it. */
        @SuppressWarnings("ArrayRecordComponent") // Read, never compared.
        record Applied(byte[] hash, long height, int ordinal) implements Announced {}
    }

    /** Shows announced transactions to one caller, through the caller's view, which must stay open. One thread. */
    static final class Window {
        private final ChainReader chain;
        private ChainReader.@Nullable Block block;

        Window(ChainReader chain) {
            this.chain = chain;
        }

        /** Whether it is in a block that this view does not reach yet. */
        boolean isToCome(Announced transaction) {
            return transaction instanceof Announced.Applied applied && applied.height() > chain.height();
        }

        /** What the caller gets, as it was in the pool; null if the caller may not see it. */
        @Nullable
        Shown show(Announced transaction) {
            return switch (transaction) {
                case Announced.Accepted(byte[] hash, Transaction pooled, Address sender) ->
                    chain.sight().showsPooled(sender) ? new Shown(hash, pooled, sender) : null;
                case Announced.Applied(byte[] hash, long height, int most) -> {
                    ChainReader.Block in = block(height);
                    int ordinal = in == null ? -1 : in.ordinal(hash, most);
                    if (in == null || ordinal < 0) {
                        yield null;
                    }
                    ExecutedTransaction executed = in.transaction(ordinal);
                    yield chain.sight().showsPooled(executed.sender())
                            ? new Shown(hash, executed.transaction(), executed.sender())
                            : null;
                }
            };
        }

        /** Transactions of one block follow each other. */
        private ChainReader.@Nullable Block block(long height) {
            ChainReader.Block known = block;
            if (known == null || known.height() != height) {
                known = chain.at(height);
                block = known;
            }
            return known;
        }
    }

    /** A transaction that a caller sees. */
    @SuppressWarnings("ArrayRecordComponent") // Read, never compared.
    record Shown(byte[] hash, Transaction transaction, Address sender) {
        void write(JsonGenerator out, boolean full) {
            if (full) {
                BlockJson.pooled(out, transaction, sender);
            } else {
                Hexes.data(out, hash);
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
        return add(new Announced.Accepted(transaction.hash(), transaction, sender));
    }

    /** Announces those of the block at this height that were not before; false if there were none. */
    boolean applied(LedgerBlock block, long height) {
        boolean any = false;
        List<LedgerBlock.Executed> entries = block.transactions();
        for (int ordinal = 0; ordinal < entries.size(); ordinal++) {
            any |= add(new Announced.Applied(entries.get(ordinal).id(), height, ordinal));
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
