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

    /** Proposals open at a time, over all: what people can hold in their heads. */
    public static final int OPEN_PROPOSALS = 128;

    /** Proposals of one member open at a time: nobody fills the list alone. */
    public static final int OPEN_PROPOSALS_PER_MEMBER = 16;

    /** Actions of one proposal. */
    public static final int ACTIONS = 64;

    /** Words of a proposer. */
    public static final int SUMMARY_CHARACTERS = 1_024;

    /** Ten weeks of a hundred blocks a second, years of an idle network: how long a signed message may count. */
    public static final long MESSAGE_BLOCKS = 1L << 26;

    /** Messages that wait for a block on the leader. */
    public static final int POOL = 256;

    /** Requests to join that wait for a vote; a new one takes the place of the oldest. */
    public static final int JOINS = 64;

    /** Expired message ids forgotten by one message, so that the map shrinks faster than it grows. */
    public static final int FORGOTTEN = 8;

    /** Blocks ahead of which a leader looks for effects that fall due: the deepest pipeline. */
    public static final int LOOK_AHEAD = BlockLimits.WINDOW_MAX;

    /** Outcomes of rule modules that a leader keeps until the block that needs them. */
    public static final int SCRIPT_OUTCOMES = 16;

    private GovernanceLimits() {}
}
