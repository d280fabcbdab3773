package coco.attestation.intel;

import coco.attestation.intel.CertificatePath.Broken;
import coco.attestation.intel.CertificatePath.Missing;
import coco.attestation.intel.CertificatePath.OtherRoot;
import coco.attestation.intel.CertificatePath.Whole;
import coco.crypto.P256;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks from certificates up to a root. Intel's hierarchy has two steps at most, all keys are on P-256, and no
 * certificate has a critical extension but two; so everything a general validator would have to understand is refused
 * instead (RFC 5280, section 6.1: names, signatures, basic constraints, path length, key usage). Periods and revocation
 * are judged apart, because they have reasons of their own. May be used from any thread.
 */
final class PathBuilder {
    /** Key usage and basic constraints. */
    private static final Set<String> CRITICAL_EXTENSIONS = Set.of("2.5.29.15", "2.5.29.19");

    private static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";

    private final X509Certificate root;
    private final Links links = new Links();

    PathBuilder(X509Certificate root) {
        this.root = root;
    }

    X509Certificate root() {
        return root;
    }

    /**
     * Walks upwards.
     *
     * @param candidates where issuers are looked for, besides the root; of several, one valid now is preferred
     */
    CertificatePath build(X509Certificate leaf, List<X509Certificate> candidates, Instant now) {
        String fault = fault(leaf);
        if (fault == null && (leaf.getBasicConstraints() >= 0 || !maySignData(leaf))) {
            fault = "an end entity that is an authority, or may not sign";
        }
        List<X509Certificate> path = new ArrayList<>(List.of(leaf));
        while (fault == null && path.size() <= CertificateBundle.CERTIFICATES_MAX) {
            X509Certificate current = path.getLast();
            if (isSelfIssued(current)) {
                return top(path);
            }
            List<X509Certificate> named = candidates.stream()
                    .filter(c -> c.getSubjectX500Principal().equals(current.getIssuerX500Principal()))
                    .sorted(Comparator.comparing((X509Certificate c) -> !CertificatePath.isValidAt(c, now)))
                    .toList();
            X509Certificate issuer = issuer(current, named);
            if (issuer == null) {
                return withoutIssuer(current, named);
            }
            fault = issuer.getBasicConstraints() < path.size() - 1
                    ? "a path longer than its issuer allows"
                    : fault(issuer);
            path.add(issuer);
        }
        return new Broken(fault == null ? "more than " + path.size() + " certificates" : fault, "Intel's profile");
    }

    private CertificatePath top(List<X509Certificate> path) {
        X509Certificate top = path.getLast();
        if (!links.issuedBy(top, top)) {
            return new Broken("a root that did not sign itself", "a root");
        }
        return top.getPublicKey().equals(root.getPublicKey()) ? new Whole(List.copyOf(path)) : new OtherRoot(top);
    }

    private @Nullable X509Certificate issuer(X509Certificate certificate, List<X509Certificate> named) {
        for (X509Certificate candidate : named) {
            if (links.issuedBy(certificate, candidate)) {
                return candidate;
            }
        }
        return links.issuedBy(certificate, root) ? root : null;
    }

    private CertificatePath withoutIssuer(X509Certificate certificate, List<X509Certificate> named) {
        String name = certificate.getIssuerX500Principal().getName();
        boolean known = !named.isEmpty() || certificate.getIssuerX500Principal().equals(root.getSubjectX500Principal());
        return known ? new Broken("not signed by " + name, "a signature by that key") : new Missing(name);
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    private static boolean maySignData(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return usage == null || usage[0];
    }

    private static @Nullable String fault(X509Certificate certificate) {
        Set<String> critical = certificate.getCriticalExtensionOIDs();
        if (critical != null && !CRITICAL_EXTENSIONS.containsAll(critical)) {
            return "a critical extension that is not understood";
        }
        if (!P256.isP256(certificate.getPublicKey())
                || !certificate.getSigAlgOID().equals(ECDSA_SHA256)) {
            return "a key or a signature that is not of P-256 with SHA-256";
        }
        return null;
    }
}
