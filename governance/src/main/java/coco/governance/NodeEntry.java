package coco.governance;

import java.security.PublicKey;
import java.security.cert.X509Certificate;

/**
 * One validating node of the list.
 *
 * @param id short name, unique among nodes; also its identity in consensus
 * @param host name or address at which the other nodes reach it
 * @param raftPort where it takes replication traffic
 * @param administrativePort where it takes the node channel and administrative requests
 * @param applicationPort where it takes applications' HTTPS requests
 * @param certificate its TLS and block-signing identity; membership is judged by this very certificate
 * @param wrappingKey P-256 key to which epoch secrets are wrapped for it
 */
public record NodeEntry(
        String id,
        String host,
        int raftPort,
        int administrativePort,
        int applicationPort,
        X509Certificate certificate,
        PublicKey wrappingKey) {}
