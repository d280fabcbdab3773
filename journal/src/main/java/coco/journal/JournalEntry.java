package coco.journal;

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

    /** Height of the block. */
    public long height() {
        return block.header().height();
    }
}
