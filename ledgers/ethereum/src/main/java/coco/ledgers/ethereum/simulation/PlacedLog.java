package coco.ledgers.ethereum.simulation;

import coco.evm.types.Log;

/**
 * A log in a simulated block.
 *
 * @param log what was written
 * @param index its place among all logs of the block
 */
public record PlacedLog(Log log, int index) {}
