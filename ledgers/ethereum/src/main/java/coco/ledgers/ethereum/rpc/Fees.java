package coco.ledgers.ethereum.rpc;

import coco.evm.types.Word;
import coco.ledgers.ethereum.simulation.CallRequest;

/** The fees of a transaction that names none, or not all: geth's choice. */
final class Fees {
    private Fees() {}

    /**
     * Fills in what is missing. Nothing beyond the base fee is needed here, so no tip is suggested; a base fee may
     * double until the transaction is in a block.
     *
     * @param baseFee of the newest block, in wei per gas
     */
    static CallRequest complete(CallRequest call, Word baseFee) throws RpcException {
        if (call.gasPrice() != null) {
            return call;
        }
        Word priority = call.maxPriorityFeePerGas() == null ? Word.ZERO : call.maxPriorityFeePerGas();
        Word doubled = baseFee.bitLength() > 255 ? Word.MAX : baseFee.times(2);
        Word usual = doubled.plus(priority);
        Word most = call.maxFeePerGas() != null ? call.maxFeePerGas() : usual.compareTo(doubled) < 0 ? Word.MAX : usual;
        if (most.compareTo(priority) < 0) {
            throw RpcException.server(
                    "maxFeePerGas (" + most.toQuantity() + ") < maxPriorityFeePerGas (" + priority.toQuantity() + ")");
        }
        return call.withFees(most, priority);
    }
}
