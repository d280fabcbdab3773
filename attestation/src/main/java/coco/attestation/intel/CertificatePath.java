package coco.attestation.intel;

import coco.crypto.P256;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The way from a certificate to Intel's root, or why there is none. Intel's hierarchy has two steps at most, all keys
 * are on P-256, and no certificate has a critical extension but two; so a path is walked here, and everything a general
 * validator would have to understand is refused instead (RFC 5280, section 6.1: names, signatures, basic constraints,
 * path length, key usage). Periods and revocation are judged apart, because they have reasons of their own.
 */
sealed interface CertificatePath {
    /** Every signature and name holds. */
    record Whole(List<X509Certificate> certificates) implements CertificatePath {
        /** Returns who issued that certificate of this path, which is not its last. */
        X509Certificate issuerOf(X509Certificate certificate) {
            return certificates.get(certificates.indexOf(certificate) + 1);
        }
    }

    /** Every signature and name holds, but the top is not Intel's root. */
    record OtherRoot(X509Certificate top) implements CertificatePath {}

    /** A signature, a name or a rule does not hold. */
    record Broken(String seen, String allowed) implements CertificatePath {}

    /** An issuer is not at hand. */
    record Missing(String issuer) implements CertificatePath {}

    /**
     * Walks upwards.
     *
     * @param candidates where issuers are looked for, besides the root; of several, one valid at {@code now} is preferred
     * @param links remembers signatures
     */
    static CertificatePath build(
            X509Certificate leaf, List<X509Certificate> candidates, X509Certificate root, Instant now, Links links) {
        String fault = fault(leaf);
        if (fault == null && (leaf.getBasicConstraints() >= 0 || !maySignData(leaf))) {
            fault = "an end entity that is an authority, or may not sign";
        }
        List<X509Certificate> path = new ArrayList<>(List.of(leaf));
        while (fault == null && path.size() <= CertificateBundle.CERTIFICATES_MAX) {
            X509Certificate current = path.getLast();
            if (isSelfIssued(current)) {
                if (!links.issuedBy(current, current)) {
                    return new Broken("a root that did not sign itself", "a root");
                }
                return isRoot(current, root) ? new Whole(List.copyOf(path)) : new OtherRoot(current);
            }
            List<X509Certificate> named = candidates.stream()
                    .filter(c -> c.getSubjectX500Principal().equals(current.getIssuerX500Principal()))
                    .sorted(Comparator.comparing((X509Certificate c) -> !isValidAt(c, now)))
                    .toList();
            X509Certificate issuer = issuer(current, named, root, links);
            if (issuer == null) {
                String name = current.getIssuerX500Principal().getName();
                boolean known = !named.isEmpty() || current.getIssuerX500Principal().equals(root.getSubjectX500Principal());
                return known ? new Broken("not signed by " + name, "a signature by that key") : new Missing(name);
            }
            fault = issuer.getBasicConstraints() < path.size() - 1 ? "a path longer than its issuer allows" : fault(issuer);
            path.add(issuer);
        }
        return new Broken(fault == null ? "more than " + path.size() + " certificates" : fault, "Intel's profile");
    }

    private static @Nullable X509Certificate issuer(
            X509Certificate certificate, List<X509Certificate> named, X509Certificate root, Links links) {
        for (X509Certificate candidate : named) {
            if (links.issuedBy(certificate, candidate)) {
                return candidate;
            }
        }
        return links.issuedBy(certificate, root) ? root : null;
    }

    private static boolean isRoot(X509Certificate certificate, X509Certificate root) {
        return certificate.getPublicKey().equals(root.getPublicKey());
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    static boolean isValidAt(X509Certificate certificate, Instant now) {
        Date date = Date.from(now);
        return !date.before(certificate.getNotBefore()) && !date.after(certificate.getNotAfter());
    }

    /** Returns the common name, which RFC 2253 writes last in Intel's names, or else the whole name. */
    static String shortName(X509Certificate certificate) {
        String name = certificate.getSubjectX500Principal().getName();
        int start = name.indexOf("CN=");
        int end = start < 0 ? -1 : name.indexOf(',', start);
        return start < 0 ? name : name.substring(start + 3, end < 0 ? name.length() : end);
    }

    private static boolean maySignData(X509Certificate certificate) {
        boolean[] usage = certificate.getKeyUsage();
        return usage == null || usage[0];
    }

    private static @Nullable String fault(X509Certificate certificate) {
        Set<String> critical = certificate.getCriticalExtensionOIDs();
        if (critical != null && !Profile.CRITICAL_EXTENSIONS.containsAll(critical)) {
            return "a critical extension that is not understood";
        }
        if (!P256.isP256(certificate.getPublicKey()) || !certificate.getSigAlgOID().equals(Profile.ECDSA_SHA256)) {
            return "a key or a signature that is not of P-256 with SHA-256";
        }
        return null;
    }

    /** What Intel's certificates may hold. */
    final class Profile {
        /** Key usage and basic constraints. */
        private static final Set<String> CRITICAL_EXTENSIONS = Set.of("2.5.29.15", "2.5.29.19");

        private static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";

        private Profile() {}
    }
}
