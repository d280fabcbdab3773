package coco.evm.reference;

import coco.evm.Halt;
import coco.evm.InvocationResult;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import java.math.BigInteger;

/**
 * The plain machine with what @ethereumjs/evm 10.1.3 is known to do otherwise. A deviation is modelled to the unit of
 * gas rather than passed over, so that nothing hides behind it.
 *
 * <ul>
 *   <li>A creation that reverts with data beginning with 0xEF loses its gas and its data: evm.js asks EIP-3541's
 *       question of whatever the init code left ({@code result.returnValue[0] === FORMAT}), not only of code. The EIP
 *       speaks of new code, and the official tests and other clients follow it.
 * </ul>
 */
final class EthereumJsAlike extends PlainEvm {
    private static final byte EF = (byte) 0xEF;

    EthereumJsAlike(Fork fork, World world) {
        super(
                new Gas(fork),
                new Arithmetic(),
                world,
                Scenario.BLOCK,
                Machine.TRANSACTION,
                Scenario.CHAIN_ID,
                Scenario.BLOCK_HASHES);
    }

    @Override
    InvocationResult create(
            Address creator, Address address, BigInteger value, byte[] initCode, long gasGiven, int depth) {
        InvocationResult result = super.create(creator, address, value, initCode, gasGiven, depth);
        byte[] output = result.output();
        if (fork.has(Fork.LONDON) && result.halt() == Halt.REVERT && output.length > 0 && output[0] == EF) {
            return new InvocationResult(Halt.CODE_BEGINS_WITH_EF, 0, new byte[0]);
        }
        return result;
    }
}
