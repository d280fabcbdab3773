package coco.attestation.intel;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** The way from a certificate to Intel's root, or why there is none; made by {@link PathBuilder}. */
sealed interface CertificatePath {
    /** Every signature and name holds. The first certificate is the leaf, the last the root. */
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

    /** Returns whether the certificate's period includes that time. */
    static boolean isValidAt(X509Certificate certificate, Instant now) {
        return !now.isBefore(certificate.getNotBefore().toInstant())
                && !now.isAfter(certificate.getNotAfter().toInstant());
    }

    /** Returns the common name, which RFC 2253 writes last in Intel's names, or else the whole name. */
    static String shortName(X509Certificate certificate) {
        String name = certificate.getSubjectX500Principal().getName();
        int start = name.indexOf("CN=");
        int end = start < 0 ? -1 : name.indexOf(',', start);
        return start < 0 ? name : name.substring(start + 3, end < 0 ? name.length() : end);
    }
}
