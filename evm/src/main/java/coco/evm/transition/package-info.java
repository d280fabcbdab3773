/**
 * From one state to the next: what a transaction, and the start of a block, do to the accounts.
 *
 * <p>{@link coco.evm.transition.TransactionExecutor} judges a transaction against the state, buys its gas, runs it,
 * gives back what is left and pays the coinbase. Its answers are values: {@link coco.evm.transition.Outcome.Rejected}
 * for a transaction that may not be in a block at all, with the words other Ethereum clients use because wallets read
 * them, and {@link coco.evm.transition.Outcome.Executed} for one that may, whether it succeeded or not.
 *
 * <p>Invariants: a rejected transaction leaves no trace in the state; an executed one always raises the sender's nonce
 * and pays for at least its intrinsic gas; the sum of all balances only falls by burnt fees and by what a contract
 * destroys with itself.
 *
 * <p>What this package does not do: it recovers no sender, orders nothing, makes no receipts or headers, and writes
 * nothing but the {@link coco.evm.state.JournaledState} it is given, whose owner commits or rolls back.
 */
@NullMarked
package coco.evm.transition;

import org.jspecify.annotations.NullMarked;
