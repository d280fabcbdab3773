package coco.governance.rules;

/** What a ballot says. Who abstains casts none. */
public enum Choice {
    /** For the proposal. */
    ACCEPT,
    /** Against it. */
    REJECT
}
