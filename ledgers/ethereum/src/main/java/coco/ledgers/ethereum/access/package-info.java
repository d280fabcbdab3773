/**
 * Confidential contracts: which are, whom they let see and call them, and what keeps others out.
 *
 * <p>A contract is confidential because it says so ({@code ICocoAccess}, by ERC-165). What it said is remembered for
 * ever as a mark, so that neither self-destruction nor a failed upgrade opens anything; only a well-formed "no longer"
 * does, and only for what comes. Who may do what is asked of the contract each time, by its own code ({@code Checks}):
 * a static call that no caller can shape, that leaves no trace, and whose gas is nobody's but a budget's.
 *
 * <p>A contract that says nothing is confidential, too, if its sender named readers when it was deployed, through a
 * system contract ({@code ReaderLists}), which is then asked like the others.
 *
 * <p>Two users: {@code Enforcement} stands between the frames of transactions, decides by the state at their start and
 * the current one, and marks at their end; {@code AccessView} answers for reads, by the latest committed state.
 *
 * <p>Invariants: what is decided is a function of state, settings, block and transaction, never of what is remembered;
 * every doubt ends in a no (a malformed answer, one that fails, a budget that is used up, a mark without code); where
 * nothing is confidential, every transaction does what it does on Ethereum.
 *
 * <p>What this package does not do: it filters nothing that is read, and knows no sessions, grants or accounts.
 */
@NullMarked
package coco.ledgers.ethereum.access;

import org.jspecify.annotations.NullMarked;
