package coco.governance.cose;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * The entry of the constitution that a message is judged against.
 *
 * @param certificate the member's own certificate, or the intermediate that stands for its organisation
 * @param governanceUsage null: {@code certificate} signs itself. Else {@code certificate} is an intermediate, and the
 *     leaf below it has to carry this usage: {@code digitalSignature} or {@code contentCommitment} (RFC 5280, section
 *     4.2.1.3), or the dotted object identifier of an extended key usage (section 4.2.1.12)
 */
public record SignerEntry(
        X509Certificate certificate, @Nullable String governanceUsage) {
    /**
     * Checks the entry.
     *
     * @throws IllegalArgumentException naming what is wrong: an unknown usage, an intermediate that may not sign
     *     certificates, a signing key on neither P-256 nor P-384
     */
    public SignerEntry {
        String problem = SignerEntries.problem(certificate, governanceUsage);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** What keeps a certificate and a usage from being an entry, for whoever checks a document; null if nothing. */
    public static @Nullable String problem(X509Certificate certificate, @Nullable String governanceUsage) {
        return SignerEntries.problem(certificate, governanceUsage);
    }
}
