package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.ledgers.api.LedgerException;
import java.nio.ByteBuffer;
import java.util.Arrays;
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
 * </table>
 */
public sealed interface PoolQuestion {
    /** The nonce an account's next transaction should have. */
    record Nonce(Address sender) implements PoolQuestion {}

    /** The transaction with a hash of 32 bytes. */
    @SuppressWarnings("ArrayRecordComponent") // Read, never compared.
    record Pooled(byte[] hash) implements PoolQuestion {}

    /** Reads a question; null if the bytes are none. */
    static @Nullable PoolQuestion decode(byte[] question) {
        if (question.length == 1 + Address.SIZE && question[0] == 1) {
            return new Nonce(Address.of(question, 1));
        }
        return question.length == 33 && question[0] == 2 ? new Pooled(Arrays.copyOfRange(question, 1, 33)) : null;
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
