package coco.node.admission;

import java.util.Locale;

/** The checks of a node's certificate beyond those of its evidence, in the order in which they are made. */
public enum Check {
    /** The certificate carries evidence of the known form. */
    EVIDENCE,
    /** The certificate was made for this very network. */
    SERVICE,
    /** Now lies within the certificate's dates: both clocks are about right. */
    CLOCK,
    /** The certificate lives no longer than the lease. */
    LEASE,
    /** The TEE manifest has the platform; simulated stands alone. */
    PLATFORM,
    /** The platform is patched as well as the TEE manifest demands. */
    TCB_MINIMUM,
    /** The code manifest has the measurement, and it is not retired. */
    MEASUREMENT,
    /** The header named in the evidence is one of this chain, and was its head within the lease. */
    FRESHNESS,
    /** The node was not removed. */
    REMOVED,
    /** The node's key stands in the constitution. */
    LISTED,
    /** The wrapping key in the evidence is the one in the constitution. */
    WRAPPING_KEY,
    /** No other process speaks under this identity at the same time. */
    CLONE,
    /** The process is not one that another has followed under the same identity. */
    FORMER_PROCESS;

    /** The name in answers, logs and metrics. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
