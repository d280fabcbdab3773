package coco.ledgers.ethereum.chain;

import coco.evm.types.Header;
import coco.evm.types.Transaction;
import coco.evm.types.Withdrawal;
import coco.kv.Reader;
import coco.ledgers.api.History;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerException;
import coco.ledgers.api.View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Blocks, transactions and states as one caller sees them: whatever is read of them goes through the caller's
 * {@link Sight} here. One thread, as the view.
 */
public final class ChainReader {
    private final View view;
    private final Sight sight;
    private @Nullable Head head;

    /**
     * Reads through a view, which must stay open.
     *
     * @param sight of the view's caller
     */
    public ChainReader(View view, Sight sight) {
        this.view = view;
        this.sight = sight;
    }

    /** What the caller sees. */
    public Sight sight() {
        return sight;
    }

    /**
     * A block of the chain, as the caller sees it.
     *
     * @param header its header
     * @param hash its hash, 32 bytes
     * @param height where in the journal it is
     * @param entries its transactions, encoded as {@link ExecutedTransaction} decodes them
     * @param ommers of a block that was imported
     * @param withdrawals of a block that was imported
     * @param lone logs of transactions that the caller does not see
     * @param isTraceable whether executing the block again shows nothing that the caller may not see
     */
    @SuppressWarnings("ArrayRecordComponent") // Read field by field.
    public record Block(
            Header header,
            byte[] hash,
            long height,
            LedgerBlock entries,
            List<Header> ommers,
            List<Withdrawal> withdrawals,
            List<Writer> lone,
            boolean isTraceable) {
        public Block {
            ommers = List.copyOf(ommers);
            withdrawals = List.copyOf(withdrawals);
            lone = List.copyOf(lone);
        }

        /** All that wrote logs which the caller sees, and all transactions, in order of execution. */
        public List<Writer> writers() {
            List<Writer> writers = new ArrayList<>(size() + lone.size());
            int next = 0;
            for (int ordinal = 0; ordinal <= size(); ordinal++) {
                while (next < lone.size() && lone.get(next).ordinal() == ordinal) {
                    writers.add(lone.get(next++));
                }
                if (ordinal < size()) {
                    LedgerBlock.Executed entry = entries.transactions().get(ordinal);
                    writers.add(new Writer(entry.id(), ordinal, entry.payload(), false));
                }
            }
            return writers;
        }

        /** The block's RLP, as Ethereum's clients exchange it. */
        public byte[] encode() {
            List<Transaction> transactions = new ArrayList<>(size());
            for (LedgerBlock.Executed entry : entries.transactions()) {
                transactions.add(
                        ExecutedTransaction.Signed.decode(entry.payload()).transaction());
            }
            return new coco.evm.types.Block(
                            header, transactions, ommers, header.withdrawalsRoot() == null ? null : withdrawals)
                    .encode();
        }

        /** How many transactions it has. */
        public int size() {
            return entries.transactions().size();
        }

        /** One of its transactions. */
        public ExecutedTransaction transaction(int ordinal) {
            return ExecutedTransaction.decode(
                    entries.transactions().get(ordinal).payload());
        }

        /**
         * The position of a transaction; -1 if the block has none with that hash.
         *
         * @param most its position in the whole block: it is there, or before it where others are hidden
         */
        public int ordinal(byte[] transactionHash, int most) {
            for (int ordinal = Math.min(most, size() - 1); ordinal >= 0; ordinal--) {
                if (Arrays.equals(entries.transactions().get(ordinal).id(), transactionHash)) {
                    return ordinal;
                }
            }
            return -1;
        }

        /** What the transactions before one add up to. */
        public ExecutedTransaction.Totals before(int ordinal) {
            ExecutedTransaction.Totals totals = ExecutedTransaction.Totals.ZERO;
            for (Writer writer : writers()) {
                if (!writer.isLone() && writer.ordinal() == ordinal) {
                    break;
                }
                totals = totals.plus(writer.payload());
            }
            return totals;
        }
    }

