package coco.client;

import coco.governance.cose.Signer;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS that accepts the nodes of one service and nobody else. */
public final class ServiceTrust {
    private ServiceTrust() {}

    /**
     * A TLS context whose only authority is the given certificate.
     *
     * @param service the service's certificate, the {@code service.pem} of a network
     * @throws ClientException the certificate cannot be used as an authority
     */
    public static SSLContext contextFor(X509Certificate service) {
        return context(service, null);
    }

    /**
     * The same, and the client shows the signer's certificate, whose key it proves to hold by having the signer sign.
     *
     * @throws ClientException the certificate cannot be used as an authority
     */
    public static SSLContext contextFor(X509Certificate service, Signer signer) {
        return context(service, new KeyManager[] {new SignerTls(signer)});
    }

    private static SSLContext context(X509Certificate service, KeyManager @Nullable [] keys) {
        try {
            KeyStore authorities = KeyStore.getInstance("PKCS12");
            authorities.load(null, null);
            authorities.setCertificateEntry("service", service);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new ClientException("the service certificate cannot be used to verify nodes: " + e.getMessage(), e);
        }
    }
}
