/**
 * How a node comes into a running network.
 *
 * <p><b>The steps.</b> The newcomer knocks at any node's administrative listener ({@link coco.node.join.Knocking}): its
 * entry, signed by its owner, with a certificate that carries evidence. {@link coco.node.join.JoinDesk} looks at all of
 * it and says what it found; if nothing speaks against the node, the request is recorded, so that members see who
 * knocks. When members have admitted it, the newcomer answers a fresh challenge, is given the network's secrets
 * encrypted to its attested key, and fetches the journal, block by block, checking every one ({@link
 * coco.node.join.JournalFetch}). Then it starts like any node, with a Raft group of nobody, and waits for the leader to
 * add it.
 *
 * <p><b>Coming back.</b> A node that was away for longer than a lease learns the newest head in the same way ({@link
 * coco.node.join.HeadInquiry}); one that is too far behind for the log fetches the journal while it runs ({@link
 * coco.node.join.CatchUp}).
 *
 * <p><b>Invariants.</b>
 * <ul>
 *   <li>Who the service is follows from the last identity that was known, without contradiction among those who were
 *       asked ({@link coco.node.join.NewestService}); only what its newest generation issued is believed.
 *   <li>The constitution is compared with what the operator approved before anything of the ledger is asked for, and
 *       again in the journal: the chain that was fetched must have had that constitution.
 *   <li>Secrets leave a node only encrypted to the wrapping key of a node on the list, on evidence over a nonce of the
 *       giver's.
 *   <li>Every refusal names the check, the value seen and the values allowed.
 * </ul>
 */
@NullMarked
package coco.node.join;

import org.jspecify.annotations.NullMarked;
