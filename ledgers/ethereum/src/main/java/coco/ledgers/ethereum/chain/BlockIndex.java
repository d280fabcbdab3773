package coco.ledgers.ethereum.chain;

import coco.evm.types.Header;
import coco.ledgers.api.IndexKey;
import coco.ledgers.api.LedgerBlock;
import coco.ledgers.api.LedgerException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Under which keys the history index finds blocks, transactions and logs: docs/specs/ethereum-section.md. */
public final class BlockIndex {
    /** Key: the transaction's hash; ordinal: its position in the block. */
    public static final int TRANSACTION_HASH = IndexKey.TRANSACTION;
    /** Key: the block's hash. */
    public static final int BLOCK_HASH = 1;
    /** Key: {@link #numberKey}. */
    public static final int BLOCK_NUMBER = 2;
    /** Key: the address of a contract that wrote a log; ordinal: the first transaction of the block in which it did. */
    public static final int LOG_ADDRESS = 3;
    /** And the kinds after it, by position: key: a log's topic of 32 bytes; ordinal: the first transaction with it. */
    public static final int LOG_TOPIC = 4;

    private static final int MAX_TOPICS = 4;

    private BlockIndex() {}

    /** A block's number in 8 bytes. */
    public static byte[] numberKey(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** All keys of a block. Those of logs once in a block, however often it has them. */
    public static List<IndexKey> keys(LedgerBlock block, Header header) {
        List<LedgerBlock.Executed> transactions = block.transactions();
        List<IndexKey> keys = new ArrayList<>(transactions.size() + 2);
        keys.add(new IndexKey(BLOCK_HASH, header.hash(), 0));
        keys.add(new IndexKey(BLOCK_NUMBER, numberKey(header.number()), 0));
        for (int i = 0; i < transactions.size(); i++) {
            keys.add(new IndexKey(TRANSACTION_HASH, transactions.get(i).id(), i));
        }
        addLogs(transactions, keys);
        return keys;
    }

    private static void addLogs(List<LedgerBlock.Executed> transactions, List<IndexKey> keys) {
        Set<ByteBuffer> addresses = new HashSet<>();
        List<Set<ByteBuffer>> topics = new ArrayList<>();
        for (int position = 0; position < MAX_TOPICS; position++) {
            topics.add(new HashSet<>());
        }
        for (int i = 0; i < transactions.size(); i++) {
            for (LogReader log = new LogReader(transactions.get(i).payload()); log.next(); ) {
                byte[] address = log.address().bytes();
                if (addresses.add(ByteBuffer.wrap(address))) {
                    keys.add(new IndexKey(LOG_ADDRESS, address, i));
                }
                for (int position = 0; position < log.topics().size(); position++) {
                    byte[] topic = log.topics().get(position);
                    if (topics.get(position).add(ByteBuffer.wrap(topic))) {
                        keys.add(new IndexKey(LOG_TOPIC + position, topic, i));
                    }
                }
            }
        }
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
