package coco.governance.cose;

import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/** What an entry has to fulfil. */
final class SignerEntries {
    private SignerEntries() {}

    static @Nullable String problem(X509Certificate certificate, @Nullable String governanceUsage) {
        throw new UnsupportedOperationException();
    }
}
