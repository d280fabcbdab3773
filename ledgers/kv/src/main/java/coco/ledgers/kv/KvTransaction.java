package coco.ledgers.kv;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request to change the store.
 *
 * @param requestId the client's name for it, 1 to 64 bytes of UTF-8
 * @param key 1 to 250 bytes
 * @param value null to remove the key
 */
public record KvTransaction(String requestId, byte[] key, byte @Nullable [] value) {
    /** Before the request id of a change that members decided on. */
    private static final String COMPENSATION = "governance:";

    /** Of the decision's name: with the prefix it fits a request id. */
    private static final int COMPENSATION_BYTES = 26;

    /** Checks the bounds. */
    public KvTransaction {
        int idBytes = KvText.bytes(requestId).length;
        if (idBytes == 0 || idBytes > KvLimits.REQUEST_ID_BYTES) {
            throw new IllegalArgumentException("a request id has 1 to " + KvLimits.REQUEST_ID_BYTES + " bytes");
        }
        if (key.length == 0 || key.length > KvLimits.KEY_BYTES) {
            throw new IllegalArgumentException("a key has 1 to " + KvLimits.KEY_BYTES + " bytes");
        }
        if (value != null && value.length > KvLimits.VALUE_BYTES) {
            throw new IllegalArgumentException("a value has at most " + KvLimits.VALUE_BYTES + " bytes");
        }
    }

    /** Canonical bytes: id length (1), id, key length (1), key, then 0 to remove or 1 and the value to the end. */
    public byte[] encode() {
        byte[] id = KvText.bytes(requestId);
        int valueLength = value == null ? 0 : value.length;
        ByteBuffer out = ByteBuffer.allocate(3 + id.length + key.length + valueLength);
        out.put((byte) id.length).put(id).put((byte) key.length).put(key).put((byte) (value == null ? 0 : 1));
        if (value != null) {
            out.put(value);
        }
        return out.array();
    }

    /** Reads {@link #encode}'s bytes; empty if they are not that. */
    public static Optional<KvTransaction> decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            byte[] id = new byte[in.get() & 0xff];
            in.get(id);
            byte[] key = new byte[in.get() & 0xff];
            in.get(key);
            int kind = in.get();
            if (kind < 0 || kind > 1 || (kind == 0 && in.hasRemaining())) {
                return Optional.empty();
            }
            byte[] value = new byte[in.remaining()];
            in.get(value);
            return Optional.of(new KvTransaction(KvText.of(id), key, kind == 0 ? null : value));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * A change that members decided on, under a request id that no client may use.
     *
     * @param decision 32 bytes that name the decision
     * @param change what follows the request id in {@link #encode}'s bytes
     * @return empty if the change is not that
     */
    static Optional<KvTransaction> compensation(byte[] decision, byte[] change) {
        byte[] id = KvText.bytes(COMPENSATION + HexFormat.of().formatHex(decision, 0, COMPENSATION_BYTES));
        return decode(ByteBuffer.allocate(1 + id.length + change.length)
                .put((byte) id.length)
                .put(id)
                .put(change)
                .array());
    }

    /**
     * A client's request.
     *
     * @throws IllegalArgumentException if it is out of bounds, or its id is one of members' decisions
     */
    static KvTransaction ofClient(String requestId, byte[] key, byte @Nullable [] value) {
        if (requestId.startsWith(COMPENSATION)) {
            throw new IllegalArgumentException(
                    "request ids that begin with " + COMPENSATION + " are for members' decisions");
        }
        return new KvTransaction(requestId, key, value);
    }

    /** Names the transaction: SHA-256 over its canonical bytes. */
    public byte[] id() {
        return sha256(encode());
    }

    /** Under which the ledger remembers the request. */
    byte[] requestKey() {
        return sha256(KvText.bytes(requestId));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
