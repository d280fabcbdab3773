/**
 * Who is at the other end: ways to sign in, and what a request says of itself.
 *
 * <p><b>What.</b> {@link coco.node.identity.SignInDesk} serves {@code /access} on the application listeners: a nonce, a
 * message of Sign-In with Ethereum or a login of an organisation in exchange for a token, the list of one's sessions,
 * wallet URLs. {@link coco.node.identity.CertificateDesk} serves the administrative listener, where clients show
 * certificates: enrolment of users, and sessions of back ends and auditors. {@link coco.node.identity.Gate} turns the
 * token of a request into a {@link coco.ledgers.api.Caller}.
 *
 * <p><b>Why certificates are shown there only.</b> A certificate is an authority that a browser lends to any page, and
 * the HTTP server speaks no HTTP/2 where it asks for one. So the applications' listeners know tokens alone, which
 * nothing sends by itself.
 *
 * <p><b>Invariants.</b>
 * <ul>
 *   <li>Whoever shows something that is not in force is refused; nobody becomes nobody in particular by failing.
 *   <li>A token stands in no log, no metric, no exception and no map; what is kept is its hash.
 *   <li>The algorithm and the keys of a login are those of the issuer's entry in the constitution, never the token's.
 *   <li>A caller is answered only while a majority confirmed this node's state within {@code read.maxStaleness} ({@link
 *       coco.node.identity.Freshness}): what was revoked anywhere is then known here.
 *   <li>What a client sends costs bounded work: lengths first, then limits per address, then signatures.
 * </ul>
 *
 * <p><b>What it does not do.</b> What a user may see is for ledgers to decide.
 */
@NullMarked
package coco.node.identity;

import org.jspecify.annotations.NullMarked;
