/**
 * The node's ends of TLS: who it says it is, and whom it lets finish a handshake.
 *
 * <p><b>Why own managers.</b> {@link coco.node.tls.NodeIdentity} holds key and chain in one immutable value behind one
 * volatile field, so that a certificate can be renewed while connections come in and no handshake ever pairs a new
 * chain with an old key. Membership changes while connections live, and TLS asks only at the handshake; so {@link
 * coco.node.tls.ClientTrust} merely demands a certificate in its time of validity, and who may do what is decided for
 * every request by whoever handles it. In the other direction {@link coco.node.tls.ServerTrust} is strict: a node that
 * connects to another accepts that node's certificate and no other.
 *
 * <p>TLS 1.3 only, by the JDK's own provider: no native code is unpacked into a confidential process.
 */
@NullMarked
package coco.node.tls;

import org.jspecify.annotations.NullMarked;
