package coco.consensus.ratis;

import coco.consensus.Membership;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trusts whom the consortium has admitted, now, and whose certificate is within its dates; no authority besides. The
 * extended class is needed: with the plain interface JSSE adds host name checks, but a node's identity is its
 * certificate and not its address.
 *
 * <p>A resumed TLS session asks no trust manager, so that a removed peer could be connected to for as long as its
 * session ticket lives, a day. Every session is therefore made unfit for resumption while it is being established.
 *
 * <p>What comes in on a connection that this node opened is not looked at message by message, as {@link InboundGuard}
 * does it for the others: Ratis makes those connections by itself and lets nobody in between. So the engines are kept
 * here, and {@link #cutOff} ends those whose server is admitted no more: nothing that arrives later is decrypted.
 */
final class AdmittingTrustManager extends X509ExtendedTrustManager {
    private static final Logger LOG = LoggerFactory.getLogger(AdmittingTrustManager.class);

    private final Membership membership;
    private final InstantSource clock;

    /** Of connections that this node opened: the engine, for as long as it is used, and whom it led to. */
    private final Map<SSLEngine, X509Certificate> opened = new WeakHashMap<>();

    /** Those of them that were to be ended when they were looked at last. */
    private final Set<SSLEngine> ending = Collections.newSetFromMap(new WeakHashMap<>());

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

    /**
     * Ends the connections that this node opened to whoever is admitted no more, now and when this was called last:
     * whoever is removed should have the time to hear of it. Closing the inbound side before the peer has announced its
     * end is a fatal error of the TLS connection: it takes nothing more, and tells the peer.
     *
     * @return how many were ended
     */
    int cutOff() {
        Map<SSLEngine, X509Certificate> living;
        synchronized (opened) {
            opened.keySet().removeIf(SSLEngine::isInboundDone);
            living = Map.copyOf(opened);
        }
        int ended = 0;
        for (Map.Entry<SSLEngine, X509Certificate> connection : living.entrySet()) {
            try {
                check(connection.getValue());
                setEnding(connection.getKey(), false);
            } catch (CertificateException refused) {
                if (setEnding(connection.getKey(), true)) {
                    LOG.warn("cuts off an outgoing connection: {}", refused.getMessage());
                    end(connection.getKey());
                    ended++;
                }
            }
        }
        return ended;
    }

    /** @return what it was before */
    private boolean setEnding(SSLEngine engine, boolean isEnding) {
        synchronized (opened) {
            return isEnding ? !ending.add(engine) : ending.remove(engine);
        }
    }

    private static void end(SSLEngine engine) {
        try {
            engine.closeInbound();
        } catch (SSLException intended) {
            LOG.debug("ended before its time, as intended", intended);
        }
        engine.closeOutbound();
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
        synchronized (opened) {
            opened.put(engine, chain[0]);
        }
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
