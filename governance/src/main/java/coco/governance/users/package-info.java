/**
 * Who the users of a network are, and by what they are known: enrolments, sessions and logins of organisations.
 *
 * <p><b>What.</b> A <em>user</em> is an address of a ledger that a member or participant has enrolled for its own
 * organisation, with the consent of whoever holds the address's key ({@link coco.governance.users.Agreement}). A
 * <em>session</em> ({@link coco.governance.users.Session}) acts for exactly one user, or for one auditor's grant; who
 * has its token has the session. A <em>binding</em> leads from a login at an organisation's identity provider to a
 * user. All of it is state of a ledger of its own ({@link coco.governance.users.UsersLedgerFactory}) in private maps
 * ({@link coco.governance.users.UserMaps}), so that every node knows at once what one of them was told.
 *
 * <p><b>Invariants.</b>
 * <ul>
 *   <li>No token is in any map, block, log or message: only its SHA-256 hash, which is of no use to whoever reads it.
 *   <li>An address is enrolled by one actor at a time, and only with a signature of its own key over service and actor:
 *       else an organisation could enrol somebody else's address and act for it.
 *   <li>What a session rests on is looked at whenever it is used ({@link coco.governance.users.Sessions#judge}): an
 *       enrolment that was withdrawn, an actor, issuer or grant that was voted out end it in the same block.
 *   <li>Everything is bounded: sessions of a user, users of an actor, sessions of the network.
 * </ul>
 *
 * <p><b>What it does not do.</b> It verifies no login: nodes do, and the leader believes them, as they are attested. It
 * knows no HTTP.
 */
@NullMarked
package coco.governance.users;

import org.jspecify.annotations.NullMarked;
