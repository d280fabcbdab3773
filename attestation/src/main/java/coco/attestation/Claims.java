package coco.attestation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * @param advisories the maker's names of known weaknesses at this patch level, such as INTEL-SA-00837
 * @param details what else the platform says, by the maker's names in snake case and in order: numbers in decimal,
 *     anything else in hexadecimal. Each platform's package essay lists its names; a manifest may ask for any of them
 */
public record Claims(
        Platform platform,
        byte[] measurement,
        byte[] reportData,
        TcbStatus tcbStatus,
        boolean debug,
        byte @Nullable [] signer,
        int securityVersion,
        List<String> advisories,
        Map<String, String> details) {
    /** Copies the collections. */
    public Claims {
        advisories = List.copyOf(advisories);
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }
}
