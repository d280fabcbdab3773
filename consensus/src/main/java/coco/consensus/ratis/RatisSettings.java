package coco.consensus.ratis;

import coco.consensus.ConsensusLimits;
import coco.consensus.PeerId;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.UUID;

/**
 * What a node tells its Ratis server about itself.
 *
 * @param self this node's name in the group; never used again once its storage was lost
 * @param group the same on all nodes of one service, different for every service
 * @param directory Ratis' files live below it, with a marker beside them that tells a first start from lost storage
 * @param listen where the node channel listens; may be narrower than the address in {@link coco.consensus.Peer}, which
 *     others dial
 * @param recovery what to do when this node has no Raft storage
 */
public record RatisSettings(
        PeerId self, UUID group, Path directory, InetSocketAddress listen, Recovery recovery, ConsensusLimits limits) {

    /** What a start may assume. */
    public enum Recovery {
        /**
         * Resumes what lies on disk. Creates it only for a node that has neither Raft storage, marker nor journal: a
         * first start.
         */
        RESUME,
        /**
         * A node under a peer id that never voted, with a journal copied from others or none: creates storage that
         * begins behind the journal. If it is none of the membership's first peers, it waits until the leader adds it.
         */
        REJOIN
    }
}
