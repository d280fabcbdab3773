package coco.governance;

import coco.kv.MapSpec;
import coco.kv.Visibility;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The maps of the administrative ledger. All are public: each says why. Bytes: docs/specs/governance.md. */
public final class GovernanceMaps {
    /** One entry: the constitution. Whoever verifies a journal has to know what the consortium agreed on. */
    public static final MapSpec CONSTITUTION = new MapSpec("governance.constitution", Visibility.PUBLIC);

    /** Proposal id to what it asks for, written once. Who proposed what is what members hold each other to. */
    public static final MapSpec PROPOSALS = new MapSpec("governance.proposals", Visibility.PUBLIC);

    /** Proposal id to where it stands: small, as one decision may close many. What was decided binds everybody. */
    public static final MapSpec STANDINGS = new MapSpec("governance.standings", Visibility.PUBLIC);

    /** Proposal id ‖ member to its latest ballot. How everybody voted is what members hold each other to. */
    public static final MapSpec BALLOTS = new MapSpec("governance.ballots", Visibility.PUBLIC);

    /**
     * Height ‖ ordinal to a signed message and its outcome. Everything needed to judge again, from files alone. The
     * state keeps the newest.
     */
    public static final MapSpec HISTORY = new MapSpec("governance.history", Visibility.PUBLIC);

    /** Digest of a node's key to its request to join. Members must see who knocks, also who only has the files. */
    public static final MapSpec JOINS = new MapSpec("governance.joins", Visibility.PUBLIC);

    /** Expiry height ‖ id to its signer, of messages that have not expired. Every later leader must refuse a replay. */
    public static final MapSpec MESSAGES = new MapSpec("governance.messages", Visibility.PUBLIC);

    /** Id of an open proposal to its expiry, size and proposer. What a change of rules voids must be found again. */
    public static final MapSpec OPEN = new MapSpec("governance.open", Visibility.PUBLIC);

    /** Height ‖ id of an accepted proposal that waits for its notice. When it takes effect is everybody's business. */
    public static final MapSpec DUE = new MapSpec("governance.due", Visibility.PUBLIC);

    /** Height ‖ id of a closed proposal to its size: the order in which they are forgotten, the same everywhere. */
    public static final MapSpec CLOSED = new MapSpec("governance.closed", Visibility.PUBLIC);

    /** Height ‖ proposal id ‖ number of a compensation to what it does, for a node that starts. It stands in clear. */
    public static final MapSpec COMPENSATIONS = new MapSpec("governance.compensations", Visibility.PUBLIC);

    /** Name to how many there are, and their bytes: every bound above is kept by all nodes alike. */
    public static final MapSpec TOTALS = new MapSpec("governance.totals", Visibility.PUBLIC);

    /** All of them. */
    public static final List<MapSpec> ALL = List.of(
            CONSTITUTION,
            PROPOSALS,
            STANDINGS,
            BALLOTS,
            HISTORY,
            JOINS,
            MESSAGES,
            OPEN,
            DUE,
            CLOSED,
            COMPENSATIONS,
            TOTALS);

    /** The key of {@link #CONSTITUTION}'s entry. */
    public static final byte[] CURRENT = "current".getBytes(StandardCharsets.US_ASCII);

    private GovernanceMaps() {}
}
