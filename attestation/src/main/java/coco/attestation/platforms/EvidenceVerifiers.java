package coco.attestation.platforms;

import coco.attestation.CollateralSource;
import coco.attestation.Evidence;
import coco.attestation.EvidenceVerifier;
import coco.attestation.Platform;
import coco.attestation.Verdict;
import coco.attestation.azure.AzureVerifier;
import coco.attestation.sgx.SgxVerifier;
import coco.attestation.simulated.SimulatedPlatform;
import coco.attestation.snp.SnpVerifier;
import coco.attestation.tdx.TdxVerifier;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;

/** The verifiers of all platforms: picks one by what the evidence claims to come from. */
public final class EvidenceVerifiers implements EvidenceVerifier {
    private final Map<Platform, EvidenceVerifier> verifiers = new EnumMap<>(Platform.class);

    /**
     * Makes the verifiers, with the makers' own roots.
     *
     * @param clock decides whether certificates and statements are valid
     * @param collateral asked once for each piece of evidence
     */
    public EvidenceVerifiers(InstantSource clock, CollateralSource collateral) {
        EvidenceVerifier snp = new SnpVerifier(clock, collateral);
        EvidenceVerifier tdx = new TdxVerifier(clock, collateral);
        verifiers.put(Platform.SIMULATED, SimulatedPlatform.verifier());
        verifiers.put(Platform.SEV_SNP, snp);
        verifiers.put(Platform.TDX, tdx);
        verifiers.put(Platform.SGX, new SgxVerifier(clock, collateral));
        verifiers.put(Platform.AZURE_CVM, new AzureVerifier(snp, tdx));
    }

    @Override
    public Verdict verify(Evidence evidence) {
        EvidenceVerifier verifier = verifiers.get(evidence.platform());
        return verifier == null
                ? new Verdict.Refused(
                        Verdict.Check.PLATFORM,
                        evidence.platform().label(),
                        verifiers.keySet().toString())
                : verifier.verify(evidence);
    }
}
