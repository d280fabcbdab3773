package coco.ledgers.ethereum.chain;

import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.ledgers.api.LedgerException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The logs in an entry's payload, one after the other. Only notes where address and topics stand, unless they or the
 * data are asked for, and reads nothing of the transaction: most logs that a query passes are not what it looks for.
 * One thread.
 */
public final class LogReader {
    private static final int WORD = 32;
    /** LOG4 writes the most. */
    private static final int MAX_TOPICS = 4;

    private final byte[] payload;
    private final RlpReader in;
    private int addressAt;
    private int topicCount;
    /** Where each topic's bytes start, without leading zeros, and where they end. */
    private final int[] topicBounds = new int[2 * MAX_TOPICS];

    private boolean isInLog;

    /**
     * Before the first log of a payload as {@link ExecutedTransaction#encode} makes it.
     *
     * @throws LedgerException if it is damaged
     */
    public LogReader(byte[] payload) {
        this(payload, new RlpReader(payload));
        try {
            in.enterList();
            in.skip();
            in.skip();
            in.enterList();
        } catch (RlpException e) {
            throw damaged(e);
        }
    }

    /** Before the first log of a list that was entered, by a reader over the whole payload. */
    LogReader(byte[] payload, RlpReader in) {
        this.payload = payload;
        this.in = in;
    }

    /**
     * Moves to the next log; false if there is none.
     *
     * @throws LedgerException if it is damaged
     */
    public boolean next() {
        try {
            if (isInLog) {
                in.skip();
                endLog();
            }
            if (!in.hasNext()) {
                return false;
            }
            in.enterList();
            addressAt = in.skipString(Address.SIZE);
            in.enterList();
            topicCount = 0;
            while (in.hasNext() && topicCount < MAX_TOPICS) {
                topicBounds[2 * topicCount] = in.skipUnsigned256();
                topicBounds[2 * topicCount + 1] = in.offset();
                topicCount++;
            }
            in.leaveList();
            isInLog = true;
            return true;
        } catch (RlpException e) {
            throw damaged(e);
        }
    }

    /** The contract that wrote the log. */
    public Address address() {
        return Address.of(payload, addressAt);
    }

    /** How many topics it has. */
    public int topicCount() {
        return topicCount;
    }

    /** How a topic stands to 32 bytes, in unsigned order: negative, zero or positive. */
    public int compareTopic(int position, byte[] bytes32) {
        int from = topicBounds[2 * position];
        int to = topicBounds[2 * position + 1];
        int zeros = WORD - (to - from);
        for (int i = 0; i < zeros; i++) {
            if (bytes32[i] != 0) {
                return -1;
            }
        }
        return Arrays.compareUnsigned(payload, from, to, bytes32, zeros, WORD);
    }

    /** Its topics, of 32 bytes each. */
    public List<byte[]> topics() {
        List<byte[]> topics = new ArrayList<>(topicCount);
        for (int i = 0; i < topicCount; i++) {
            int from = topicBounds[2 * i];
            int length = topicBounds[2 * i + 1] - from;
            byte[] topic = new byte[WORD];
            System.arraycopy(payload, from, topic, WORD - length, length);
            topics.add(topic);
        }
        return topics;
    }

    /**
     * The whole log. To be asked for once.
     *
     * @throws LedgerException if it is damaged
     */
    public Log log() {
        try {
            byte[] data = in.isList() ? readWords() : in.string();
            endLog();
            return new Log(address(), topics(), data);
        } catch (RlpException e) {
            throw damaged(e);
        }
    }

    private byte[] readWords() throws RlpException {
        in.enterList();
        byte[] data = new byte[in.remainingItems() * WORD];
        for (int at = 0; at < data.length; at += WORD) {
            System.arraycopy(in.unsigned256(), 0, data, at, WORD);
        }
        in.leaveList();
        return data;
    }

    private void endLog() throws RlpException {
        in.leaveList();
        isInLog = false;
    }

    private static LedgerException damaged(RlpException cause) {
        return new LedgerException("a transaction in the journal is damaged", cause);
    }
}
