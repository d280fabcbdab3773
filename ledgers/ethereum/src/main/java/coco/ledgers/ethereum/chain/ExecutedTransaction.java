package coco.ledgers.ethereum.chain;

import coco.crypto.Keccak256;
import coco.crypto.Sha256;
import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import coco.evm.types.Address;
import coco.evm.types.Bloom;
import coco.evm.types.Log;
import coco.evm.types.MalformedException;
import coco.evm.types.Receipt;
import coco.evm.types.Transaction;
import coco.ledgers.api.LedgerException;
import coco.ledgers.ethereum.access.Touched;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction and what became of it, as a block's entry records them: docs/specs/ethereum-section.md. What can be
 * computed from the rest is left out: the bloom filter, the cumulative gas, the address of a created contract.
 *
 * @param transaction as it was signed
 * @param sender recovered once, by the node that took it
 * @param success whether it ran to its end
 * @param gasUsed after refunds
 * @param logs the events
 * @param postState the state root after it, 32 bytes, in blocks from before Byzantium, whose receipts have it in place
 *     of the status; null since
 * @param touched what it touched of what is confidential
 */
@SuppressWarnings("ArrayRecordComponent") // Read field by field.
public record ExecutedTransaction(
        Transaction transaction,
        Address sender,
        boolean success,
        long gasUsed,
        List<Log> logs,
        byte @Nullable [] postState,
        Touched touched) {
    private static final int WORD = 32;
    private static final int ITEMS_BEFORE_POST_STATE = 5;
    /** Data beyond this is not looked at for padding: it is seldom made of words. */
    private static final int COMPACTED_DATA_BYTES = 1_024;

    /** Not a compact constructor: that loses the annotations of its parameters in class files. */
    public ExecutedTransaction(
            Transaction transaction,
            Address sender,
            boolean success,
            long gasUsed,
            List<Log> logs,
            byte @Nullable [] postState,
            Touched touched) {
        this.transaction = transaction;
        this.sender = sender;
        this.success = success;
        this.gasUsed = gasUsed;
        this.logs = List.copyOf(logs);
        this.postState = postState;
        this.touched = touched;
    }

    /** One whose receipt has a status. */
    public ExecutedTransaction(Transaction transaction, Address sender, boolean success, long gasUsed, List<Log> logs) {
        this(transaction, sender, success, gasUsed, logs, null, Touched.NOTHING);
    }

    /** The same with what it touched. */
    ExecutedTransaction with(Touched other) {
        return new ExecutedTransaction(transaction, sender, success, gasUsed, logs, postState, other);
    }

    /** Its receipt, as the block's receipts root has it. */
    @SuppressWarnings("NullAway") // a record's compact constructor loses the annotation of its parameter in class files
    public Receipt receipt(long cumulativeGasUsed) {
        return new Receipt(transaction.type(), success, postState, cumulativeGasUsed, logs, Bloom.ofLogs(logs));
    }

    /** The address of the contract it was to make, whether or not it did; null if it was no creation. */
    public @Nullable Address created() {
        if (transaction.to() != null) {
            return null;
        }
        RlpWriter out = new RlpWriter(32).beginList();
        out.string(sender.bytes()).unsigned(transaction.nonce()).endList();
        return Address.of(Keccak256.hash(out.buffer(), 0, out.sizeBytes()), 12);
    }

    /**
     * What a receipt of Coco proves of a transaction: SHA-256(transaction hash ‖ SHA-256(encoded receipt)). Not Keccak,
     * which takes several times as long where processors help with SHA-256.
     */
    public static byte[] claims(byte[] transactionHash, byte[] encodedReceipt) {
        return Sha256.hash(transactionHash, Sha256.hash(encodedReceipt));
    }

    /** The entry's payload. */
    public byte[] encode() {
        RlpWriter out = new RlpWriter(transaction.encoded().length + 64 + 128 * logs.size());
        out.beginList().unsigned(success ? 1 : 0).unsigned(gasUsed).beginList();
        for (Log log : logs) {
            writeLog(out, log);
        }
        out.endList().string(sender.bytes()).string(transaction.encoded());
        if (postState != null) {
            out.string(postState);
        }
        if (!touched.isEmpty()) {
            touched.write(out);
        }
        return out.endList().toBytes();
    }

    /** A payload of which {@link LogReader} and {@link Totals} can be read, with these logs and nothing else. */
    static byte[] logsAlone(List<Log> logs) {
        RlpWriter out = new RlpWriter(64 + 128 * logs.size());
        out.beginList().unsigned(0).unsigned(0).beginList();
        logs.forEach(log -> writeLog(out, log));
        return out.endList().endList().toBytes();
    }

    private static void writeLog(RlpWriter out, Log log) {
        out.beginList().string(log.address().bytes()).beginList();
        for (byte[] topic : log.topics()) {
            out.unsigned(topic);
        }
        out.endList();
        byte[] data = log.data();
        if (data.length > 0 && data.length % WORD == 0 && data.length <= COMPACTED_DATA_BYTES) {
            out.beginList();
            for (int at = 0; at < data.length; at += WORD) {
                out.unsigned(data, at, WORD);
            }
            out.endList();
        } else {
            out.string(data);
        }
        out.endList();
    }

    /**
     * Decodes an entry's payload.
     *
     * @throws LedgerException if it is damaged
     */
    public static ExecutedTransaction decode(byte[] payload) {
        try {
            RlpReader in = new RlpReader(payload);
            in.enterList();
            boolean success = in.unsigned64() == 1;
            long gasUsed = in.unsigned64();
            List<Log> logs = new ArrayList<>();
            in.enterList();
            for (LogReader each = new LogReader(payload, in); each.next(); ) {
                logs.add(each.log());
            }
            in.leaveList();
            Address sender = Address.of(in.string(Address.SIZE));
            Transaction transaction = Transaction.decode(in.string());
            byte[] postState = in.hasNext() && !in.isList() ? in.string(32) : null;
            Touched touched = in.hasNext() ? Touched.read(in) : Touched.NOTHING;
            in.leaveList();
            in.finish();
            return new ExecutedTransaction(transaction, sender, success, gasUsed, logs, postState, touched);
        } catch (RlpException | MalformedException e) {
            throw new LedgerException("a transaction in the journal is damaged", e);
        }
    }

    /**
     * What a transaction touched of what is confidential, without the rest of an entry's payload.
     *
     * @throws LedgerException if the payload is damaged
     */
    public static Touched touched(byte[] payload) {
        try {
            RlpReader in = new RlpReader(payload);
            in.enterList();
            for (int i = 0; i < ITEMS_BEFORE_POST_STATE; i++) {
                in.skip();
            }
            if (in.hasNext() && !in.isList()) {
                in.skip();
            }
            return in.hasNext() ? Touched.read(in) : Touched.NOTHING;
        } catch (RlpException e) {
            throw new LedgerException("a transaction in the journal is damaged", e);
        }
    }

    /**
     * A transaction without what became of it, which is not read.
     *
     * @param transaction as it was signed
     * @param sender recovered once
     */
    public record Signed(Transaction transaction, Address sender) {
        /**
         * Decodes the part of an entry's payload.
         *
         * @throws LedgerException if it is damaged
         */
        public static Signed decode(byte[] payload) {
            try {
                RlpReader in = pastLogs(payload);
                Address sender = Address.of(in.string(Address.SIZE));
                return new Signed(Transaction.decode(in.string()), sender);
            } catch (RlpException | MalformedException e) {
                throw new LedgerException("a transaction in the journal is damaged", e);
            }
        }

        /**
         * The transaction's own encoding.
         *
         * @throws LedgerException if the payload is damaged
         */
        public static byte[] encoded(byte[] payload) {
            try {
                RlpReader in = pastLogs(payload);
                in.skip();
                byte[] encoded = in.string();
                if (encoded.length == 0) {
                    throw new LedgerException("a transaction in the journal is damaged");
                }
                return encoded;
            } catch (RlpException e) {
                throw new LedgerException("a transaction in the journal is damaged", e);
            }
        }

        private static RlpReader pastLogs(byte[] payload) throws RlpException {
            RlpReader in = new RlpReader(payload);
            in.enterList();
            in.skip();
            in.skip();
            in.skip();
            return in;
        }
    }

    /**
     * What the transactions before another one in its block add up to.
     *
     * @param gasUsed their gas
     * @param logs their number of logs
     */
    public record Totals(long gasUsed, int logs) {
        /** Nothing. */
        public static final Totals ZERO = new Totals(0, 0);

        /** With one more transaction, of whose payload only the start is read. */
        public Totals plus(byte[] payload) {
            try {
                RlpReader in = new RlpReader(payload);
                in.enterList();
                in.skip();
                long gas = in.unsigned64();
                in.enterList();
                return new Totals(gasUsed + gas, logs + in.remainingItems());
            } catch (RlpException e) {
                throw new LedgerException("a transaction in the journal is damaged", e);
            }
        }
    }
}
