package coco.governance;

/** Every bound of governance, each with its reason. */
public final class GovernanceLimits {
    /** Members, and participants: a consortium of more would vote through representatives. */
    static final int ACTORS = 256;

    /** Raft among more than this is slower than it is safe. */
    static final int NODES = 128;

    /** Kinds of TEE that exist, with room. */
    static final int PLATFORMS = 16;

    /** Conditions of one platform: components of a TCB, statuses, signers. */
    static final int COMPONENTS = 32;

    /** Releases in use at one time, on every platform. */
    static final int CODE = 256;

    /** Issuers, quotas, auditors, bound contracts: what people keep an eye on. */
    static final int ENTRIES = 1_024;

    /** Removed nodes: one a day for ten years. */
    static final int FORMER_NODES = 4_096;

    /** Wrapping a counter of IVs is out of reach far beyond. */
    static final long EPOCH_BLOCKS = 1L << 40;

    /** Thirty years. */
    static final long EPOCH_SECONDS = 30L * 366 * 86_400;

    /** A year of a hundred blocks a second. */
    static final long NOTICE_BLOCKS = 100L * 366 * 86_400;

    /** Users of one actor. */
    static final int ENROLLED = 10_000_000;

    /** A dozen keys with their certificates. */
    static final int KEY_SET_CHARACTERS = 64 * 1024;

    /** The ledger's own rule of one contract. */
    static final int RULE_CHARACTERS = 16 * 1024;

    private GovernanceLimits() {}
}
