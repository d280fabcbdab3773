/**
 * Evidence that a process runs known code in a trusted execution environment (TEE), and secrets sealed to such an
 * environment.
 *
 * <p><b>Why.</b> Coco's nodes believe each other's results because each has checked what the other runs. Everything
 * that follows from this (who joins, who gets an epoch's keys, whether a client may trust the end of its TLS
 * connection) needs three operations and no more: <em>make</em> evidence over 64 bytes of our choice ({@link
 * coco.attestation.Attester}), <em>judge</em> evidence someone else made ({@link coco.attestation.EvidenceVerifier}),
 * and <em>seal</em> a secret so that only this platform can read it again ({@link coco.attestation.Sealing}). A
 * platform is one package below this one.
 *
 * <p><b>What is bound.</b> The 64 bytes are {@link coco.attestation.ReportData}: a hash over the service, the keys of
 * the node and something fresh. Evidence proves nothing about a key that is not hashed there.
 *
 * <p><b>Invariants.</b>
 * <ul>
 *   <li>A verifier judges only the evidence: is it whole, and did the platform it names make it. Whether the
 *       measurement is one the consortium allows, the patch level high enough and the report data the expected one is
 *       for the caller to compare; {@link coco.attestation.Claims} gives all of it.
 *   <li>Evidence comes from the network: any bytes give a {@link coco.attestation.Verdict}, never an exception.
 *   <li>Each refusal names the check, the value seen and the values allowed.
 *   <li>{@link coco.attestation.Claims#platform()} is always the platform that was verified, so simulated evidence
 *       cannot pass for hardware.
 * </ul>
 *
 * <p><b>What it does not do.</b> It knows no membership, manifests or leases (governance and node), and no freshness
 * beyond the bytes it is given. Sealing gives secrecy, not freshness: an old sealed blob opens as well as a new one,
 * and a copied disk opens twice.
 */
@NullMarked
package coco.attestation;

import org.jspecify.annotations.NullMarked;
