package coco.attestation.snp;

import coco.attestation.CheckList;
import coco.attestation.Verdict.Check;
import coco.attestation.snp.SnpReport.SigningKey;
import coco.crypto.Certificates;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The chain from a key that signs reports to AMD's root: key (VCEK or VLEK), intermediate (ASK or ASVK), root (ARK).
 *
 * @param links from the key upwards; shorter than three where a link is missing
 */
record AmdChain(List<X509Certificate> links) {
    private static final int LINKS = 3;
    private static final String PROVIDER_INTERMEDIATE = "CN=SEV-VLEK-";

    /** RFC 5280, section 4.2.1.3: bit 6 of the key usage. */
    private static final int CRL_SIGN = 6;

    /** Follows signatures upwards, through the maker's own certificates first. */
    static AmdChain build(X509Certificate key, AmdKeys maker, Collection<X509Certificate> others) {
        List<X509Certificate> links = new ArrayList<>(List.of(key));
        while (links.size() < LINKS) {
            X509Certificate last = links.getLast();
            X509Certificate issuer = Stream.of(
                            maker.intermediates(), maker.roots().values(), others)
                    .flatMap(Collection::stream)
                    .filter(candidate -> Certificates.issuedBy(last, candidate))
                    .findFirst()
                    .orElse(null);
            if (issuer == null) {
                break;
            }
            links.add(issuer);
        }
        return new AmdChain(List.copyOf(links));
    }

    private static String subject(X509Certificate certificate) {
        return commonName(certificate.getSubjectX500Principal().getName());
    }

    private static String commonName(String distinguishedName) {
        for (String part : distinguishedName.split(",", -1)) {
            if (part.startsWith("CN=")) {
                return part.substring("CN=".length());
            }
        }
        return distinguishedName;
    }

    /** Checks that the chain is whole, ends in a root of the maker, and is valid and not revoked now. */
    void check(CheckList checks, SigningKey kind, AmdKeys maker, Collection<X509CRL> crls, Instant now) {
        X509Certificate last = links.getLast();
        if (links.size() < LINKS) {
            checks.fail(
                    Check.CERTIFICATE_CHAIN,
                    "no certificate at hand signed " + subject(last),
                    "a signature by " + commonName(last.getIssuerX500Principal().getName()));
            checks.skip(Check.ROOT, "the chain ends at " + subject(last));
        } else {
            boolean ofProvider =
                    links.get(1).getSubjectX500Principal().getName().contains(PROVIDER_INTERMEDIATE);
            checks.require(
                    Check.CERTIFICATE_CHAIN,
                    ofProvider == (kind == SigningKey.VLEK),
                    kind + " signed by " + subject(links.get(1)) + ", signed by " + subject(last),
                    kind == SigningKey.VLEK ? "VLEK, SEV-VLEK, ARK" : "VCEK, SEV, ARK");
            boolean known = maker.roots().containsValue(last);
            checks.require(
                    Check.ROOT,
                    known,
                    subject(last) + (known ? "" : " with another key"),
                    "AMD's ARK-Milan, ARK-Genoa or ARK-Turin");
        }
        links.forEach(link -> checkPeriod(checks, link, now));
        checkRevocation(checks, crls, now);
    }

    private static void checkPeriod(CheckList checks, X509Certificate link, Instant now) {
        Instant from = link.getNotBefore().toInstant();
        Instant to = link.getNotAfter().toInstant();
        checks.require(
                Check.VALIDITY_PERIOD,
                !now.isBefore(from) && !now.isAfter(to),
                subject(link) + " at " + now,
                from + " to " + to);
    }

    /**
     * A key that a signed list names is refused, however old the list. That a list does not name one counts only while
     * the list is valid.
     */
    private void checkRevocation(CheckList checks, Collection<X509CRL> crls, Instant now) {
        boolean current = false;
        String expired = null;
        for (int i = 0; i < links.size() - 1; i++) {
            X509Certificate issuer = links.get(i + 1);
            for (X509CRL crl : crls) {
                if (!crl.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
                    continue;
                }
                if (!isSigned(crl, issuer)) {
                    checks.fail(
                            Check.REVOCATION,
                            "a list of revoked certificates with another signature",
                            "a signature by " + subject(issuer));
                    return;
                }
                X509Certificate revoked = revoked(crl);
                if (revoked != null) {
                    checks.fail(Check.REVOCATION, subject(revoked) + " is revoked", "not on the list");
                    return;
                }
                if (isCurrent(crl, now)) {
                    current = true;
                } else {
                    expired = "a list of revoked certificates that is valid now; the one at hand: "
                            + crl.getThisUpdate().toInstant() + " to " + words(crl.getNextUpdate());
                }
            }
        }
        conclude(checks, current, expired);
    }

    /** AMD's servers are often out of reach of a guest; without any list the verdict says so and stands. */
    private static void conclude(CheckList checks, boolean current, @Nullable String expired) {
        if (current) {
            checks.require(Check.REVOCATION, true, "on no list of revoked certificates", "not on the list");
        } else if (expired == null) {
            checks.skip(Check.REVOCATION, "AMD's list of revoked certificates");
        } else {
            checks.lack(Check.REVOCATION, expired);
        }
    }

    private @Nullable X509Certificate revoked(X509CRL crl) {
        return links.stream()
                .filter(link -> link.getIssuerX500Principal().equals(crl.getIssuerX500Principal()))
                .filter(crl::isRevoked)
                .findFirst()
                .orElse(null);
    }

    private static boolean isCurrent(X509CRL crl, Instant now) {
        Date next = crl.getNextUpdate();
        return !now.isBefore(crl.getThisUpdate().toInstant()) && next != null && !now.isAfter(next.toInstant());
    }

    private static String words(@Nullable Date date) {
        return date == null ? "an unknown time" : date.toInstant().toString();
    }

    private static boolean isSigned(X509CRL crl, X509Certificate issuer) {
        boolean[] usage = issuer.getKeyUsage();
        if (usage != null && !usage[CRL_SIGN]) {
            return false;
        }
        try {
            crl.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException _) {
            return false;
        }
    }
}
