package coco.consensus;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who belongs to the group, as committed state has it. Asked at each handshake and for each message, from any thread:
 * answers come from memory. A certificate that stops being admitted loses its running connections at their next
 * message.
 */
public interface Membership {
    /** The voting members a new group begins with. A running group's members are in its log. */
    List<Peer> peers();

    /**
     * Whether the holder of this certificate may talk on the node channel. The certificate's dates are checked
     * elsewhere.
     */
    boolean admits(X509Certificate certificate);

    /**
     * A message came over a connection whose handshake has proven this certificate's key: what {@link #admits} is asked
     * during a handshake says nothing of who is at the other end.
     *
     * @return whether it may be taken; false if another process was heard under the same identity
     */
    boolean heard(X509Certificate certificate);

    /** Which peer this certificate speaks for; null if none. */
    @Nullable
    PeerId peerOf(X509Certificate certificate);
}
