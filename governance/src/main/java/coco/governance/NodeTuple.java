package coco.governance;

import coco.crypto.Certificates;
import coco.governance.cose.CoseSign1;
import coco.governance.document.CanonicalJson;
import coco.governance.document.Documents;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * What the owner of a node signs to say that it is its: who the owner is, where the node is reached, and the keys made
 * inside its TEE. Bytes: docs/specs/governance.md.
 */
public final class NodeTuple {
    /** Content type of the signed message. */
    public static final String CONTENT = "application/coco-node-tuple+json";

    private NodeTuple() {}

    /** The bytes to be signed for an entry of which everything but the signature is known. */
    public static byte[] payload(NodeEntry node, X509Certificate owner) {
        return CanonicalJson.write(
                        Documents.object()
                                .put("kind", "node")
                                .put("id", node.id())
                                .put("owner", node.owner())
                                .put(
                                        "ownerKey",
                                        Base64.getEncoder()
                                                .encodeToString(
                                                        owner.getPublicKey().getEncoded()))
                                .put("host", node.host())
                                .put("raftPort", node.raftPort())
                                .put("administrativePort", node.administrativePort())
                                .put("applicationPort", node.applicationPort())
                                .put("certificate", Certificates.toPem(node.certificate()))
                                .put("wrappingKey", Entries.base64(node.wrappingKey())),
                        "")
                .getBytes(StandardCharsets.UTF_8);
    }

    /**
     * What else the signature covers: a label alone, since a genesis document lists its nodes before there is a service
     * id.
     */
    public static byte[] externalAad() {
        return CoseSign1.externalAad("coco node tuple v1", new byte[0]);
    }
}
