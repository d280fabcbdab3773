package coco.consensus;

/** What became of a proposal. Clients are answered from {@link StateMachine#apply}, never from this alone. */
public sealed interface ProposeReply {
    /**
     * On disk at a majority, and applied on this node: the future that {@link StateMachine#apply} returned for it has
     * completed.
     */
    record Committed(LogPosition position) implements ProposeReply {}

    /** It may have been appended and may yet be applied, here or at the next leader. */
    record Unknown(String why) implements ProposeReply {}

    /** It was never appended and never will be. */
    record Refused(String why) implements ProposeReply {}
}
