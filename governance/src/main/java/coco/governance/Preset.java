package coco.governance;

import java.util.Locale;

/** How strict a network is by default. */
public enum Preset {
    /** Simulated TEE with a banner, anonymous reads, any sender, plain HTTP on loopback beside HTTPS. */
    DEVELOPMENT,
    /** None of the conveniences of {@link #DEVELOPMENT}. */
    CONSORTIUM;

    /** The word used in documents and settings: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
