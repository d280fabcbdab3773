/**
 * The replicated log on Apache Ratis 3.3.0. The only package of this project that sees {@code org.apache.ratis}.
 *
 * <h2>Parts</h2>
 *
 * <ul>
 *   <li>{@link coco.consensus.ratis.RatisLog}: the log itself; every request goes to the local server object.
 *   <li>{@code RatisStateMachine}: Ratis' callbacks, handed on to the threads our contract promises; {@code Events} is
 *   the third of them.
 *   <li>{@code Proposals}: decides outcomes at apply; Ratis' replies are evidence, not verdicts.
 *   <li>{@code RatisFolder} and {@code TornLogCheck}: what must hold on disk before Ratis may look at it.
 *   <li>{@code AdmittingTrustManager} and {@code InboundGuard}: who may speak on the node channel, and in whose name.
 *   <li>{@code CommitNudge} and {@code Appenders}: followers hear of commits soon.
 *   <li>{@code SharedReads} and {@code MajorityCheck}: reads that are linearizable, which Ratis' own are not always.
 *   <li>{@code RatisConfiguration}: every setting that matters, with its reason.
 * </ul>
 *
 * <h2>Invariants</h2>
 *
 * <ul>
 *   <li>No entry is reported committed that apply has not seen at that position.
 *   <li>No entry is reported refused that passed the veto.
 *   <li>Nothing on the network is believed beyond what the sender's certificate, admitted now, may say.
 *   <li>A member without its storage never votes again under its old name.
 * </ul>
 *
 * <h2>What it does not do</h2>
 *
 * No snapshots are transferred and no member list is changed. Logs are not encrypted: payloads are.
 */
@NullMarked
package coco.consensus.ratis;

import org.jspecify.annotations.NullMarked;
