package coco.governance;

/** Every bound of governance, each with its reason. */
public final class GovernanceLimits {
    /** Members, and participants: a consortium of more would vote through representatives. */
    public static final int ACTORS = 256;

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

    /** Removed nodes: one a day for ten years. Another one then takes the place of the first. */
    static final int FORMER_NODES = 4_096;

    /** Whoever was removed within so many blocks is not forgotten: a change of voters may still name it. */
    static final long FORMER_BLOCKS = 1L << 20;

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

    /**
     * A whole constitution. Whoever changes it writes all of it, and beside it a block holds the message that decided
     * (twice), what a rule module answered, and what follows: 8 MiB carry that with room. 128 nodes, 256 members and
     * the rules of a hundred contracts fit.
     */
    public static final int CONSTITUTION_BYTES = 2 << 20;

    /** Proposals open at a time, over all: what people can hold in their heads. */
    public static final int OPEN_PROPOSALS = 128;

    /** Proposals of one member open at a time: nobody fills the list alone. */
    public static final int OPEN_PROPOSALS_PER_MEMBER = 16;

    /** Open proposals that every member may have however full the list is: an ejection cannot be crowded out. */
    public static final int OPEN_PROPOSALS_ASSURED = 2;

    /** What open proposals ask for, over all: state that every node holds in memory. */
    public static final long OPEN_BYTES = 32L << 20;

    /** The same of one member: four of the largest. */
    public static final long OPEN_BYTES_PER_MEMBER = 2L << 20;

    /** The same that every member may have however much there is: an action that ejects has some hundred bytes. */
    public static final long OPEN_BYTES_ASSURED = 64L << 10;

    /** Accepted proposals that wait for their notice: closing all of them is one transaction. */
    public static final int WAITING_PROPOSALS = 128;

    /** Closed proposals kept in the state, the newest: what a member looks up. Older ones are in the journal. */
    public static final int CLOSED_PROPOSALS = 256;

    /** What these ask for. */
    public static final long CLOSED_BYTES = 16L << 20;

    /** Entries of the history kept in the state, the newest: what clients read most. All are in the journal. */
    public static final int HISTORY_ENTRIES = 1_024;

    /** What these hold. */
    public static final long HISTORY_BYTES = 16L << 20;

    /**
     * Closed proposals, and entries of the history, that one transaction takes out of the state at most. Each adds at
     * most one of either in the end, so that more than one suffices, and 256 ballots go with each proposal.
     */
    public static final int PRUNED = 4;

    /** Blocks after which a node that starts no longer looks whether a compensation has reached its ledger. */
    public static final long COMPENSATION_BLOCKS = 1_024;

    /** Why a proposal stands as it does, for people. It is written again with every proposal that is closed. */
    public static final int REASON_CHARACTERS = 512;

    /** Actions of one proposal. */
    public static final int ACTIONS = 64;

    /** Words of a proposer. */
    public static final int SUMMARY_CHARACTERS = 1_024;

    /** Evidence of a node in a proposal to recover: a quote with its collateral has some tens of kilobytes. */
    public static final int EVIDENCE_BYTES = 256 * 1024;

    /** Ten weeks of a hundred blocks a second, years of an idle network: how long a signed message may count. */
    public static final long MESSAGE_BLOCKS = 1L << 26;

    /** Recorded messages of one member that have not expired: one a quarter of an hour for six weeks. */
    public static final int MESSAGES_PER_MEMBER = 4_096;

    /** Messages that wait for a block on the leader. */
    public static final int POOL = 256;

    /** The same of one signer: nobody fills the pool alone. */
    public static final int POOL_PER_SIGNER = 16;

    /** The same that every signer may have however full the pool is. */
    public static final int POOL_ASSURED = 4;

    /** Messages of one member that a node takes to the ledger although they may all be refused: a burst. */
    public static final int REFUSALS_AT_ONCE = 16;

    /** After this time one more: each costs the thread that makes blocks about a millisecond, for two signatures. */
    public static final int REFUSAL_MILLIS = 1_000;

    /** Requests to join that wait for a vote, of the nodes of one owner; a new one takes the place of the oldest. */
    public static final int JOINS_PER_OWNER = 8;

    /** How long a request to join stands before another takes its place: what an owner can write is thus bounded. */
    public static final int JOIN_SECONDS = 60;

    /** One request: an entry with its certificate and its owner's signature. */
    public static final int JOIN_BYTES = 64 << 10;

    /** Expired message ids forgotten by one message, so that the map shrinks faster than it grows. */
    public static final int FORGOTTEN = 8;

    /** Blocks ahead of which a leader looks for effects that fall due: the deepest pipeline. */
    public static final int LOOK_AHEAD = BlockLimits.WINDOW_MAX;

    /** Outcomes of rule modules that a leader keeps until the block that needs them. */
    public static final int SCRIPT_OUTCOMES = 16;

    private GovernanceLimits() {}
}
