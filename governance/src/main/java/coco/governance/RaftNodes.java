package coco.governance;

import java.util.Collection;
import java.util.Set;

/**
 * What a leader knows of consensus when it judges a change: a constitution must not shut out so many nodes that nothing
 * can be decided any more. Asked on the leader; answers are recorded, so that the judgement can be repeated.
 */
public interface RaftNodes {
    /** Ids of the nodes in consensus' configuration. */
    Set<String> ids();

    /**
     * Which of {@link #ids} a constitution would still admit, by the evidence that they gave last.
     *
     * @param candidate not in force yet
     * @param height from which on it is asked
     */
    Set<String> admitted(Constitution candidate, long height);

    /** A configuration of which every node that is listed is admitted: where evidence plays no part. */
    static RaftNodes listed(Collection<String> ids) {
        return recorded(ids, ids);
    }

    /**
     * What a leader recorded.
     *
     * @param admitted those whose evidence held
     */
    static RaftNodes recorded(Collection<String> ids, Collection<String> admitted) {
        Set<String> all = Set.copyOf(ids);
        Set<String> held = Set.copyOf(admitted);
        return new RaftNodes() {
            @Override
            public Set<String> ids() {
                return all;
            }

            @Override
            public Set<String> admitted(Constitution candidate, long height) {
                return held;
            }
        };
    }
}
