package coco.journal;

/** Names of chunk files. */
final class Chunks {
    static final String OPEN_SUFFIX = ".open";
    static final String CLOSED_SUFFIX = ".chunk";
    static final String QUARANTINED_SUFFIX = ".quarantined";

    private Chunks() {}
}
