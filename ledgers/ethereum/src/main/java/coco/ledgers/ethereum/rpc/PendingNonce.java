package coco.ledgers.ethereum.rpc;

import coco.evm.types.Address;
import coco.ledgers.api.LedgerException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The question which nonce an account's next transaction should have, executed and pooled ones counted: one byte 1 and
 * the address; the answer is the nonce in 8 bytes.
 */
public final class PendingNonce {
    private static final byte KIND = 1;

    private PendingNonce() {}

    static byte[] question(Address address) {
        byte[] question = new byte[1 + Address.SIZE];
        question[0] = KIND;
        address.writeTo(question, 1);
        return question;
    }

    /** Whose nonce is asked for; null if the bytes are no such question. */
    public static @Nullable Address address(byte[] question) {
        return question.length == 1 + Address.SIZE && question[0] == KIND ? Address.of(question, 1) : null;
    }

    /** The bytes that answer. */
    public static byte[] answer(long nonce) {
        return ByteBuffer.allocate(Long.BYTES).putLong(nonce).array();
    }

    static long nonce(byte[] answer) {
        if (answer.length != Long.BYTES) {
            throw new LedgerException("the leader's answer is damaged");
        }
        return ByteBuffer.wrap(answer).getLong();
    }
}
