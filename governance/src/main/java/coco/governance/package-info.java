/**
 * What governs a network: its constitution, and the actions that change it.
 *
 * <p><b>What.</b> {@link coco.governance.Genesis} is what a network is born with; {@link coco.governance.Constitution}
 * is what is in force after some block: who votes ({@link coco.governance.Member}), who transacts ({@link
 * coco.governance.Participant}), which nodes validate ({@link coco.governance.NodeEntry}), which platforms and code may
 * run, which proposals pass, and the limits of it all. {@link coco.governance.Action} is one change; {@link
 * coco.governance.Constitution#apply} says what a list of them would make of it. All of it is public: it goes into
 * blocks in clear, and anybody may check a network against a copy that came another way.
 *
 * <p><b>Why a document with one byte form.</b> The identity of a service is a digest over its genesis document, and
 * members sign the digest of the constitution that they saw. So there is one form ({@link
 * coco.governance.Constitution#bytes()}) that does not depend on the order of keys, on spaces or on who wrote it: JSON
 * by the rules of RFC 8785 narrowed to integers.
 *
 * <p><b>Invariants.</b> A constitution that exists is whole and consistent: identifiers and keys are distinct, no entry
 * contains another, no two nodes share an address, a removed node's name and key never return, a simulated platform
 * stands alone, every number lies within its range, and some set of members can still pass a proposal. Parsing what
 * {@code bytes()} gave yields an equal object with the same digest. Unknown keys are refused, never skipped, because a
 * misspelt rule that is silently ignored is a rule that is not in force. A list of actions takes effect whole or not at
 * all, and never leaves less than a majority of consensus' nodes.
 *
 * <p><b>What it does not do.</b> It takes no votes: {@code coco.governance.ledger} does. It does not know consensus;
 * {@code node} turns a {@link coco.governance.NodeList} into consensus' membership.
 */
@NullMarked
package coco.governance;

import org.jspecify.annotations.NullMarked;
