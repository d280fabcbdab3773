package coco.consensus;

/** What this node is in the Raft group at this moment; a hint, out of date as soon as it is read. */
public enum Role {
    /** Not started, or closed. */
    STOPPED,
    /** Takes entries from the leader and may vote. */
    FOLLOWER,
    /** Asks for votes. */
    CANDIDATE,
    /** Takes entries and never votes. */
    LEARNER,
    /** Won the election of its term. It may propose only after {@link StateMachine#leaderReady}. */
    LEADER
}
