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

/** Blocks and transactions as one caller's view shows them. One thread, as the view. */
public final class ChainReader {
    private final View view;
    private @Nullable Head head;

    /** Reads through a view, which must stay open. */
    public ChainReader(View view) {
        this.view = view;
    }

    /**
     * A block of the chain.
     *
     * @param header its header
     * @param hash its hash, 32 bytes
     * @param height where in the journal it is
     * @param entries its transactions, encoded as {@link ExecutedTransaction} decodes them
     * @param ommers of a block that was imported
     * @param withdrawals of a block that was imported
     */
    @SuppressWarnings("ArrayRecordComponent") // Read field by field.
    public record Block(
            Header header,
            byte[] hash,
            long height,
            LedgerBlock entries,
            List<Header> ommers,
            List<Withdrawal> withdrawals) {
        public Block {
            ommers = List.copyOf(ommers);
            withdrawals = List.copyOf(withdrawals);
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

        /** What the transactions before one add up to. */
        public ExecutedTransaction.Totals before(int ordinal) {
            ExecutedTransaction.Totals totals = ExecutedTransaction.Totals.ZERO;
            for (int i = 0; i < ordinal; i++) {
                totals = totals.plus(entries.transactions().get(i).payload());
            }
            return totals;
        }
    }

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
            head = Head.of(view.state());
        }
        return head;
    }

    /** Accounts right after the newest block. */
    public StateReader state() {
        return new StateReader(view.state());
    }

    /** Accounts right after a block; null if that state is no longer kept. */
    public @Nullable StateReader stateAfter(Block block) {
        Reader state = view.state(block.height());
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
            int ordinal = position.ordinal();
            if (block != null
                    && ordinal < block.size()
                    && Arrays.equals(block.entries().transactions().get(ordinal).id(), transactionHash)) {
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
        return new Block(payload.header(), payload.hash(), height, entries, payload.ommers(), payload.withdrawals());
    }
}
