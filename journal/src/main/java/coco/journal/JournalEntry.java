package coco.journal;

import java.util.Arrays;

/**
 * What the journal keeps of one committed block.
 *
 * @param raftTerm term of the Raft entry that carried it
 * @param raftIndex index of the Raft entry that carried it
 * @param evidenceNonce proof that the block committed, 32 bytes: {@link BlockOpener#evidenceNonce}
 * @param block as replicated
 */
public record JournalEntry(long raftTerm, long raftIndex, byte[] evidenceNonce, SealedBlock block) {
    /** Checks the length. */
    public JournalEntry {
        Bytes.requireLength(evidenceNonce, 32, "evidence nonce");
    }

    /** Stands in the place of a nonce that is lost, beside blocks that a recovery took from a Raft log. */
    public static byte[] noEvidence() {
        return new byte[32];
    }

    /** Whether there is a nonce at all. */
    public boolean hasEvidence() {
        return !Arrays.equals(evidenceNonce, noEvidence());
    }

    /** Height of the block. */
    public long height() {
        return block.header().height();
    }
}
