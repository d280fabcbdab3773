package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.evm.types.MalformedException;
import coco.evm.types.Transaction;
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
     * @param behindGaps those that wait behind a gap in nonces, or those that could execute
     * @param single whether only those of this one sender
     * @param sender the first one
     * @param nonce the first one of the first sender, unsigned
     */
    record Page(boolean behindGaps, boolean single, Address sender, long nonce) implements PoolQuestion {
        private static final int SIZE = 3 + Address.SIZE + Long.BYTES;

        private static @Nullable Page decode(byte[] question) {
            boolean isOne = question.length == SIZE && (question[1] | question[2] | 1) == 1;
            return isOne
                    ? new Page(
                            question[1] == 1,
                            question[2] == 1,
                            Address.of(question, 3),
                            ByteBuffer.wrap(question, SIZE - Long.BYTES, Long.BYTES)
                                    .getLong())
                    : null;
        }

        /** Asks for it. */
        byte[] encode() {
            return ByteBuffer.allocate(SIZE)
                    .put((byte) 4)
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
        return question.length > 1 && question[0] == 4 ? Page.decode(question) : null;
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

    /** The bytes that answer a {@link Page}. */
    static byte[] answer(List<? extends Candidates.Candidate> page) {
        int size = 0;
        for (Candidates.Candidate each : page) {
            size += Address.SIZE + Integer.BYTES + each.transaction().encoded().length;
        }
        ByteBuffer answer = ByteBuffer.allocate(size);
        for (Candidates.Candidate each : page) {
            byte[] encoded = each.transaction().encoded();
            answer.put(each.sender().bytes()).putInt(encoded.length).put(encoded);
        }
        return answer.array();
    }

    /** Asks for a {@link Status}. */
    static byte[] status() {
        return new byte[] {3};
    }

    /** A transaction of a {@link Page}. */
    record Entry(Address sender, Transaction transaction) {}

    /** Reads the answer to a {@link Page}. */
    static List<Entry> entries(byte[] answer) {
        List<Entry> entries = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(answer);
        try {
            while (in.hasRemaining()) {
                byte[] sender = new byte[Address.SIZE];
                in.get(sender);
                byte[] encoded = new byte[Math.min(in.getInt() & Integer.MAX_VALUE, in.remaining())];
                in.get(encoded);
                entries.add(new Entry(Address.of(sender), Transaction.decode(encoded)));
            }
        } catch (BufferUnderflowException | MalformedException e) {
            throw new LedgerException("the leader's answer is damaged", e);
        }
        return entries;
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
