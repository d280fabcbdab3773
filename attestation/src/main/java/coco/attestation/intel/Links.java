package coco.attestation.intel;

import coco.crypto.Certificates;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which certificate issued which: the answers that were yes are remembered, because the same few authorities stand
 * above every machine and each answer costs a signature. They hang on the bytes of the two alone. May be used from any
 * thread.
 */
final class Links {
    // Two for each machine of a large network. Whoever fills it with certificates of his own makes it slower, no more.
    private static final int REMEMBERED_MAX = 1024;

    private final Set<Link> holding = ConcurrentHashMap.newKeySet();

    private record Link(X509Certificate certificate, X509Certificate issuer) {}

    /** Returns whether the issuer may issue certificates, is named by this one and signed it. */
    boolean issuedBy(X509Certificate certificate, X509Certificate issuer) {
        Link link = new Link(certificate, issuer);
        if (holding.contains(link)) {
            return true;
        }
        boolean holds = Certificates.issuedBy(certificate, issuer);
        if (holds) {
            if (holding.size() >= REMEMBERED_MAX) {
                holding.clear();
            }
            holding.add(link);
        }
        return holds;
    }
}
