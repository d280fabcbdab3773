package coco.governance.users;

/** Every bound of users and sessions, each with its reason. */
public final class UserLimits {
    /** Sessions of one user: some devices, dApps and wallet URLs; more is a loop that signs in for each call. */
    public static final int SESSIONS_PER_HOLDER = 64;

    /** Sessions of a network: each is some 300 bytes of memory on every node. */
    public static final int SESSIONS = 500_000;

    /** Longest life of a session that headers carry: a working day, and the night after it. */
    public static final long SESSION_SECONDS = 24L * 3_600;

    /** Longest life of a wallet URL, which a person pastes into a wallet. */
    public static final long WALLET_SECONDS = 90L * 86_400;

    /** By how much the time of the node that opens a session may be ahead of the block's: service time, twice over. */
    static final long AHEAD_SECONDS = 10;

    /** Contracts that a session names: what a person can read in a wallet's window. */
    public static final int CONTRACTS = 64;

    /** What a person calls a session. */
    public static final int LABEL_CHARACTERS = 64;

    /** Subject of a login: OpenID Connect Core 1.0, section 2, allows 255 ASCII characters. */
    public static final int SUBJECT_CHARACTERS = 255;

    /** Users of an actor for which the constitution sets no number. */
    public static final int ADDRESSES_DEFAULT = 1_000;

    /** Changes that wait for a block on the leader. */
    public static final int POOL = 1_024;

    /** One change: a session with its contracts. */
    public static final int CHANGE_BYTES = 16 << 10;

    /** Expired sessions forgotten by one block, more than one brings on average. */
    public static final int FORGOTTEN = 256;

    /**
     * Uses of one grant that are told apart in a minute on one node, and contracts in one of them: a person's work.
     * Beyond them the record says that everything may have been looked at.
     */
    public static final int USES_PER_MINUTE = 32;

    /** Contracts that one recorded use names. */
    public static final int USE_CONTRACTS = 8;

    /** The same in a day: beyond them there is one record an hour, so that nobody floods the state. */
    public static final int USES_PER_DAY = 512;

    /** How long uses stay in the state: a quarter. The journal has them for ever. */
    static final long USES_KEPT_SECONDS = 92L * 86_400;

    private UserLimits() {}
}
