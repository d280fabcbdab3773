package coco.ledgers.kv;

/** Every bound of this ledger, each with its reason. */
final class KvLimits {
    /** A key is a name, not data; the store takes 256 bytes. */
    static final int KEY_BYTES = 250;

    /** A value rides in a block with others: 1/64 of the largest block. */
    static final int VALUE_BYTES = 64 << 10;

    /** Room for a UUID or a hash in hex. */
    static final int REQUEST_ID_BYTES = 64;

    /** Blocks of this ledger for which request ids are remembered: at 25 a second under load, over five minutes. */
    static final int DEDUPE_BLOCKS = 8_192;

    /** Requests pooled on the leader: ten full blocks. */
    static final int POOL = 20_000;

    /** Entries one listing returns. */
    static final int LISTED = 1_000;

    private KvLimits() {}
}
