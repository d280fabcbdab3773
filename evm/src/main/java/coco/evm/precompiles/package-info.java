/**
 * The precompiled contracts: functions with an address and a price.
 *
 * <p>{@link coco.evm.precompiles.Precompiles} is the table of a fork, and the only way in. A precompiled contract is a
 * pure function of its input, which is a view of somebody's memory and never written to; failing is an answer (null),
 * not an exception. The table holds what is implemented: an address that is not in it behaves as an account without
 * code, which is what the address is on a fork that does not have the contract yet.
 *
 * <p>What this package does not do: it charges no gas and moves no value; it only says what a run would cost.
 */
@NullMarked
package coco.evm.precompiles;

import org.jspecify.annotations.NullMarked;
