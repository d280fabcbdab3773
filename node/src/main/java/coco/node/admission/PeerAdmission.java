package coco.node.admission;

import coco.attestation.CertificateEvidence;
import coco.consensus.Membership;
import coco.consensus.Peer;
import coco.consensus.PeerId;
import coco.crypto.Hex;
import coco.governance.NodeEntry;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may speak as a node, as of the last applied block: by key, by evidence, and one process at a time. Asked at each
 * handshake and for each message. Any thread.
 *
 * <p><b>Clones.</b> Each process draws an incarnation at its start and has it in its certificates. While one was heard
 * within {@link #SILENCE}, another under the same identity is refused; a node that was started again is let in when its
 * former process has been silent for that long.
 */
public final class PeerAdmission implements Membership {
    /** A little more than the time in which every node says something: followers ask for a read every four seconds. */
    public static final Duration SILENCE = Duration.ofSeconds(5);

    private final CertificateJudge judge;
    private final Refusals refusals;
    private final LongSupplier nanoTime;
    private final List<Peer> firstPeers;
    private final Map<String, Heard> heard = new HashMap<>();
    private volatile Standing standing;

    private record Heard(String incarnation, long atNanos, X509Certificate certificate) {}

    /**
     * Admission as of a first standing.
     *
     * @param firstPeers the voting members with which the Raft group began
     * @param nanoTime monotonic
     */
    public PeerAdmission(
            CertificateJudge judge,
            Refusals refusals,
            List<Peer> firstPeers,
            Standing standing,
            LongSupplier nanoTime) {
        this.judge = judge;
        this.refusals = refusals;
        this.firstPeers = List.copyOf(firstPeers);
        this.standing = standing;
        this.nanoTime = nanoTime;
    }

    /** Another constitution is in force. */
    public void changed(Standing now) {
        standing = now;
    }

    /** A block was applied. */
    public void applied(long height) {
        standing = standing.at(height);
    }

    /** What is in force. */
    public Standing standing() {
        return standing;
    }

    @Override
    public List<Peer> peers() {
        return firstPeers;
    }

    @Override
    public boolean admits(X509Certificate certificate) {
        return admitted(certificate) != null;
    }

    @Override
    public @Nullable PeerId peerOf(X509Certificate certificate) {
        NodeEntry node = standing.node(certificate.getPublicKey());
        return node == null ? null : new PeerId(node.id());
    }

    /** The node that this certificate speaks for; null, and a refusal noted, if it may not. */
    public @Nullable NodeEntry admitted(X509Certificate certificate) {
        Finding refused = refusal(certificate);
        if (refused != null) {
            refusals.note(Standing.digest(certificate.getPublicKey()), refused);
            return null;
        }
        return standing.node(certificate.getPublicKey());
    }

    /** Why this certificate may not speak for a node; null if it may. */
    public @Nullable Finding refusal(X509Certificate certificate) {
        Standing now = standing;
        Optional<Finding> failed = judge.admission(certificate, now).stream()
                .filter(finding -> !finding.passed())
                .findFirst();
        if (failed.isPresent()) {
            return failed.get();
        }
        NodeEntry node = now.node(certificate.getPublicKey());
        CertificateEvidence carried = judge.carried(certificate);
        return node == null || carried == null
                ? Finding.of(Check.LISTED, false, "a key that just left the list", "a listed one")
                : cloned(node.id(), Hex.encode(carried.incarnation()), certificate);
    }

    /** The certificate under which this node was heard last; null if it was not. */
    public @Nullable X509Certificate lastHeard(String node) {
        synchronized (heard) {
            Heard last = heard.get(node);
            return last == null ? null : last.certificate();
        }
    }

    private @Nullable Finding cloned(String node, String incarnation, X509Certificate certificate) {
        long now = nanoTime.getAsLong();
        synchronized (heard) {
            Heard last = heard.get(node);
            if (last != null
                    && !last.incarnation().equals(incarnation)
                    && now - last.atNanos() < TimeUnit.NANOSECONDS.convert(SILENCE)) {
                String allowed = last.incarnation() + ", heard within " + SILENCE.toSeconds() + " s";
                return Finding.of(Check.CLONE, false, node + " as " + incarnation, allowed);
            }
            heard.put(node, new Heard(incarnation, now, certificate));
            return null;
        }
    }
}
