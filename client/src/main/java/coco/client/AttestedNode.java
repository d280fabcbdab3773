package coco.client;

import coco.attestation.CertificateEvidence;
import coco.attestation.CheckResult;
import coco.attestation.Claims;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Verdict;
import coco.crypto.Hex;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Set;

/** What a client makes of the evidence in a node's certificate, before it sends anything. */
public sealed interface AttestedNode {
    /** TLS ends in an environment whose evidence holds, running code that the client allows. */
    record Proven(Claims claims) implements AttestedNode {}

    /**
     * It does not, or cannot be told.
     *
     * @param check which check failed, one word
     * @param words what was seen
     */
    record Refused(String check, String words) implements AttestedNode {}

    /**
     * Judges a node's certificate. Who issued it is looked at by TLS, not here.
     *
     * @param serviceId of the network that has to be there, 32 bytes
     * @param verifier of the platforms that the client trusts
     * @param measurements code that may run there, lower-case hexadecimal; empty for any
     */
    static AttestedNode judge(
            X509Certificate certificate, byte[] serviceId, EvidenceVerifier verifier, Set<String> measurements) {
        CertificateEvidence carried = CertificateEvidence.of(certificate);
        if (carried == null) {
            return new Refused("evidence", "the node's certificate carries none");
        }
        if (!MessageDigest.isEqual(carried.serviceId(), serviceId)) {
            return new Refused("service", "evidence made for the service " + Hex.encode(carried.serviceId()));
        }
        Verdict verdict = verifier.verify(carried.evidence())
                .expectingReportData(carried.expectedReportData(certificate.getPublicKey()));
        if (!(verdict instanceof Verdict.Verified verified)) {
            String words = verdict.checks().stream()
                    .filter(check -> check.outcome() != CheckResult.Outcome.PASSED)
                    .map(check -> check.check().label() + " " + check.seen())
                    .findFirst()
                    .orElse("incomplete");
            return new Refused("evidence", words);
        }
        String measurement = Hex.encode(verified.claims().measurement());
        return measurements.isEmpty() || measurements.contains(measurement)
                ? new Proven(verified.claims())
                : new Refused("measurement", measurement + " runs there, which is none of those expected");
    }
}
