package coco.governance;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