    /**
     * Something with logs: a transaction, or what a caller sees of one that is hidden.
     *
     * @param transactionHash 32 bytes
     * @param ordinal its position in the block; of the next visible one if it is hidden itself
     * @param payload as {@link LogReader} reads it
     * @param isLone whether nothing but logs is seen of it
     */
    @SuppressWarnings("ArrayRecordComponent") // Read, never compared.
    public record Writer(byte[] transactionHash, int ordinal, byte[] payload, boolean isLone) {}

    /**
     * A transaction's place.
     *
     * @param block the block it is in
     * @param ordinal its position there
     */
    public record Place(Block block, int ordinal) {}

    /** The newest block, as the state knows it. */
    public Head head() {
        if (head == null) {
            Head newest = Head.of(view.state());
            head = sight.isWhole() ? newest : new Head(sight.ofBlock(newest.header()), newest.hash());
        }
        return head;
    }

    /** Accounts right after the newest block. */
    public StateReader state() {
        return new StateReader(view.state(), sight, head().number());
    }

    /** Accounts right after a block; null if that state is no longer kept. */
    public @Nullable StateReader stateAfter(Block block) {
        Reader state = view.state(block.height());
        return state == null
                ? null
                : new StateReader(state, sight, block.header().number());
    }

    /**
     * All accounts right before a block, for executing it again; null if that state is no longer kept.
     *
     * @param parent the block before it
     * @throws LedgerException if that would show what the caller may not see
     */
    public @Nullable StateReader stateBefore(Block traced, Block parent) {
        if (!traced.isTraceable()) {
            throw new LedgerException("a block is executed again for somebody who may not see all of it");
        }
        Reader state = view.state(parent.height());
        return state == null ? null : new StateReader(state);
    }

    /** The newest block. */
    public Block newest() {
        Block newest = byNumber(head().number());
        if (newest == null) {
            throw new LedgerException("the journal lacks the newest block of the chain");
        }
        return newest;
    }

    /** The block with a number, or null. */
    public @Nullable Block byNumber(long number) {
        if (number < 0 || number > head().number()) {
            return null;
        }
        for (History.Position position : view.history().find(BlockIndex.BLOCK_NUMBER, BlockIndex.numberKey(number))) {
            Block block = at(position.height());
            if (block != null && block.header().number() == number) {
                return block;
            }
        }
        return null;
    }

    /** The block with a hash, or null. */
    public @Nullable Block byHash(byte[] hash) {
        for (History.Position position : view.history().find(BlockIndex.BLOCK_HASH, hash)) {
            Block block = at(position.height());
            if (block != null && Arrays.equals(block.hash(), hash)) {
                return block;
            }
        }
        return null;
    }

    /** Where the transaction with a hash is, or null. */
    public @Nullable Place find(byte[] transactionHash) {
        for (History.Position position : view.history().find(BlockIndex.TRANSACTION_HASH, transactionHash)) {
            Block block = at(position.height());
            int ordinal = block == null ? -1 : block.ordinal(transactionHash, position.ordinal());
            if (block != null && ordinal >= 0) {
                return new Place(block, ordinal);
            }
        }
        return null;
    }

    /** Journal height of the newest block that can be seen. */
    public long height() {
        return view.height();
    }

    /**
     * Journal heights at which blocks with a key may be, in order; as {@link History#find} gives a range.
     *
     * @param kind one of {@link BlockIndex}
     * @param limit most heights; if there are fewer, there are no more
     */
    public long[] heights(int kind, byte[] key, long fromHeight, long toHeight, int limit) {
        return view.history().find(kind, key, fromHeight, toHeight, limit).stream()
                .mapToLong(History.Position::height)
                .toArray();
    }

    /** The chain's block at a journal height; null if there is none. */
    public @Nullable Block at(long height) {
        LedgerBlock entries = height > view.height() ? null : view.history().block(height);
        if (entries == null) {
            return null;
        }
        BlockPayload payload = BlockPayload.decode(entries.payload());
        return sight.block(new Block(
                payload.header(),
                payload.hash(),
                height,
                entries,
                payload.ommers(),
                payload.withdrawals(),
                List.of(),
                true));
    }
}
