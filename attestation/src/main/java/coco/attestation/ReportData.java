package coco.attestation;

import static java.nio.charset.StandardCharsets.US_ASCII;

import coco.crypto.P256;
import coco.crypto.Sha512;
import java.security.PublicKey;

/**
 * The 64 bytes that bind a node's keys into its evidence: SHA-512(label ‖ service id ‖ TLS key ‖ wrapping key ‖
 * freshness).
 *
 * <p>Every part but the last has a fixed length, and no label is the beginning of another, so no two sets of values
 * share an encoding.
 */
public final class ReportData {
    /** Bytes of report data, on every platform. */
    public static final int BYTES = 64;

    private static final int SERVICE_ID_BYTES = 32;

    /** What the evidence is for; it tells what freshness is. */
    public enum Purpose {
        /**
         * Stands in the node's certificate; fresh by a recent header, or by the genesis document ({@link
         * CertificateEvidence#freshness(long, byte[], byte[])}).
         */
        CERTIFICATE("coco/report-data/certificate/2\n"),
        /**
         * Answers a peer before it releases keys; fresh by that peer's nonce and the exporter of the TLS connection.
         */
        CHALLENGE("coco/report-data/challenge/1\n");

        private final String label;

        Purpose(String label) {
            this.label = label;
        }
    }

    private ReportData() {}

    /**
     * Refuses what cannot be report data.
     *
     * @throws IllegalArgumentException if it has not {@value #BYTES} bytes
     */
    public static void requireLength(byte[] reportData64) {
        if (reportData64.length != BYTES) {
            throw new IllegalArgumentException("report data has 64 bytes, not " + reportData64.length);
        }
    }

    /**
     * Hashes the parts.
     *
     * @param serviceId32 32 bytes
     * @param tlsKey the key of the node's certificate, on P-256
     * @param wrappingKey the key epoch secrets are wrapped to, on P-256
     * @param freshness see {@link Purpose}
     * @return 64 bytes
     * @throws IllegalArgumentException if a key is of another kind or the service id of another length
     */
    public static byte[] of(
            Purpose purpose, byte[] serviceId32, PublicKey tlsKey, PublicKey wrappingKey, byte[] freshness) {
        if (serviceId32.length != SERVICE_ID_BYTES) {
            throw new IllegalArgumentException("a service id has 32 bytes, not " + serviceId32.length);
        }
        return Sha512.hash(
                purpose.label.getBytes(US_ASCII),
                serviceId32,
                P256.encode(tlsKey),
                P256.encode(wrappingKey),
                freshness);
    }
}
