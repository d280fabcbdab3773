package coco.governance.ledger;

import coco.ledgers.api.Rejection;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why the administrative ledger refuses a message. Its {@link #word} begins the text of the rejection. */
public enum Refusal {
    /** Not a message in its one form. */
    MALFORMED(1000, 400),
    /** Signed by nobody of the constitution in force, such as a removed member. */
    UNKNOWN_SIGNER(1001, 401),
    /** Signed by a participant. */
    NOT_A_MEMBER(1002, 403),
    /** The certificate lacks the usage that the member's entry asks for. */
    USAGE(1003, 403),
    /** The certificate does not lead to the member's entry, or has expired. */
    CHAIN(1004, 401),
    /** The signature does not hold. */
    SIGNATURE(1005, 401),
    /** Made for another service. */
    OTHER_SERVICE(1006, 409),
    /** Made under another generation of the service's identity. */
    OTHER_GENERATION(1007, 409),
    /** A proposal made under another constitution than the one in force. */
    OTHER_CONSTITUTION(1008, 409),
    /** A ballot or withdrawal made under other members or rules than those in force. */
    OTHER_ELECTORATE(1009, 409),
    /** Its time is over. */
    EXPIRED(1010, 409),
    /** It would count for longer than any message may. */
    EXPIRES_TOO_LATE(1011, 400),
    /** The same message was recorded before. */
    REPLAYED(1012, 409),
    /** No such proposal. */
    UNKNOWN_PROPOSAL(1013, 404),
    /** The proposal takes no more ballots. */
    NOT_OPEN(1014, 409),
    /** Only its proposer takes a proposal back. */
    NOT_PROPOSER(1015, 403),
    /** There is no ballot to take back. */
    NO_BALLOT(1016, 409),
    /** The actions do not hold together, or the rule module does not take them. */
    INVALID_ACTIONS(1017, 422),
    /** Too many proposals are open. */
    TOO_MANY_OPEN(1018, 429),
    /** The very same request to join is pending. */
    ALREADY_PENDING(1019, 409),
    /** A request to join that no vote could grant as it stands. */
    INVALID_JOIN(1020, 422),
    /** Too many messages wait for a block. */
    BUSY(1021, 503),
    /** Too many recorded messages of this member have not expired. */
    TOO_MANY_MESSAGES(1022, 429),
    /** The owner's nodes asked to join too often within a short time. */
    TOO_MANY_JOINS(1023, 429),
    /** A recovery that not enough members, or not these members, have decided. */
    NOT_DECIDED(1024, 403);

    private final int code;
    private final int status;

    Refusal(int code, int status) {
        this.code = code;
        this.status = status;
    }

    /** The name by which documents and answers call it: kebab-case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The HTTP status that fits. */
    public int status() {
        return status;
    }

    /** The rejection, with details for people. */
    public Rejection because(String details) {
        return new Rejection(code, word() + ": " + details);
    }

    /** Which refusal a rejection is; null if it is none of this ledger's. */
    public static @Nullable Refusal of(Rejection rejection) {
        return Arrays.stream(values())
                .filter(refusal -> refusal.code == rejection.code())
                .findFirst()
                .orElse(null);
    }
}
