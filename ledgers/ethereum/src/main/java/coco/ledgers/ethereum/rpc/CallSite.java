package coco.ledgers.ethereum.rpc;

import coco.evm.BlockEnvironment;
import coco.evm.state.JournaledState;
import coco.evm.transition.TransactionExecutor;

/**
 * Where a call that nobody keeps is executed, overrides included. For one exchange and one thread at a time.
 *
 * @param state what it reads and changes; rolled back after each call
 * @param environment what it learns of its block
 * @param executor the rules, with precompiled contracts where they are to be
 */
record CallSite(JournaledState state, BlockEnvironment environment, TransactionExecutor executor) {}
