package coco.crypto;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Certification paths below a trusted certificate (RFC 5280, section 6). Revocation is not looked at. */
public final class CertificateChains {
    private CertificateChains() {}

    /**
     * Says why a chain does not lead from an end entity to an anchor.
     *
     * @param chain leaf first, each issued by the next, the last by the anchor, which is not part of it
     * @param anchor trusted as it stands: its own period is not looked at
     * @param at when all certificates of the chain have to be valid
     * @return null if it does
     */
    public static @Nullable String objection(List<X509Certificate> chain, X509Certificate anchor, Instant at) {
        if (chain.isEmpty() || chain.getFirst().getBasicConstraints() >= 0) {
            return "the first certificate is no end entity's";
        }
        boolean[] usage = anchor.getKeyUsage();
        if (anchor.getBasicConstraints() < chain.size() - 1 || (usage != null && !usage[5])) {
            return "the issuer may not issue a chain of " + chain.size();
        }
        try {
            CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(chain);
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return null;
        } catch (CertPathValidatorException e) {
            return "certificate " + (e.getIndex() + 1) + " of the chain: " + e.getReason();
        } catch (GeneralSecurityException _) {
            return "a certificate of the chain cannot be judged";
        }
    }
}
