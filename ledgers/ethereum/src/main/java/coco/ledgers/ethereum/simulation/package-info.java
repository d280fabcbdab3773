/**
 * Transactions and blocks that nobody keeps, on any state of the chain that is kept.
 *
 * <p>{@link coco.ledgers.ethereum.simulation.StateOverrides} and {@link
 * coco.ledgers.ethereum.simulation.BlockOverrides} say what is to be different; {@link
 * coco.ledgers.ethereum.simulation.OverriddenState} is the state with all that is different or changed above it, and
 * {@link coco.ledgers.ethereum.simulation.BlockSimulation} builds blocks on it. Their headers are true ones: a state
 * root takes in what changed by reading the trie nodes on the way to it, and no others, so that it costs what changed
 * and not what there is.
 *
 * <p>Invariants: nothing is ever written to the store; a simulation reads through the {@link
 * coco.ledgers.ethereum.chain.StateReader} it was given, which is its caller's, and through nothing else; what it costs
 * is bounded by {@link coco.ledgers.ethereum.simulation.SimulationLimits} and by whoever may cancel it.
 *
 * <p>What this package does not do: it knows no JSON and no error codes; it recovers no signatures; it keeps no state
 * between two simulations but analysed code.
 */
@NullMarked
package coco.ledgers.ethereum.simulation;

import org.jspecify.annotations.NullMarked;
