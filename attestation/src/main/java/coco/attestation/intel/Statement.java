package coco.attestation.intel;

import java.time.Instant;

/** What is common to the statements Intel signs and renews every month. */
sealed interface Statement permits TcbInfo, EnclaveIdentity {
    /** Returns the start of its time. */
    Instant issueDate();

    /** Returns the end of its time. */
    Instant nextUpdate();

    /** Returns the number of the evaluation it rests on; it grows when weaknesses were found and judged anew. */
    int evaluationNumber();

    /** Returns whether it holds at that time. */
    default boolean holdsAt(Instant now) {
        return !now.isBefore(issueDate()) && !now.isAfter(nextUpdate());
    }
}
