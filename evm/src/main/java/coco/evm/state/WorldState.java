package coco.evm.state;

import coco.evm.types.Address;
import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/**
 * The accounts as they were before the first transaction of a {@link JournaledState}. Every method must keep giving the
 * same answer until {@link JournaledState#forget}, save where {@link StateChanges} said otherwise. Implementations
 * throw their own unchecked exception if the state cannot be read; it passes through the interpreter, after which the
 * transaction must be rolled back.
 */
public interface WorldState {
    /** The account at this address, or null if there is none. */
    @Nullable
    WorldAccount account(Address address);

    /** The value of a slot; zero if it was never written. */
    Word storage(Address address, Word key);

    /** Whether any slot of the account is not zero (EIP-7610). Asked only where a contract is to be created. */
    boolean hasStorage(Address address);

    /** The code with this hash, which an account of this state has. The caller does not write to it. */
    byte[] code(byte[] codeHash32);

    /** The hash of the block with this number, one of the 256 before the current one; null if it is not known. */
    byte @Nullable [] blockHash(long number);
}
