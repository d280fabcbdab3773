package coco.governance;

import coco.governance.document.DocumentException;
import coco.governance.document.Fields;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One validating node of the list.
 *
 * @param id short name, unique among nodes and never used again; also its identity in consensus
 * @param owner id of the member or participant that runs it; null only in the development preset
 * @param host name or address at which the other nodes reach it
 * @param raftPort where it takes replication traffic
 * @param administrativePort where it takes the node channel and administrative requests
 * @param applicationPort where it takes applications' HTTPS requests
 * @param certificate of its identity key: the key is the node's identity, the digest of this certificate names it where
 *     blocks are sealed
 * @param wrappingKey P-256 key to which epoch secrets are wrapped for it
 * @param ownerSignature COSE_Sign1 by the owner over {@link NodeTuple}; null only in the development preset
 */
@SuppressWarnings("ArrayRecordComponent") // equals is written out
public record NodeEntry(
        String id,
        @Nullable String owner,
        String host,
        int raftPort,
        int administrativePort,
        int applicationPort,
        X509Certificate certificate,
        PublicKey wrappingKey,
        byte @Nullable [] ownerSignature) {
    /**
     * Reads {@link #toJson}'s object.
     *
     * @throws DocumentException if a field is missing or malformed
     */
    public static NodeEntry read(Fields fields) {
        return Entries.node(fields);
    }

    /** The entry as constitutions and actions hold it. */
    public ObjectNode toJson() {
        return Entries.tree(this);
    }

    /** The same entry with another signature of its owner, or with none. */
    public NodeEntry withSignature(byte @Nullable [] signature) {
        return new NodeEntry(
                id, owner, host, raftPort, administrativePort, applicationPort, certificate, wrappingKey, signature);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NodeEntry that && sameNode(that) && Arrays.equals(ownerSignature, that.ownerSignature);
    }

    private boolean sameNode(NodeEntry that) {
        return id.equals(that.id)
                && Objects.equals(owner, that.owner)
                && host.equals(that.host)
                && raftPort == that.raftPort
                && administrativePort == that.administrativePort
                && applicationPort == that.applicationPort
                && certificate.equals(that.certificate)
                && wrappingKey.equals(that.wrappingKey);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }
}
