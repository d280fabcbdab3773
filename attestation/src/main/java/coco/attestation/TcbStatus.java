package coco.attestation;

/** How the patch level of a platform (its trusted computing base) stands against the maker's newest advice. */
public enum TcbStatus {
    /** Nothing newer is known. */
    UP_TO_DATE,
    /** The platform is patched, but a setting of the machine or a mitigation in the code is advised. */
    CONFIGURATION_NEEDED,
    /** A newer level exists. */
    OUT_OF_DATE,
    /** The maker has withdrawn this level: it must not be trusted. */
    REVOKED,
    /** The platform has no such notion. */
    NOT_APPLICABLE
}
