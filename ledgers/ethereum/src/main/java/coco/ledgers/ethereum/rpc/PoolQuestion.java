package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.MalformedException;
import coco.evm.types.Transaction;
import coco.evm.types.Word;
import coco.ledgers.api.LedgerException;
import coco.ledgers.ethereum.chain.Candidates;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question that only the leader's pool can answer: a byte that says which, and its subject.
 *
 * <table>
 *   <caption>The questions</caption>
 *   <tr><th>kind</th><th>subject</th><th>answer</th></tr>
 *   <tr><td>1</td><td>an address</td>
 *       <td>the nonce of its next transaction, executed and pooled ones counted: 8 bytes</td></tr>
 *   <tr><td>2</td><td>a transaction's hash</td>
 *       <td>the sender's address and the transaction's bytes; nothing if it is not pooled</td></tr>
 *   <tr><td>3</td><td>nothing</td>
 *       <td>how many transactions could execute, and how many wait behind a gap in nonces: 4 bytes each</td></tr>
 *   <tr><td>4</td><td>1 for those behind gaps, else 0; 1 for one sender only, else 0; an address; a nonce</td>
 *       <td>transactions from there on, by sender and nonce, as many as go into one answer: for each the sender's
 *       address, a length of 4 bytes and so many bytes. Nothing when there are no more</td></tr>
 *   <tr><td>5</td><td>the same</td>
 *       <td>the same transactions in short: for each the sender's address, nonce (8 bytes), 1 and the recipient or 0
 *       and 20 zeros, value (32), gas limit (8), and most wei per gas (32)</td></tr>
 * </table>
 */
public sealed interface PoolQuestion {
    /** The nonce an account's next transaction should have. */
    record Nonce(Address sender) implements PoolQuestion {}

    /** The transaction with a hash of 32 bytes. */
    @SuppressWarnings("ArrayRecordComponent") // Read, never compared.
    record Pooled(byte[] hash) implements PoolQuestion {}

    /** How many transactions there are. */
    record Status() implements PoolQuestion {}

    /**
     * Some of the transactions.
     *
     * @param brief whether in short
     * @param behindGaps those that wait behind a gap in nonces, or those that could execute
     * @param single whether only those of this one sender
     * @param sender the first one
     * @param nonce the first one of the first sender, unsigned
     */
    record Page(boolean brief, boolean behindGaps, boolean single, Address sender, long nonce) implements PoolQuestion {
        private static final int SIZE = 3 + Address.SIZE + Long.BYTES;
        private static final byte WHOLE = 4;
        private static final byte BRIEF = 5;

        private static @Nullable Page decode(byte[] question) {
            boolean isOne = question.length == SIZE && (question[1] | question[2] | 1) == 1;
            return isOne
                    ? new Page(
                            question[0] == BRIEF,
                            question[1] == 1,
                            question[2] == 1,
                            Address.of(question, 3),
                            ByteBuffer.wrap(question, SIZE - Long.BYTES, Long.BYTES)
                                    .getLong())
                    : null;
        }

        /** What each transaction takes of the answer, in bytes; 0 for as long as it is. */
        public int shownBytes() {
            return brief ? Summary.SIZE : 0;
        }

        /** The bytes that answer it. */
        public byte[] answer(List<? extends Candidates.Candidate> page) {
            int size = 0;
            for (Candidates.Candidate each : page) {
                size += brief
                        ? Summary.SIZE
                        : Address.SIZE + Integer.BYTES + each.transaction().encoded().length;
            }
            ByteBuffer answer = ByteBuffer.allocate(size);
            for (Candidates.Candidate each : page) {
                if (brief) {
                    Summary.of(each).write(answer);
                } else {
                    byte[] encoded = each.transaction().encoded();
                    answer.put(each.sender().bytes()).putInt(encoded.length).put(encoded);
                }
            }
            return answer.array();
        }

        /** Asks for it. */
        byte[] encode() {
            return ByteBuffer.allocate(SIZE)
                    .put(brief ? BRIEF : WHOLE)
                    .put((byte) (behindGaps ? 1 : 0))
                    .put((byte) (single ? 1 : 0))
                    .put(sender.bytes())
                    .putLong(nonce)
                    .array();
        }
    }

    /** Reads a question; null if the bytes are none. */
    static @Nullable PoolQuestion decode(byte[] question) {
        if (question.length == 1 + Address.SIZE && question[0] == 1) {
            return new Nonce(Address.of(question, 1));
        }
        if (question.length == 33 && question[0] == 2) {
            return new Pooled(Arrays.copyOfRange(question, 1, 33));
        }
        if (question.length == 1 && question[0] == 3) {
            return new Status();
        }
        boolean isPage = question.length > 1 && (question[0] == Page.WHOLE || question[0] == Page.BRIEF);
        return isPage ? Page.decode(question) : null;
    }

