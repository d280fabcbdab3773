package coco.governance;

import java.util.Locale;

/** How far a service has come. */
public enum ServiceStatus {
    /** Only governance works: members have not yet agreed that what runs is what they founded. */
    OPENING,
    /** Applications transact. */
    OPEN;

    /** The word used in documents: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
