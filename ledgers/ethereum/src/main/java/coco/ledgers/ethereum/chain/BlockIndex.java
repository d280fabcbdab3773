package coco.ledgers.ethereum.chain;

import coco.evm.types.Header;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Under which keys the history index finds blocks and transactions. */
public final class BlockIndex {
    /** Key: the transaction's hash; ordinal: its position in the block. */
    public static final int TRANSACTION_HASH = 0;
    /** Key: the block's hash. */
    public static final int BLOCK_HASH = 1;
    /** Key: {@link #numberKey}. */
    public static final int BLOCK_NUMBER = 2;

    private BlockIndex() {}

    /** A block's number in 8 bytes. */
    public static byte[] numberKey(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** All keys of a block. */
    public static List<IndexKey> keys(LedgerBlock block, Header header) {
        List<LedgerBlock.Executed> transactions = block.transactions();
        List<IndexKey> keys = new ArrayList<>(transactions.size() + 2);
        keys.add(new IndexKey(BLOCK_HASH, header.hash(), 0));
        keys.add(new IndexKey(BLOCK_NUMBER, numberKey(header.number()), 0));
        for (int i = 0; i < transactions.size(); i++) {
            keys.add(new IndexKey(TRANSACTION_HASH, transactions.get(i).id(), i));
        }
        return keys;
    }

    /**
     * The header that a block's payload is.
     *
     * @throws LedgerException if it is damaged
     */
    public static Header header(LedgerBlock block) {
        return BlockPayload.decode(block.payload()).header();
    }
}
