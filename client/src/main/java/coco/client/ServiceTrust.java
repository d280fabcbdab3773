package coco.client;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

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
        try {
            KeyStore authorities = KeyStore.getInstance("PKCS12");
            authorities.load(null, null);
            authorities.setCertificateEntry("service", service);
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(authorities);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new ClientException("the service certificate cannot be used to verify nodes: " + e.getMessage(), e);
        }
    }
}
