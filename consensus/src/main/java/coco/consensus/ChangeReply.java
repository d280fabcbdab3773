package coco.consensus;

import java.util.List;

/** What became of a change of the peers. */
public sealed interface ChangeReply {
    /**
     * Committed: these are the peers now, by id. {@link StateMachine#configured} says the same, here and elsewhere,
     * before or after this.
     */
    record Changed(List<Peer> peers) implements ChangeReply {
        public Changed {
            peers = List.copyOf(peers);
        }
    }

    /** Nothing was changed and nothing will be. */
    record Refused(String why) implements ChangeReply {}

    /** It may have happened, may yet happen, or be dropped; {@link StateMachine#configured} will show. */
    record Unknown(String why) implements ChangeReply {}
}
