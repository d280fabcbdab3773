package coco.attestation.intel;

import coco.attestation.CheckList;
import coco.attestation.Verdict.Check;
import coco.crypto.CryptoException;
import coco.crypto.DerReader;
import java.math.BigInteger;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether the certificates of a path are revoked, by the lists of their issuers (RFC 5280, section 6.3, with complete
 * lists by the issuer itself alone). Each list and each certificate is judged once.
 */
final class RevocationJudgement {
    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    private static final String CRL_NUMBER = "2.5.29.20";
    // RFC 5280, section 4.2.1.3: bit 6 of the key usage.
    private static final int CRL_SIGN = 6;
    private static final int CONTEXT_0 = 0x80;
    private static final String LISTS = "https://api.trustedservices.intel.com/sgx/certification/v4/pckcrl?ca=";
    private static final String ROOT_LIST = "https://certificates.trustedservices.intel.com/IntelSGXRootCA.der";

    private final CheckList checks;
    private final IntelCollateral collateral;
    private final Instant now;
    private final Map<String, String> details;
    private final Set<X509Certificate> judged = new HashSet<>();
    private final Set<X509CRL> judgedLists = new HashSet<>();
    private final Set<X509Certificate> withoutList = new HashSet<>();

    RevocationJudgement(CheckList checks, IntelCollateral collateral, Instant now, Map<String, String> details) {
        this.checks = checks;
        this.collateral = collateral;
        this.now = now;
        this.details = details;
    }

    /** Judges all certificates of the path but the root, whose own list says nothing of it. */
    void judge(CertificatePath.Whole path) {
        List<X509Certificate> below =
                path.certificates().subList(0, path.certificates().size() - 1);
        for (X509Certificate certificate : below) {
            if (judged.add(certificate)) {
                judge(certificate, path.issuerOf(certificate));
            }
        }
    }

    private void judge(X509Certificate certificate, X509Certificate issuer) {
        X509CRL list = listOf(issuer);
        if (list == null) {
            return;
        }
        Date thisUpdate = list.getThisUpdate();
        Date nextUpdate = list.getNextUpdate();
        if (judgedLists.add(list)) {
            boolean holds =
                    nextUpdate != null && !now.isBefore(thisUpdate.toInstant()) && !now.isAfter(nextUpdate.toInstant());
            checks.require(
                    Check.VALIDITY_PERIOD,
                    holds,
                    "revocations by " + CertificatePath.shortName(issuer) + " at " + now,
                    thisUpdate.toInstant() + " to " + (nextUpdate == null ? "" : nextUpdate.toInstant()));
            details.put(
                    isRoot(issuer) ? "root_ca_crl_number" : "pck_crl_number",
                    number(list).toString());
        }
        boolean revoked = list.getRevokedCertificate(certificate.getSerialNumber()) != null;
        checks.require(
                Check.REVOCATION,
                !revoked,
                (revoked ? "revoked: " : "not revoked: ") + CertificatePath.shortName(certificate),
                "a certificate that is not on the list of its issuer");
    }

    /** Of the lists that name this issuer, the newest it signed that holds now, or else the newest. */
    private @Nullable X509CRL listOf(X509Certificate issuer) {
        List<X509CRL> named = new ArrayList<>();
        for (X509CRL list : collateral.crls()) {
            if (list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal()) && isOfKey(list, issuer)) {
                named.add(list);
            }
        }
        boolean[] usage = issuer.getKeyUsage();
        boolean maySignLists = usage == null || usage[CRL_SIGN];
        List<X509CRL> signed = named.stream()
                .filter(_ -> maySignLists)
                .filter(list -> !list.hasUnsupportedCriticalExtension())
                .filter(list -> collateral.isSignedBy(list, issuer.getPublicKey()))
                .sorted(Comparator.comparing(this::isOver)
                        .thenComparing(list -> list.getThisUpdate().toInstant(), Comparator.reverseOrder()))
                .toList();
        if (!signed.isEmpty()) {
            return signed.getFirst();
        }
        if (withoutList.add(issuer)) {
            if (named.isEmpty()) {
                checks.lack(
                        Check.REVOCATION,
                        "revocations by " + CertificatePath.shortName(issuer) + ": " + address(issuer));
            } else {
                checks.fail(
                        Check.REVOCATION,
                        "a list that " + CertificatePath.shortName(issuer) + " did not sign",
                        "its own list");
            }
        }
        return null;
    }

    private boolean isOver(X509CRL list) {
        Date nextUpdate = list.getNextUpdate();
        return nextUpdate == null
                || now.isAfter(nextUpdate.toInstant())
                || now.isBefore(list.getThisUpdate().toInstant());
    }

    /** Another maker's authority may have the same name, as those of Intel's samples do: then its key differs. */
    private static boolean isOfKey(X509CRL list, X509Certificate issuer) {
        byte[] authority = list.getExtensionValue(AUTHORITY_KEY_IDENTIFIER);
        byte[] subject = issuer.getExtensionValue(SUBJECT_KEY_IDENTIFIER);
        if (authority == null || subject == null) {
            return true;
        }
        try {
            DerReader identifier = new DerReader(new DerReader(authority).content(DerReader.OCTET_STRING));
            byte[] listed = identifier.enter(DerReader.SEQUENCE).content(CONTEXT_0);
            byte[] own = new DerReader(new DerReader(subject).content(DerReader.OCTET_STRING))
                    .content(DerReader.OCTET_STRING);
            return Arrays.equals(listed, own);
        } catch (CryptoException _) {
            return true;
        }
    }

    private static BigInteger number(X509CRL list) {
        byte[] value = list.getExtensionValue(CRL_NUMBER);
        try {
            return value == null
                    ? BigInteger.ZERO
                    : new DerReader(new DerReader(value).content(DerReader.OCTET_STRING)).unsigned();
        } catch (CryptoException _) {
            return BigInteger.ZERO;
        }
    }

    private static boolean isRoot(X509Certificate issuer) {
        return issuer.getSubjectX500Principal().equals(issuer.getIssuerX500Principal());
    }

    private static String address(X509Certificate issuer) {
        if (isRoot(issuer)) {
            return ROOT_LIST;
        }
        return LISTS + (CertificatePath.shortName(issuer).contains("Platform") ? "platform" : "processor");
    }
}
