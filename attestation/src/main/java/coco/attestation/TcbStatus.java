package coco.attestation;

import org.jspecify.annotations.Nullable;

/**
 * How the patch level of a platform (its trusted computing base) stands against the maker's newest advice, in Intel's
 * words (PCS API v4, "tcbStatus"). Which of them a network accepts is its policy's; {@link #REVOKED} no verifier
 * accepts.
 */
public enum TcbStatus {
    /** Nothing newer is known. */
    UP_TO_DATE("UpToDate"),
    /** The platform is patched, but the code needs a mitigation of its own. */
    SW_HARDENING_NEEDED("SWHardeningNeeded"),
    /** The platform is patched, but a setting of the machine is advised. */
    CONFIGURATION_NEEDED("ConfigurationNeeded"),
    /** Both a setting of the machine and a mitigation in the code are advised. */
    CONFIGURATION_AND_SW_HARDENING_NEEDED("ConfigurationAndSWHardeningNeeded"),
    /** A newer level exists. */
    OUT_OF_DATE("OutOfDate"),
    /** A newer level exists, and a setting of the machine is advised besides. */
    OUT_OF_DATE_CONFIGURATION_NEEDED("OutOfDateConfigurationNeeded"),
    /** The module that guards a running trust domain was updated below it: starting the domain again is enough. */
    TD_RELAUNCH_ADVISED("TDRelaunchAdvised"),
    /** The same, and a setting of the machine is advised besides. */
    TD_RELAUNCH_ADVISED_CONFIGURATION_NEEDED("TDRelaunchAdvisedConfigurationNeeded"),
    /** The maker has withdrawn this level: it must not be trusted. */
    REVOKED("Revoked"),
    /** The maker publishes no such judgement; the level itself is among the claims. */
    NOT_APPLICABLE("NotApplicable");

    private final String label;

    TcbStatus(String label) {
        this.label = label;
    }

    /** Returns the maker's own word. */
    public String label() {
        return label;
    }

    /** Returns the status of that word, or null. */
    public static @Nullable TcbStatus ofLabel(String label) {
        for (TcbStatus status : values()) {
            if (status.label.equals(label)) {
                return status;
            }
        }
        return null;
    }
}
