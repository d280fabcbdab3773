package coco.attestation;

/**
 * Judges evidence of one platform. May be called from any thread. An implementation gets its clock and its source of
 * collateral by its constructor and does no I/O otherwise.
 */
@FunctionalInterface
public interface EvidenceVerifier {
    /**
     * Returns the verdict; whatever the evidence contains, no exception. Evidence of another platform is {@link
     * Verdict.Refused}.
     */
    Verdict verify(Evidence evidence);
}
