package coco.journal;

/** Reads of the first block of a recovery which blocks before it members took as committed whose nonces were lost. */
@FunctionalInterface
public interface Recoveries {
    /** No recovery takes a block without a nonce. */
    Recoveries NONE = first -> -1;

    /**
     * The first of the last blocks before a recovery that stand in the journal without a nonce.
     *
     * @param first the block with which the service goes on
     * @return its height; -1 if there is none
     * @throws MalformedException if the block carries no decision that can be read
     */
    long firstWithoutEvidence(SealedBlock first) throws MalformedException;
}
