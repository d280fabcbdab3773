package coco.evm.types;

import coco.crypto.Keccak256;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The 2,048-bit filter over addresses and topics of logs (Yellow Paper, 4.3.1): three bits per item, taken from its
 * Keccak hash. Grows by adding; not for use by several threads while it does.
 */
public final class Bloom {
    /** The length of a filter in bytes. */
    public static final int SIZE = 256;

    private final byte[] bits;
    private final byte[] hash = new byte[32];

    /** An empty filter. */
    public Bloom() {
        this.bits = new byte[SIZE];
    }

    private Bloom(byte[] bits) {
        this.bits = bits;
    }

    /**
     * The filter in exactly 256 bytes, which are copied.
     *
     * @throws IllegalArgumentException if there are not 256 bytes
     */
    public static Bloom of(byte[] bytes256) {
        if (bytes256.length != SIZE) {
            throw new IllegalArgumentException("a bloom filter has 256 bytes, not " + bytes256.length);
        }
        return new Bloom(bytes256.clone());
    }

    /** The filter over some logs. */
    public static Bloom ofLogs(Iterable<Log> logs) {
        Bloom bloom = new Bloom();
        for (Log log : logs) {
            bloom.add(log);
        }
        return bloom;
    }

    /** Adds a log's address and topics. */
    public void add(Log log) {
        add(log.address().bytes());
        for (byte[] topic : log.topics()) {
            add(topic);
        }
    }

    /** Adds one item. */
    public void add(byte[] item) {
        Keccak256.hash(item, 0, item.length, hash, 0);
        for (int i = 0; i < 6; i += 2) {
            int bit = bitAt(hash, i);
            bits[SIZE - 1 - (bit >>> 3)] |= (byte) (1 << (bit & 7));
        }
    }

    /** Adds all that another filter holds. */
    public void addAll(Bloom other) {
        for (int i = 0; i < SIZE; i++) {
            bits[i] |= other.bits[i];
        }
    }

    /** Whether an item may be in; false is certain. */
    public boolean mayContain(byte[] item) {
        byte[] itemHash = Keccak256.hash(item);
        for (int i = 0; i < 6; i += 2) {
            int bit = bitAt(itemHash, i);
            if ((bits[SIZE - 1 - (bit >>> 3)] >>> (bit & 7) & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    /** The 256 bytes themselves; not to be changed. */
    public byte[] bytes() {
        return bits;
    }

    private static int bitAt(byte[] hash, int offset) {
        return ((hash[offset] & 7) << 8) | (hash[offset + 1] & 0xff);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bloom that && Arrays.equals(bits, that.bits);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bits);
    }
}
