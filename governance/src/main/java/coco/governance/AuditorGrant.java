package coco.governance;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Leave to read what is confidential, for a while.
 *
 * @param id short name, unique among grants
 * @param certificate by which the auditor is known
 * @param contracts what may be read: {@code ledger:contract}, or {@code *} for everything
 * @param expiresAtHeight first height at which it is over
 */
public record AuditorGrant(String id, X509Certificate certificate, List<String> contracts, long expiresAtHeight) {
    public AuditorGrant {
        contracts = List.copyOf(contracts);
    }
}
