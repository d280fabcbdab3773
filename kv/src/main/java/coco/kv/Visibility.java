package coco.kv;

/** Whether whoever keeps the write sets of a map may keep them in clear. */
public enum Visibility {
    /** Writes may be stored and shown in clear. */
    PUBLIC,
    /** Writes must be encrypted before they leave the process. */
    PRIVATE
}
