package coco.node.config;

/** What a start may assume of the node's own past (docs/operations/recovery.md). */
public enum StartMode {
    /** On the simulated platform as {@link #RESUME}, on hardware as {@link #REJOIN}. */
    AUTO,
    /** Goes on with the node's keys, votes and log as they lie on disk: only where all platforms are simulated. */
    RESUME,
    /** Takes part only under an identity that never has: older files cannot make it vote a second time. */
    REJOIN
}
