package coco.governance.cose;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What certificates have to fulfil: entries of the constitution, and those that sign. */
final class SignerEntries {
    /** Bits of the key usage (RFC 5280, section 4.2.1.3) by the position of their names. */
    private static final List<String> SIGNING_USAGES = List.of("digitalSignature", "contentCommitment");

    private static final int CERTIFICATE_SIGNING = 5;
    private static final Pattern OBJECT_IDENTIFIER = Pattern.compile("[0-2](\\.(0|[1-9][0-9]{0,9})){1,15}");

    private SignerEntries() {}

    static @Nullable String problem(X509Certificate certificate, @Nullable String governanceUsage) {
        if (governanceUsage == null) {
            return Algorithm.of(certificate.getPublicKey()) == null
                    ? "a key on P-256 or P-384, not of "
                            + certificate.getPublicKey().getAlgorithm()
                    : usageProblem(certificate, null);
        }
        if (!SIGNING_USAGES.contains(governanceUsage)
                && !OBJECT_IDENTIFIER.matcher(governanceUsage).matches()) {
            return "a usage is digitalSignature, contentCommitment or a dotted object identifier";
        }
        boolean[] usage = certificate.getKeyUsage();
        boolean authority = certificate.getBasicConstraints() >= 0 && (usage == null || usage[CERTIFICATE_SIGNING]);
        return authority ? null : "a certificate with a usage for those below it has to be an authority's";
    }

    /**
     * Why a certificate may not sign messages of governance; null if it may. Whatever key usage it names has to cover
     * signing; a usage that the entry asks for has to be there in so many words (no {@code anyExtendedKeyUsage}).
     */
    static @Nullable String usageProblem(X509Certificate signer, @Nullable String required) {
        boolean[] bits = signer.getKeyUsage();
        if (bits != null && !bits[0] && !bits[1]) {
            return "the certificate's key usage does not allow to sign";
        }
        if (required == null) {
            return null;
        }
        int bit = SIGNING_USAGES.indexOf(required);
        if (bit >= 0) {
            return bits != null && bits[bit] ? null : "the certificate's key usage lacks " + required;
        }
        try {
            List<String> extended = signer.getExtendedKeyUsage();
            boolean has = extended != null && extended.contains(required);
            return has ? null : "the certificate's extended key usage lacks " + required;
        } catch (CertificateParsingException _) {
            return "the certificate's extended key usage cannot be read";
        }
    }
}
