package coco.ledgers.ethereum.chain;

import coco.evm.types.Address;
import coco.evm.types.Log;
import java.util.Collection;

/**
 * What one caller may see and call, by the rules of contracts as the newest committed state has them. The same question
 * gets the same answer for as long as the object lives. One thread.
 */
public interface Permissions {
    /**
     * Whether the caller may see what belonged to an address in a block: code, storage, transactions, results of calls.
     *
     * @param blockNumber of the block: what was confidential then stays so
     */
    boolean mayRead(Address address, long blockNumber);

    /**
     * Whether the caller may see an event of a block, be it that the contract may be read or that it shows this one.
     */
    boolean mayReadLog(Log log, long blockNumber);

    /**
     * Whether a simulated frame may enter a contract that may be read.
     *
     * @param frame the account whose frame makes the call
     * @param selector the first four bytes of the input as a big-endian number
     */
    boolean mayCall(Address frame, Address contract, int selector);

    /** Whether a contract has no rule of its own, nor one that it inherited or was bound to. */
    boolean isWithoutRule(Address contract);

    /** Whether the caller may see what belongs to all of some addresses. */
    default boolean mayReadAll(Collection<Address> addresses, long blockNumber) {
        return addresses.stream().allMatch(address -> mayRead(address, blockNumber));
    }
}
