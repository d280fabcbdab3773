package coco.ledgers.ethereum.chain;

import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.ledgers.api.LedgerException;
import java.util.ArrayList;
import java.util.List;

/**
 * The logs in an entry's payload, one after the other. Reads what stands before a log's data only, unless the data is
 * asked for, and nothing of the transaction: most logs that a query passes are not what it looks for. One thread.
 */
public final class LogReader {
    private static final int WORD = 32;
    private static final Address NONE = Address.of(0);

    private final RlpReader in;
    private Address address = NONE;
    private List<byte[]> topics = List.of();
    private boolean isInLog;

    /**
     * Before the first log of a payload as {@link ExecutedTransaction#encode} makes it.
     *
     * @throws LedgerException if it is damaged
     */
    public LogReader(byte[] payload) {
        this(new RlpReader(payload));
        try {
            in.enterList();
            in.skip();
            in.skip();
            in.enterList();
        } catch (RlpException e) {
            throw damaged(e);
        }
    }

    /** Before the first log of a list that was entered. */
    LogReader(RlpReader in) {
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
            address = Address.of(in.string(Address.SIZE));
            topics = new ArrayList<>(4);
            in.enterList();
            while (in.hasNext()) {
                topics.add(in.unsigned256());
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
        return address;
    }

    /** Its topics, of 32 bytes each; not to be changed. */
    public List<byte[]> topics() {
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
            return new Log(address, topics, data);
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
