package coco.consensus.ratis;

import coco.consensus.Peer;
import coco.consensus.PeerId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.util.ProtoUtils;
import org.jspecify.annotations.Nullable;

/** Peers as Ratis writes them, and back. */
final class RatisPeers {
    private RatisPeers() {}

    static List<RaftPeer> toRatis(List<Peer> peers) {
        return peers.stream().map(RatisPeers::toRatis).toList();
    }

    private static RaftPeer toRatis(Peer peer) {
        // All priorities equal: a transfer to a peer of lower priority is refused.
        return RaftPeer.newBuilder()
                .setId(peer.id().value())
                .setAddress(peer.address())
                .build();
    }

    /**
     * The peers that hold: while both lists of a change stand in the log, the old ones, as the change may yet be
     * dropped.
     */
    static List<Peer> decided(RaftConfiguration configuration) {
        Collection<RaftPeer> previous = configuration.getPreviousPeers();
        return fromRatis(previous.isEmpty() ? configuration.getCurrentPeers() : previous);
    }

    /** The peers that a log entry decides on; null for the first entry of a change, which decides nothing yet. */
    static @Nullable List<Peer> decided(RaftConfigurationProto entry) {
        return entry.getOldPeersCount() > 0
                ? null
                : fromRatis(entry.getPeersList().stream()
                        .map(ProtoUtils::toRaftPeer)
                        .toList());
    }

    private static List<Peer> fromRatis(Collection<RaftPeer> peers) {
        return peers.stream()
                .map(RatisPeers::fromRatis)
                .sorted(Comparator.comparing(Peer::id))
                .toList();
    }

    private static Peer fromRatis(RaftPeer peer) {
        String address = peer.getAddress();
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        return new Peer(
                new PeerId(peer.getId().toString()),
                bracketed ? host.substring(1, host.length() - 1) : host,
                Integer.parseInt(address.substring(colon + 1)));
    }
}
