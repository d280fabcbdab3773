package coco.client;

import coco.crypto.Certificates;
import coco.governance.cose.Signer;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
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

    /**
     * TLS to nodes of this service whose evidence holds, too: a handshake with any other fails, so that nothing is
     * sent.
     *
     * @param judgement of the node's certificate, such as {@link AttestedNode#judge}
     * @throws ClientException the certificate cannot be used as an authority
     */
    public static SSLContext attested(X509Certificate service, Function<X509Certificate, AttestedNode> judgement) {
        return context(new LeafTrust(leaf -> {
            if (!Certificates.issuedBy(leaf, service)) {
                throw new CertificateException("not issued by the service");
            }
            if (judgement.apply(leaf) instanceof AttestedNode.Refused refused) {
                throw new CertificateException(refused.check() + ": " + refused.words());
            }
        }));
    }

    /**
     * TLS to whoever answers: for asking what proves itself, and judging the certificate afterwards.
     *
     * @param shown told the certificate of each handshake
     */
    public static SSLContext anybody(Consumer<X509Certificate> shown) {
        return context(new LeafTrust(shown::accept));
    }

    private static SSLContext context(LeafTrust trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new ClientException("the JDK lacks TLS 1.3", e);
        }
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
