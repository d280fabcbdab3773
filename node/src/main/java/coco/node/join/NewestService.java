package coco.node.join;

import coco.crypto.Certificates;
import coco.crypto.Hex;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * The service's newest identity as far as a node knows that does not take part: what follows the last one it saw, by
 * endorsements, as told by the nodes. Only what the newest one issued is believed: the keys of older generations are in
 * the hands of nodes that were removed since.
 *
 * <p>What can be known: that nobody who was asked contradicts anybody, and that it goes on from what was seen before.
 * What cannot: whether all who were asked are one adversary who holds the key of an older generation and endorsed one
 * of his own. Against that the operator names an identity that he learnt in another way. Any thread.
 */
public final class NewestService {
    private final byte[] serviceId;
    private final String pinned;
    private volatile X509Certificate newest;
    private volatile boolean pinWasSeen;

    /**
     * Begins with what is known.
     *
     * @param known an identity of this service: the first one, or the newest that was ever seen
     * @param pinned SHA-256 of an identity's certificate that must be known or follow, hexadecimal; empty for none
     */
    public NewestService(byte[] serviceId, X509Certificate known, String pinned) {
        this.serviceId = serviceId.clone();
        this.newest = known;
        this.pinned = pinned;
        this.pinWasSeen = pinned.isEmpty() || isPinned(known);
    }

    /** The newest identity so far. */
    public X509Certificate newest() {
        return newest;
    }

    /** Whether this certificate was issued by the newest identity so far. */
    public boolean hasIssued(X509Certificate certificate) {
        return pinWasSeen && Certificates.issuedBy(certificate, newest);
    }

    /**
     * Asks all of these nodes.
     *
     * @param nodes base addresses of administrative listeners
     * @param anybody a client that takes any certificate: identities prove themselves
     * @return whether the newest identity is another one than before
     * @throws JoinException if they do not agree, or the pinned identity is none of those that follow
     */
    public boolean ask(List<URI> nodes, HttpClient anybody) throws InterruptedException {
        List<List<X509Certificate>> told = new ArrayList<>();
        for (URI node : nodes) {
            told.add(ServiceIdentities.ask(anybody, node, serviceId, newest));
        }
        return take(told);
    }

    /**
     * Takes what was told. Where answers contradict each other, those that hold the pinned identity count and no
     * others: the operator has learnt it from somebody he trusts.
     */
    boolean take(List<List<X509Certificate>> told) {
        ServiceIdentities.Agreement agreement = ServiceIdentities.agree(told);
        List<List<X509Certificate>> led = told.stream()
                .filter(chain -> chain.stream().anyMatch(this::isPinned))
                .toList();
        if (agreement instanceof ServiceIdentities.Agreement.Diverging && !led.isEmpty()) {
            agreement = ServiceIdentities.agree(led);
        }
        return switch (agreement) {
            case ServiceIdentities.Agreement.Diverging diverging ->
                throw new JoinException("service: " + diverging.words());
            case ServiceIdentities.Agreement.Agreed(List<X509Certificate> chain) -> follow(chain);
        };
    }

    private boolean follow(List<X509Certificate> chain) {
        if (!pinWasSeen && chain.stream().noneMatch(this::isPinned)) {
            throw new JoinException("service: seen "
                    + Hex.encode(Certificates.fingerprint(chain.isEmpty() ? newest : chain.getLast()))
                    + ", allowed what follows " + pinned);
        }
        pinWasSeen = true;
        if (chain.size() < 2) {
            return false;
        }
        newest = chain.getLast();
        return true;
    }

    private boolean isPinned(X509Certificate certificate) {
        return Hex.encode(Certificates.fingerprint(certificate)).equals(pinned);
    }
}
