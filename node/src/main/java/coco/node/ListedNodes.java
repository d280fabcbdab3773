package coco.node;

import coco.consensus.Membership;
import coco.consensus.Peer;
import coco.consensus.PeerId;
import coco.governance.NodeEntry;
import coco.governance.NodeList;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The constitution's nodes as the members of the Raft group: a node's id there is its id here. */
record ListedNodes(NodeList nodes) implements Membership {
    @Override
    public List<Peer> peers() {
        return nodes.nodes().stream()
                .map(node -> new Peer(new PeerId(node.id()), node.host(), node.raftPort()))
                .toList();
    }

    @Override
    public boolean admits(X509Certificate certificate) {
        return nodes.byCertificate(certificate) != null;
    }

    @Override
    public @Nullable PeerId peerOf(X509Certificate certificate) {
        NodeEntry node = nodes.byCertificate(certificate);
        return node == null ? null : new PeerId(node.id());
    }
}
