/**
 * What governs a network: its constitution, as the genesis document lays it down. Nothing here changes it.
 *
 * <p><b>What.</b> {@link coco.governance.Genesis} is the constitution as a static document: the name of the service,
 * who votes ({@link coco.governance.Member}), who transacts ({@link coco.governance.Participant}), which nodes validate
 * ({@link coco.governance.NodeEntry}), which platforms and code may run ({@link coco.governance.Manifest}), the
 * ceilings on what a leader may build ({@link coco.governance.GenesisLimits}) and the genesis document of every ledger.
 * It is public: it goes into the first block in clear, and anybody may check a network against a copy that came another
 * way.
 *
 * <p><b>Why a document of its own.</b> The identity of a service is a digest over this document, so it has to have one
 * byte form ({@link coco.governance.Genesis#bytes()}) that does not depend on the order of keys, on spaces or on who
 * wrote it. That form is JSON by the rules of RFC 8785 narrowed to integers.
 *
 * <p><b>Invariants.</b> A {@code Genesis} that exists is whole and consistent: identifiers and certificates are
 * distinct, no two nodes share an address, a simulated platform stands alone, every number lies within its range.
 * Parsing what {@code bytes()} gave yields an equal object with the same digest. Unknown keys are refused, never
 * skipped, because a misspelt rule that is silently ignored is a rule that is not in force.
 *
 * <p><b>What it does not do.</b> It neither votes nor changes anything: members, nodes and limits are those of genesis.
 * It does not know consensus; {@code node} turns a {@link coco.governance.NodeList} into consensus' membership.
 */
@NullMarked
package coco.governance;

import org.jspecify.annotations.NullMarked;
