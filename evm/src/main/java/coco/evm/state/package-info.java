/**
 * The state of all accounts while transactions run: what they have read, what they have changed, and how to take any
 * of it back.
 *
 * <p>A {@link coco.evm.state.WorldState} is what was there before; it is only ever read. On top of it lies <em>one</em>
 * layer, {@link coco.evm.state.JournaledState}: accounts and slots in open-addressing maps, each loaded at most once
 * however many transactions of a block use it. Whatever is changed is first written to an undo log, so that entering a
 * frame costs an {@code int} (the mark) and reverting it costs as much as was changed in it, not a stack of layers to
 * search. What EIP-2929 calls warm, what EIP-2200 calls original, and the marks "created" and "destroyed in this
 * transaction" are stamped with the number of the transaction, and thus forgotten all at once when the next one begins.
 *
 * <p>When a transaction ends, {@link coco.evm.state.StateChanges} is told what is different from its start. Life:
 * {@code beginTransaction}, anything, then {@code commitTransaction} or {@code rollBackTransaction}; and again, on the
 * same object. {@code forget} drops everything that was loaded, for when the world below has become another one.
 *
 * <p>What this package does not do: it knows no gas, no opcode and no fork; hashing keys, tries and roots are the
 * business of whoever implements the two interfaces. One thread at a time.
 */
@NullMarked
package coco.evm.state;

import org.jspecify.annotations.NullMarked;
