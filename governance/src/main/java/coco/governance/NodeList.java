package coco.governance;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The nodes that validate, and the questions that connections ask about them. Immutable. */
public final class NodeList {
    private final List<NodeEntry> nodes;

    /** Takes the nodes in the order of the constitution. */
    public NodeList(List<NodeEntry> nodes) {
        this.nodes = List.copyOf(nodes);
    }

    /** All nodes, in the order of the constitution. */
    public List<NodeEntry> nodes() {
        return nodes;
    }

    /** The node of that id, or null. */
    public @Nullable NodeEntry byId(String id) {
        for (NodeEntry node : nodes) {
            if (node.id().equals(id)) {
                return node;
            }
        }
        return null;
    }

    /**
     * The node that owns this very certificate, or null. Equality of the encoded bytes decides, not the issuer: a
     * second certificate for the same key is another identity.
     */
    public @Nullable NodeEntry byCertificate(X509Certificate certificate) {
        byte[] wanted = encoded(certificate);
        for (NodeEntry node : nodes) {
            if (wanted != null && Arrays.equals(wanted, encoded(node.certificate()))) {
                return node;
            }
        }
        return null;
    }

    private static byte @Nullable [] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException unencodable) {
            // A certificate without an encoding is nobody's.
            return null;
        }
    }
}
