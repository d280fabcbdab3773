package coco.attestation;

/** What a verifier makes of evidence. */
public sealed interface Verdict {
    /** The named platform made this evidence, and no debug mode or missing collateral stands against it. */
    record Verified(Claims claims) implements Verdict {}

    /**
     * Everything at hand fits, but something needed to be sure is missing. Not to be trusted; a later try may succeed.
     *
     * @param missing what, in words for an operator
     */
    record Incomplete(Claims claims, String missing) implements Verdict {}

    /**
     * Not to be trusted, now or later.
     *
     * @param check which check failed
     * @param seen the value found; never secret, and bounded in length
     * @param allowed the values that would have passed
     */
    record Refused(Check check, String seen, String allowed) implements Verdict {}

    /** The checks that refuse. */
    enum Check {
        /** These bytes are not evidence of the platform they name. */
        FORMAT,
        /** This verifier does not judge evidence of that platform. */
        PLATFORM,
        /** The evidence is not signed by the key it has to be signed by. */
        SIGNATURE,
        /** The platform's key does not lead back to its maker's root. */
        CERTIFICATE_CHAIN,
        /** A certificate or a piece of collateral is not valid at this time. */
        VALIDITY_PERIOD,
        /** A key or a patch level has been revoked. */
        REVOCATION,
        /** The host may look inside. */
        DEBUG
    }
}
