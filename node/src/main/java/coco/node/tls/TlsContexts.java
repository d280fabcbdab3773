package coco.node.tls;

import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** Makes TLS contexts out of this package's managers. */
public final class TlsContexts {
    /** The only protocol version spoken. */
    public static final String PROTOCOL = "TLSv1.3";

    private TlsContexts() {}

    /** A context with this identity and this trust. */
    public static SSLContext of(NodeIdentity identity, X509ExtendedTrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(new KeyManager[] {identity}, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("the JDK lacks " + PROTOCOL, missing);
        }
    }
}
