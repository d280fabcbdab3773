package coco.attestation.platforms;

import coco.attestation.CollateralSource;
import coco.attestation.Evidence;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Verdict;
import coco.attestation.azure.AzureVerifier;
import coco.attestation.sgx.SgxVerifier;
import coco.attestation.simulated.SimulatedPlatform;
import coco.attestation.snp.SnpVerifier;
import coco.attestation.tdx.TdxVerifier;
import java.time.InstantSource;

/** The verifiers of all platforms: picks one by what the evidence claims to come from. */
public final class EvidenceVerifiers implements EvidenceVerifier {
    private final EvidenceVerifier simulated;
    private final EvidenceVerifier snp;
    private final EvidenceVerifier tdx;
    private final EvidenceVerifier sgx;
    private final EvidenceVerifier azure;

    /**
     * Makes the verifiers, with the makers' own roots.
     *
     * @param clock decides whether certificates and statements are valid
     * @param collateral asked once for each piece of evidence
     */
    public EvidenceVerifiers(InstantSource clock, CollateralSource collateral) {
        simulated = SimulatedPlatform.verifier();
        snp = new SnpVerifier(clock, collateral);
        tdx = new TdxVerifier(clock, collateral);
        sgx = new SgxVerifier(clock, collateral);
        azure = new AzureVerifier(snp, tdx);
    }

    @Override
    public Verdict verify(Evidence evidence) {
        EvidenceVerifier verifier = switch (evidence.platform()) {
            case SIMULATED -> simulated;
            case SEV_SNP -> snp;
            case TDX -> tdx;
            case SGX -> sgx;
            case AZURE_CVM -> azure;
        };
        return verifier.verify(evidence);
    }
}
