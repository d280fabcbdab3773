package coco.attestation;

import coco.crypto.Certificates;
import coco.crypto.CryptoException;
import coco.crypto.P256;
import coco.crypto.Sha256;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What a node's TLS certificate says beside a name and a key: the extension {@value #OID}, whose form stands in {@code
 * docs/specs/node-certificate.md}. The evidence's report data binds service, TLS key, wrapping key, the header with its
 * height, and the incarnation, so that whoever has the certificate can check where TLS ends, and nobody can show old
 * evidence beside another height or as another process.
 *
 * @param serviceId of the network, 32 bytes
 * @param height of the block whose header hash is {@code freshness}; {@link #FOUNDING} if there is none yet
 * @param freshness a recent header hash, or the digest of the genesis document; 32 bytes
 * @param incarnation drawn at each start of the process, 16 bytes: tells a clone from the node
 * @param wrappingKey to which secrets are encrypted for this node; P-256
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record CertificateEvidence(
        byte[] serviceId, long height, byte[] freshness, byte[] incarnation, PublicKey wrappingKey, Evidence evidence) {
    /** An arc below 2.25 that belongs to the UUID 22288a8f-8611-4a42-9120-e294e6084fca (ITU-T X.667). */
    public static final String OID = "2.25.45404254074672969992245577087726407626";

    /** The height of a node that has no block yet: freshness is the digest of the genesis document. */
    public static final long FOUNDING = -1;

    /** Bytes of {@link #incarnation}. */
    public static final int INCARNATION_BYTES = 16;

    private static final byte FORMAT = 2;
    private static final int FIXED_BYTES =
            1 + Sha256.DIGEST_BYTES + Long.BYTES + Sha256.DIGEST_BYTES + INCARNATION_BYTES + P256.PUBLIC_KEY_BYTES;
    private static final int BYTES_MAX = FIXED_BYTES + AttestationLimits.DEFAULT.evidenceBytesMax();

    /** The content of the extension. */
    public byte[] encode() {
        byte[] inner = evidence.encode();
        return ByteBuffer.allocate(FIXED_BYTES + inner.length)
                .put(FORMAT)
                .put(serviceId)
                .putLong(height)
                .put(freshness)
                .put(incarnation)
                .put(P256.encode(wrappingKey))
                .put(inner)
                .array();
    }

    /** Reads what {@link #encode} wrote; null for anything else. */
    public static @Nullable CertificateEvidence decode(byte[] content) {
        if (content.length <= FIXED_BYTES || content.length > BYTES_MAX) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(content);
        try {
            if (in.get() != FORMAT) {
                return null;
            }
            byte[] serviceId = take(in, Sha256.DIGEST_BYTES);
            long height = in.getLong();
            byte[] freshness = take(in, Sha256.DIGEST_BYTES);
            byte[] incarnation = take(in, INCARNATION_BYTES);
            PublicKey wrapping = P256.decode(take(in, P256.PUBLIC_KEY_BYTES));
            Evidence evidence = Evidence.decode(take(in, in.remaining()));
            return height < FOUNDING || evidence == null
                    ? null
                    : new CertificateEvidence(serviceId, height, freshness, incarnation, wrapping, evidence);
        } catch (BufferUnderflowException | CryptoException malformed) {
            return null;
        }
    }

    /** What a certificate carries; null if it carries nothing of this form. */
    public static @Nullable CertificateEvidence of(X509Certificate certificate) {
        byte[] content = Certificates.extension(certificate, OID);
        return content == null ? null : decode(content);
    }

    /**
     * What report data hashes last: height (8 bytes, big-endian) ‖ header hash ‖ incarnation. A hash alone would let
     * old evidence pass beside a height that nobody has yet.
     */
    public static byte[] freshness(long height, byte[] hash, byte[] incarnation) {
        return ByteBuffer.allocate(Long.BYTES + hash.length + incarnation.length)
                .putLong(height)
                .put(hash)
                .put(incarnation)
                .array();
    }

    /** The report data that the evidence must hold if it was made for this certificate's key. */
    public byte[] expectedReportData(PublicKey tlsKey) {
        return ReportData.of(
                ReportData.Purpose.CERTIFICATE,
                serviceId,
                tlsKey,
                wrappingKey,
                freshness(height, freshness, incarnation));
    }

    private static byte[] take(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
