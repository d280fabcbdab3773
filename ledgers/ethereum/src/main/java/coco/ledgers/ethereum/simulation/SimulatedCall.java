package coco.ledgers.ethereum.simulation;

import coco.evm.Halt;
import coco.evm.types.Address;
import coco.evm.types.Transaction;
import java.util.List;

/**
 * What became of one call of a simulated block.
 *
 * @param transaction as it stands in the block, without a signature
 * @param sender who sent it
 * @param halt how it ended
 * @param error the same in geth's words; empty for success
 * @param output return data, revert data, or a new contract's code
 * @param gasUsed after refunds
 * @param gasBeforeRefund the most it had used
 * @param logs those of contracts, and those that stand for transfers where they were asked for
 */
@SuppressWarnings("ArrayRecordComponent") // Read field by field.
public record SimulatedCall(
        Transaction transaction,
        Address sender,
        Halt halt,
        String error,
        byte[] output,
        long gasUsed,
        long gasBeforeRefund,
        List<PlacedLog> logs) {
    public SimulatedCall {
        logs = List.copyOf(logs);
    }
}
