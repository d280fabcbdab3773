package coco.ledgers.api;

import coco.kv.MapSpec;
import coco.kv.Reader;
import coco.kv.Visibility;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * That an address is a user: a member or participant has enrolled it for its own organisation, and the holder of its
 * key has agreed. The node's ledger of users writes these; every ledger may read them.
 *
 * @param actor id of the member or participant
 * @param transactionsPerSecond most transactions that it may send, 0 for no bound
 * @param gasPerSecond most gas (or the ledger's measure of work) that these may ask for, 0 for no bound
 * @param poolSlots most transactions of it that may wait, 0 for no bound
 */
public record Enrolment(String actor, int transactionsPerSecond, long gasPerSecond, int poolSlots) {
    /** {@link #key} to {@link #bytes}. */
    public static final MapSpec MAP = new MapSpec("users.enrolled", Visibility.PRIVATE);

    private static final byte FORMAT = 1;
    private static final int HEAD_BYTES = 1 + Integer.BYTES + Long.BYTES + Integer.BYTES;

    public Enrolment {
        if (transactionsPerSecond < 0 || gasPerSecond < 0 || poolSlots < 0) {
            throw new IllegalArgumentException("a quota cannot be negative");
        }
    }

    /**
     * The key of an address's entry: the ledger's id in ASCII, a zero byte, the address.
     *
     * @param ledger {@link Ledger#id}
     */
    public static byte[] key(String ledger, byte[] address) {
        byte[] name = ledger.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(name.length + 1 + address.length)
                .put(name)
                .put((byte) 0)
                .put(address)
                .array();
    }

    /** The entry: a format byte, 1; the three quotas as int, long, int, big-endian; the actor's id in UTF-8. */
    public byte[] bytes() {
        byte[] id = actor.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEAD_BYTES + id.length)
                .put(FORMAT)
                .putInt(transactionsPerSecond)
                .putLong(gasPerSecond)
                .putInt(poolSlots)
                .put(id)
                .array();
    }

    /**
     * Reads an entry of a state that this software wrote.
     *
     * @throws LedgerException if it is none
     */
    public static Enrolment of(byte[] entry) {
        if (entry.length <= HEAD_BYTES || entry[0] != FORMAT) {
            throw new LedgerException("an entry of the users has a form that this software does not know");
        }
        ByteBuffer in = ByteBuffer.wrap(entry, 1, HEAD_BYTES - 1);
        return new Enrolment(
                new String(entry, HEAD_BYTES, entry.length - HEAD_BYTES, StandardCharsets.UTF_8),
                in.getInt(),
                in.getLong(),
                in.getInt());
    }

    /** The enrolment of an address whose actor still belongs to the network; null if there is none. */
    public static @Nullable Enrolment find(Reader state, AccessSettings access, String ledger, byte[] address) {
        byte[] entry = state.get(MAP, key(ledger, address));
        Enrolment found = entry == null ? null : of(entry);
        return found == null || !access.actors().contains(found.actor()) ? null : found;
    }
}
