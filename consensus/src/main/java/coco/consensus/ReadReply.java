package coco.consensus;

/** The answer to {@link ReplicatedLog#readIndex}. */
public sealed interface ReadReply {
    /** This node has applied everything that was committed anywhere in the group when the question was asked. */
    record Current() implements ReadReply {}

    /** No majority could be heard in time; nothing is known. */
    record Unavailable(String why) implements ReadReply {}
}
