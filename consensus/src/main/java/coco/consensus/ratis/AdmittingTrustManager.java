package coco.consensus.ratis;

import coco.consensus.Membership;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts whom the consortium has admitted, now, and whose certificate is within its dates; no authority besides. The
 * extended class is needed: with the plain interface JSSE adds host name checks, but a node's identity is its
 * certificate and not its address.
 *
 * <p>A resumed TLS session asks no trust manager, so that a removed peer could be connected to for as long as its
 * session ticket lives, a day. Every session is therefore made unfit for resumption while it is being established.
 */
final class AdmittingTrustManager extends X509ExtendedTrustManager {
    private final Membership membership;
    private final InstantSource clock;

    AdmittingTrustManager(Membership membership, InstantSource clock) {
        this.membership = membership;
        this.clock = clock;
    }

    /** Throws unless the holder of this certificate may use the node channel at this moment. */
    void check(X509Certificate certificate) throws CertificateException {
        certificate.checkValidity(Date.from(clock.instant()));
        if (!membership.admits(certificate)) {
            throw new CertificateException(
                    "Not admitted to the node channel: " + certificate.getSubjectX500Principal());
        }
    }

    private static void forgetSession(SSLEngine engine) {
        SSLSession session = engine.getHandshakeSession();
        if (session != null) {
            session.invalidate();
        }
    }

    private void checkChain(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0) {
            throw new CertificateException("No certificate");
        }
        check(chain[0]);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkChain(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkChain(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        forgetSession(engine);
        checkChain(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        forgetSession(engine);
        checkChain(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        checkChain(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        checkChain(chain);
    }

    /** Empty: naming authorities in the handshake would tell strangers about the consortium. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
