package coco.governance.users;

import coco.ledgers.api.Rejection;
import java.util.Locale;

/** Why a change of users or a use of a session is refused. Its {@link #word} begins the text of a rejection. */
public enum UserRefusal {
    /** Not a change in its one form. */
    MALFORMED(400),
    /** The token is none of this network, or was revoked, or has been forgotten. */
    UNKNOWN_TOKEN(401),
    /** The session's time is over. */
    EXPIRED(401),
    /** No actor that belongs to the network has enrolled the address. */
    NOT_ENROLLED(403),
    /** Another organisation has enrolled the address. */
    ENROLLED_ELSEWHERE(409),
    /** The member or participant does not, or no longer, belong to the network. */
    UNKNOWN_ACTOR(403),
    /** The issuer is not, or no longer, admitted, or for another organisation. */
    UNKNOWN_ISSUER(403),
    /** The login is bound to no address. */
    NOT_BOUND(403),
    /** The auditor's grant is over, or another one. */
    NO_GRANT(403),
    /** The actor has enrolled as many addresses as it may. */
    TOO_MANY_ADDRESSES(429),
    /** The holder has as many sessions as one may. */
    TOO_MANY_SESSIONS(429),
    /** It would live longer than a session may. */
    EXPIRES_TOO_LATE(400),
    /** There is no such session. */
    NO_SUCH_SESSION(404),
    /** Too much waits for a block. */
    BUSY(503);

    private final int status;

    UserRefusal(int status) {
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
        return new Rejection(status, word() + ": " + details);
    }
}