    /** The bytes that answer a {@link Nonce}. */
    static byte[] answer(long nonce) {
        return ByteBuffer.allocate(Long.BYTES).putLong(nonce).array();
    }

    /** The bytes that answer a {@link Pooled}. */
    static byte[] answer(Address sender, byte[] encoded) {
        byte[] answer = new byte[Address.SIZE + encoded.length];
        sender.writeTo(answer, 0);
        System.arraycopy(encoded, 0, answer, Address.SIZE, encoded.length);
        return answer;
    }

    /** The bytes that answer a {@link Status}. */
    static byte[] answer(int pending, int behindGaps) {
        return ByteBuffer.allocate(2 * Integer.BYTES)
                .putInt(pending)
                .putInt(behindGaps)
                .array();
    }

    /** Asks for a {@link Status}. */
    static byte[] status() {
        return new byte[] {3};
    }

    /** A transaction of a {@link Page}. */
    sealed interface Listed {
        /** Who signed it. */
        Address sender();

        /** Its nonce, unsigned. */
        long nonce();
    }

    /** All of it. */
    record Entry(Address sender, Transaction transaction) implements Listed {
        @Override
        public long nonce() {
            return transaction.nonce();
        }
    }

    /**
     * What a list shows of it.
     *
     * @param to null if it makes a contract
     * @param value wei
     * @param gasLimit unsigned
     * @param maxFeePerGas wei
     */
    record Summary(Address sender, long nonce, @Nullable Address to, Word value, long gasLimit, Word maxFeePerGas)
            implements Listed {
        static final int SIZE = 2 * Address.SIZE + 2 * Long.BYTES + 1 + 2 * 32;

        private static Summary of(Candidates.Candidate candidate) {
            Transaction transaction = candidate.transaction();
            return new Summary(
                    candidate.sender(),
                    transaction.nonce(),
                    transaction.to(),
                    transaction.value(),
                    transaction.gasLimit(),
                    transaction.maxFeePerGas());
        }

        private void write(ByteBuffer out) {
            out.put(sender.bytes()).putLong(nonce).put((byte) (to == null ? 0 : 1));
            out.put((to == null ? Address.ZERO : to).bytes());
            out.put(value.toBytes32()).putLong(gasLimit).put(maxFeePerGas.toBytes32());
        }

        private static Summary read(ByteBuffer in) {
            Address sender = Address.of(bytes(in, Address.SIZE));
            long nonce = in.getLong();
            boolean isCall = in.get() == 1;
            Address to = Address.of(bytes(in, Address.SIZE));
            Word value = Word.ofBytes32(bytes(in, 32), 0);
            long gasLimit = in.getLong();
            return new Summary(sender, nonce, isCall ? to : null, value, gasLimit, Word.ofBytes32(bytes(in, 32), 0));
        }
    }

    private static byte[] bytes(ByteBuffer in, int count) {
        byte[] bytes = new byte[count];
        in.get(bytes);
        return bytes;
    }

    /** Reads the answer to a {@link Page} of whole transactions. */
    static List<Entry> entries(byte[] answer) {
        List<Entry> entries = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(answer);
        try {
            while (in.hasRemaining()) {
                Address sender = Address.of(bytes(in, Address.SIZE));
                byte[] encoded = bytes(in, Math.min(in.getInt() & Integer.MAX_VALUE, in.remaining()));
                entries.add(new Entry(sender, Transaction.decode(encoded)));
            }
        } catch (BufferUnderflowException | MalformedException e) {
            throw new LedgerException("the leader's answer is damaged", e);
        }
        return entries;
    }

    /** Reads the answer to a {@link Page} in short. */
    static List<Summary> summaries(byte[] answer) {
        if (answer.length % Summary.SIZE != 0) {
            throw new LedgerException("the leader's answer is damaged");
        }
        List<Summary> summaries = new ArrayList<>();
        for (ByteBuffer in = ByteBuffer.wrap(answer); in.hasRemaining(); ) {
            summaries.add(Summary.read(in));
        }
        return summaries;
    }

    /** Asks for a {@link Nonce}. */
    static byte[] nonceOf(Address address) {
        byte[] question = new byte[1 + Address.SIZE];
        question[0] = 1;
        address.writeTo(question, 1);
        return question;
    }

    /** Asks for a {@link Pooled} one. */
    static byte[] pooled(byte[] hash) {
        return ByteBuffer.allocate(33).put((byte) 2).put(hash).array();
    }

    /** Reads the answer to {@link #nonceOf}. */
    static long nonce(byte[] answer) {
        if (answer.length != Long.BYTES) {
            throw new LedgerException("the leader's answer is damaged");
        }
        return ByteBuffer.wrap(answer).getLong();
    }
}
