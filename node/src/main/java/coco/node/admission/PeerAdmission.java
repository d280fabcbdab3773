package coco.node.admission;

import coco.attestation.CertificateEvidence;
import coco.consensus.Membership;
import coco.consensus.Peer;
import coco.consensus.PeerId;
import coco.crypto.Hex;
import coco.governance.NodeEntry;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may speak as a node, as of the last applied block: by key, by evidence, and one process at a time. Asked at each
 * handshake and for each message. Any thread.
 *
 * <p><b>Shown and heard.</b> In a handshake a certificate is only shown: whether its key is there is proven later, and
 * anybody may replay what he has seen. Such questions note nothing. Whoever has a message in hand that came over a
 * finished handshake says so by {@link #spoke} or {@link #heard}.
 *
 * <p><b>Clones.</b> Each process draws an incarnation at its start and has it in its certificates. While one was heard
 * within {@link #SILENCE}, another under the same identity is refused; a node that was started again is let in when its
 * former process has been silent for that long.
 */
public final class PeerAdmission implements Membership {
    /** A little more than the time in which every node says something: followers ask for a read every four seconds. */
    public static final Duration SILENCE = Duration.ofSeconds(5);

    /** Voters ask each other for the time every two seconds; one that was silent for this long is down or cut off. */
    static final Duration LIVE = Duration.ofSeconds(30);

    private final CertificateJudge judge;
    private final Refusals refusals;
    private final LongSupplier nanoTime;
    private final List<Peer> firstPeers;
    private final Map<String, Heard> heard = new HashMap<>();
    private volatile Standing standing;

    /** @param former the process that spoke as this node before; null if this one knows of none */
    private record Heard(
            String incarnation,
            long atNanos,
            X509Certificate certificate,
            @Nullable String former) {
        Heard followedBy(String next, long nanos, X509Certificate shown) {
            return new Heard(next, nanos, shown, next.equals(incarnation) ? former : incarnation);
        }
    }

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
    public boolean heard(X509Certificate certificate) {
        NodeEntry node = standing.node(certificate.getPublicKey());
        Finding refused = node == null ? left() : cloned(node, certificate, true);
        if (refused != null) {
            refusals.note(Standing.digest(certificate.getPublicKey()), node != null, refused);
        }
        return refused == null;
    }

    /**
     * The node that says something under this certificate, whose key TLS has proven; null, and a refusal noted, if it
     * may not.
     */
    public @Nullable NodeEntry spoke(X509Certificate certificate) {
        NodeEntry node = admitted(certificate);
        return node != null && heard(certificate) ? node : null;
    }

    @Override
    public @Nullable PeerId peerOf(X509Certificate certificate) {
        NodeEntry node = standing.node(certificate.getPublicKey());
        return node == null ? null : new PeerId(node.id());
    }

    /** The node that this certificate, which is only shown, speaks for; null, and a refusal noted, if it may not. */
    public @Nullable NodeEntry admitted(X509Certificate certificate) {
        Finding refused = refusal(certificate);
        if (refused != null) {
            PublicKey key = certificate.getPublicKey();
            refusals.note(Standing.digest(key), standing.node(key) != null, refused);
            return null;
        }
        return standing.node(certificate.getPublicKey());
    }

    /** Why this certificate may not speak for a node; null if it may. */
    public @Nullable Finding refusal(X509Certificate certificate) {
        Standing now = standing;
        Optional<Finding> failed = judge.refusal(certificate, now);
        if (failed.isPresent()) {
            return failed.get();
        }
        NodeEntry node = now.node(certificate.getPublicKey());
        return node == null ? left() : cloned(node, certificate, false);
    }

    private static Finding left() {
        return Finding.of(Check.LISTED, false, "a key that just left the list", "a listed one");
    }

    /**
     * Which of these voters a constitution would still admit, by the evidence that they gave last. Who was not heard
     * lately counts as gone: a majority that is on paper only cannot decide anything.
     *
     * @param own this node's certificate, which nobody has to hear
     */
    public Set<String> staying(Collection<String> voters, X509Certificate own, Standing candidate) {
        NodeEntry self = candidate.node(own.getPublicKey());
        Set<String> staying = new HashSet<>();
        for (String id : voters) {
            X509Certificate shown = self != null && self.id().equals(id) ? own : heardLately(id);
            if (shown != null
                    && candidate.constitution().nodes().byId(id) != null
                    && judge.refusal(shown, candidate).isEmpty()) {
                staying.add(id);
            }
        }
        return staying;
    }

    /** The certificate under which a node was heard last, however long ago; null if this process never heard it. */
    public @Nullable X509Certificate lastHeard(String node) {
        synchronized (heard) {
            Heard last = heard.get(node);
            return last == null ? null : last.certificate();
        }
    }

    private @Nullable X509Certificate heardLately(String node) {
        synchronized (heard) {
            Heard last = heard.get(node);
            return last == null || nanoTime.getAsLong() - last.atNanos() > LIVE.toNanos() ? null : last.certificate();
        }
    }

    private @Nullable Finding cloned(NodeEntry listed, X509Certificate certificate, boolean hasSpoken) {
        CertificateEvidence carried = judge.carried(certificate);
        if (carried == null) {
            return left();
        }
        String node = listed.id();
        String incarnation = Hex.encode(carried.incarnation());
        long now = nanoTime.getAsLong();
        synchronized (heard) {
            Heard last = heard.get(node);
            if (last != null
                    && !last.incarnation().equals(incarnation)
                    && now - last.atNanos() < TimeUnit.NANOSECONDS.convert(SILENCE)) {
                String allowed = last.incarnation() + ", heard within " + SILENCE.toSeconds() + " s";
                // What is left of connections to a process that ended is cut off, too, and is no alarm.
                Check check = incarnation.equals(last.former()) ? Check.FORMER_PROCESS : Check.CLONE;
                return Finding.of(check, false, node + " as " + incarnation, allowed);
            }
            if (hasSpoken) {
                heard.put(
                        node,
                        last == null
                                ? new Heard(incarnation, now, certificate, null)
                                : last.followedBy(incarnation, now, certificate));
            }
            return null;
        }
    }
}
