package coco.journal;

/**
 * The newest entry that a completed force covers.
 *
 * @param height of the block; -1 if there is none
 * @param raftTerm of its Raft entry; -1 if there is none
 * @param raftIndex of its Raft entry; -1 if there is none
 */
public record DurablePosition(long height, long raftTerm, long raftIndex) {
    /** Nothing is durable. */
    public static final DurablePosition NONE = new DurablePosition(-1, -1, -1);
}
