/**
 * The administrative ledger: members' signed messages become transactions, and the constitution changes by them.
 *
 * <p><b>What.</b> {@code Proceedings} judges one transaction, on the leader and wherever a journal is judged again. It
 * asks {@code Envelope} who signed, {@code SeenMessages} whether that is new, {@code Judge} what the rules say, and
 * writes through {@code Docket} (proposals), {@code JoinQueue} (requests to join) and {@code History}.
 *
 * <p><b>Invariants.</b> What follows is a function of the state, the message and the recorded answers from outside, so
 * every bound is counted in the state itself. No actor can write without end, or take the last place from another. All
 * that one decision writes fits into a block.
 */
@NullMarked
package coco.governance.ledger;

import org.jspecify.annotations.NullMarked;
