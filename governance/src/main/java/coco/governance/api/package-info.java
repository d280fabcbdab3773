/**
 * Governance over HTTP: everything below {@code /gov}.
 *
 * <p><b>What.</b> {@link coco.governance.api.GovernanceApi} gives the administrative ledger its routes: signed messages
 * in, constitution, proposals and lists out, a dry-run of what is not proposed yet, and a stream of events. The OpenAPI
 * document is made from the table that serves the routes.
 *
 * <p><b>Why here.</b> What an answer means is governance's business; that it travels by HTTP is the node's, so there is
 * no HTTP library here: routes are endpoints of a ledger like any other's.
 *
 * <p><b>Invariants.</b> Who may read is decided by whoever mounts the routes, before they run. A signed message is
 * judged in one place, the ledger: what is refused here is what no member signed, which shall not get as far as the
 * thread that makes blocks. No answer is larger than some megabytes: long lists come in pages. Everything that is
 * refused has one shape, {@code {"error": {"code", "message", "details"}}}, with a code that is stable. Nothing here
 * keeps state that cannot be lost: events that a restarted node no longer has are not invented again, and a client that
 * asks for them is told that it missed some.
 */
@NullMarked
package coco.governance.api;

import org.jspecify.annotations.NullMarked;
