package coco.node.admission;

import coco.attestation.Attester;
import coco.attestation.CertificateEvidence;
import coco.attestation.ReportData;
import coco.crypto.Certificates;
import coco.crypto.Sha256;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Issues this node's TLS certificates, each with fresh evidence and no longer than the lease: for its own identity key,
 * by the service's key where the node holds it, so that clients can verify it, else by itself. Any thread.
 */
public final class NodeCertificates {
    private final Identity identity;
    private final Attester attester;
    private final Supplier<Head> head;
    private final Supplier<Optional<Issuer>> issuer;
    private final InstantSource clock;
    private final Duration lease;
    private final SecureRandom random;
    private @Nullable Instant issuedAt;

    /**
     * What stays the same.
     *
     * @param certificate of the identity key, from the constitution: gives name, names and public key
     * @param key its private key
     * @param wrappingKey to which secrets are encrypted for this node
     * @param incarnation of this process, 16 bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Identity(
            byte[] serviceId, X509Certificate certificate, PrivateKey key, PublicKey wrappingKey, byte[] incarnation) {
        /** What a process draws at its start, and keeps. */
        public static byte[] drawIncarnation(SecureRandom random) {
            byte[] incarnation = new byte[CertificateEvidence.INCARNATION_BYTES];
            random.nextBytes(incarnation);
            return incarnation;
        }
    }

    /**
     * The newest block.
     *
     * @param height {@link CertificateEvidence#FOUNDING} where there is none
     * @param hash of its header, or the digest of the genesis document
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Head(long height, byte[] hash) {}

    /** The service's identity, where this node holds it. */
    public record Issuer(X509Certificate certificate, PrivateKey key) {}

    /** @param random draws serial numbers */
    public NodeCertificates(
            Identity identity,
            Attester attester,
            Supplier<Head> head,
            Supplier<Optional<Issuer>> issuer,
            InstantSource clock,
            Duration lease,
            SecureRandom random) {
        this.identity = identity;
        this.attester = attester;
        this.head = head;
        this.issuer = issuer;
        this.clock = clock;
        this.lease = lease;
        this.random = random;
    }

    /**
     * What evidence over a challenge is fresh by: the nonce, and SHA-256 of the public key (SubjectPublicKeyInfo) of
     * the node that drew it. In place of a TLS exporter, which neither the JDK's HTTP client nor the listener gives
     * out: TLS has proven both keys, evidence binds the newcomer's, and the answer is encrypted to it, so that whoever
     * relays a challenge gains nothing.
     */
    public static byte[] challengeFreshness(byte[] nonce, PublicKey verifier) {
        byte[] digest = Sha256.hash(verifier.getEncoded());
        byte[] both = Arrays.copyOf(nonce, nonce.length + digest.length);
        System.arraycopy(digest, 0, both, nonce.length, digest.length);
        return both;
    }

    /** A new certificate, of this moment. */
    public synchronized X509Certificate issue() {
        Instant now = clock.instant();
        Head newest = head.get();
        PublicKey key = identity.certificate().getPublicKey();
        byte[] reportData = ReportData.of(
                ReportData.Purpose.CERTIFICATE,
                identity.serviceId(),
                key,
                identity.wrappingKey(),
                CertificateEvidence.freshness(newest.height(), newest.hash(), identity.incarnation()));
        CertificateEvidence carried = new CertificateEvidence(
                identity.serviceId(),
                newest.height(),
                newest.hash(),
                identity.incarnation(),
                identity.wrappingKey(),
                attester.attest(reportData));
        List<String> names = Certificates.names(identity.certificate());
        Certificates.EndEntity subject = new Certificates.EndEntity(
                Certificates.commonName(identity.certificate()),
                key,
                names,
                now.minus(CertificateJudge.CLOCK_TOLERANCE),
                now.plus(lease),
                Map.of(CertificateEvidence.OID, carried.encode()));
        issuedAt = now;
        Optional<Issuer> service = issuer.get();
        return service.isPresent()
                ? Certificates.issue(service.get().certificate(), service.get().key(), subject, random)
                : Certificates.selfIssued(identity.key(), subject, random);
    }

    /** A new certificate if the last one has lived for half of its lease, or the clock went back behind it. */
    public synchronized Optional<X509Certificate> renewal() {
        Instant now = clock.instant();
        Instant last = issuedAt;
        boolean due = last == null || now.isBefore(last) || !now.isBefore(last.plus(lease.dividedBy(2)));
        return due ? Optional.of(issue()) : Optional.empty();
    }
}
