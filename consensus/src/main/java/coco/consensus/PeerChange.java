package coco.consensus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step from one list of peers to another. One peer at a time, because then any majority of the old list and any of
 * the new one share a peer.
 */
public sealed interface PeerChange {
    /**
     * A voting peer more. Its log must run already, and wait ({@link ReplicatedLog#start}).
     *
     * @param peer under an id that no peer of this group ever had
     */
    record Add(Peer peer) implements PeerChange {}

    /** A peer fewer; never the leader, which hands over first. */
    record Remove(PeerId peer) implements PeerChange {}

    /**
     * Why {@code leader} cannot do this; null if it can.
     *
     * @param expected what the caller takes the peers to be, in any order
     * @param actual what they are
     */
    default @Nullable String fault(List<Peer> expected, List<Peer> actual, PeerId leader) {
        if (!new HashSet<>(expected).equals(new HashSet<>(actual))) {
            return "the peers are " + actual + " and not " + expected;
        }
        return switch (this) {
            case Add(Peer peer) ->
                actual.stream()
                                .anyMatch(each -> each.id().equals(peer.id())
                                        || each.address().equals(peer.address()))
                        ? "there is a peer of the id or the address of " + peer
                        : null;
            case Remove(PeerId peer) -> {
                if (peer.equals(leader)) {
                    yield "a leader does not remove itself";
                }
                yield actual.stream().noneMatch(each -> each.id().equals(peer)) ? "there is no peer " + peer : null;
            }
        };
    }

    /** The peers afterwards, by id. */
    default List<Peer> applyTo(List<Peer> peers) {
        List<Peer> changed = new ArrayList<>(peers);
        switch (this) {
            case Add(Peer peer) -> changed.add(peer);
            case Remove(PeerId peer) -> changed.removeIf(each -> each.id().equals(peer));
        }
        changed.sort(Comparator.comparing(Peer::id));
        return List.copyOf(changed);
    }
}
