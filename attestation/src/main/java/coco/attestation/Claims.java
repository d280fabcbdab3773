package coco.attestation;

import org.jspecify.annotations.Nullable;

/**
 * What verified evidence says. The arrays belong to the receiver.
 *
 * @param platform which platform's verifier accepted it
 * @param measurement digest of the code; 32 bytes (SGX, simulated) or 48 (SEV-SNP, TDX)
 * @param reportData the 64 bytes the attester was given
 * @param tcbStatus how well patched the platform is
 * @param debug whether the host may look inside, in which case the evidence proves nothing
 * @param signer digest of the key that signed the code, or, on the simulated platform, of the key that signed the
 *     evidence; null where the platform has none
 * @param securityVersion the code's own security version, which only grows; 0 where the platform has none
 */
public record Claims(
        Platform platform,
        byte[] measurement,
        byte[] reportData,
        TcbStatus tcbStatus,
        boolean debug,
        byte @Nullable [] signer,
        int securityVersion) {}
