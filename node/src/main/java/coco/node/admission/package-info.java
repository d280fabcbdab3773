/**
 * Who may speak as a node of the network, judged by evidence and by the constitution in force.
 *
 * <p><b>What.</b> A node shows a TLS certificate that it issues itself, at each start and at half of its lease ({@link
 * coco.node.admission.NodeCertificates}). Its extension ({@link coco.attestation.CertificateEvidence}) holds evidence
 * of the platform over the node's keys and a recent header. {@link coco.node.admission.CertificateJudge} looks at
 * everything that can be looked at, and gives a list of findings; {@link coco.node.admission.PeerAdmission} makes a
 * yes or a no of it for consensus and the node channel, at each handshake and each message, and {@link
 * coco.node.admission.Refusals} remembers why not. The same judge answers those who knock, before anybody votes.
 *
 * <p><b>Invariants.</b>
 * <ul>
 *   <li>The node's identity is its key. Certificates come and go; none is trusted for its issuer.
 *   <li>What depends on the constitution is compared at each use: a removal or a retired code ends what lives.
 *   <li>A check that cannot be made has failed, and each refusal has a name, a value seen and the values allowed. The
 *       one exception is a header a little above those that this node has, as it may itself be behind.
 *   <li>What is only shown in a handshake is judged and changes nothing; a node was heard when it said something.
 *   <li>Strangers cost a look at a list, no verification of evidence, and few lines of log.
 *   <li>One process at a time speaks under one identity.
 * </ul>
 */
@NullMarked
package coco.node.admission;

import org.jspecify.annotations.NullMarked;
