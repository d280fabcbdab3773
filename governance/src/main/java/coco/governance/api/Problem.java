package coco.governance.api;

import java.util.Locale;

/** What this package itself refuses; the checks of messages have names of their own. */
enum Problem {
    /** The body or a parameter is not what the route takes. */
    MALFORMED_REQUEST(400),
    /** The body is no COSE_Sign1 message of the one form. */
    MALFORMED_MESSAGE(400),
    /** The signed content is not what this route takes. */
    WRONG_KIND(400),
    /** There is no proposal of that id. */
    NO_SUCH_PROPOSAL(404),
    /** The constitution at that height is not kept here. */
    HEIGHT_NOT_KEPT(404),
    /** Nobody can answer now. */
    UNAVAILABLE(503);

    private final int status;

    Problem(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    /** The code in documents: kebab-case. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
