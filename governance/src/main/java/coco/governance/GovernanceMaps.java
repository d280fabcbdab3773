package coco.governance;

import coco.kv.MapSpec;
import coco.kv.Visibility;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The maps of the administrative ledger. All are public: each says why. Bytes: docs/specs/governance.md. */
public final class GovernanceMaps {
    /** One entry: the constitution. Whoever verifies a journal has to know what the consortium agreed on. */
    public static final MapSpec CONSTITUTION = new MapSpec("governance.constitution", Visibility.PUBLIC);

    /** Proposal id to its record. Who proposed what and how everybody voted is what members hold each other to. */
    public static final MapSpec PROPOSALS = new MapSpec("governance.proposals", Visibility.PUBLIC);

    /** Height ‖ ordinal to a signed message and its outcome. Everything needed to judge again, from files alone. */
    public static final MapSpec HISTORY = new MapSpec("governance.history", Visibility.PUBLIC);

    /** Node id to its request to join. Members must see who knocks, also those who only have the files. */
    public static final MapSpec JOINS = new MapSpec("governance.joins", Visibility.PUBLIC);

    /** Expiry height ‖ id, of messages that have not expired. Every later leader must refuse a replay. */
    public static final MapSpec MESSAGES = new MapSpec("governance.messages", Visibility.PUBLIC);

    /** Id of an open proposal to the height at which it expires. What a change of rules voids must be found again. */
    public static final MapSpec OPEN = new MapSpec("governance.open", Visibility.PUBLIC);

    /** Height ‖ id of an accepted proposal that waits for its notice. When it takes effect is everybody's business. */
    public static final MapSpec DUE = new MapSpec("governance.due", Visibility.PUBLIC);

    /** All of them. */
    public static final List<MapSpec> ALL = List.of(CONSTITUTION, PROPOSALS, HISTORY, JOINS, MESSAGES, OPEN, DUE);

    /** The key of {@link #CONSTITUTION}'s entry. */
    public static final byte[] CURRENT = "current".getBytes(StandardCharsets.US_ASCII);

    private GovernanceMaps() {}
}
