package coco.ledgers.ethereum.simulation;

import coco.evm.types.Block;
import java.util.List;

/**
 * A block that was simulated.
 *
 * @param block as it would have been, with transactions that nobody signed
 * @param hash of its header, 32 bytes
 * @param calls what became of each transaction
 */
@SuppressWarnings("ArrayRecordComponent") // Read field by field.
public record SimulatedBlock(Block block, byte[] hash, List<SimulatedCall> calls) {
    public SimulatedBlock {
        calls = List.copyOf(calls);
    }
}
