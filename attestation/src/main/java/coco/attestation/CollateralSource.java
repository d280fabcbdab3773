package coco.attestation;

/**
 * Where verifiers find collateral: certificates, lists of revoked ones and the makers' statements. May be called from
 * any thread, answers from memory; fetching is done elsewhere, so that no evidence makes a verifier wait.
 */
@FunctionalInterface
public interface CollateralSource {
    /** Returns what is at hand now. */
    Collateral collateral();
}
