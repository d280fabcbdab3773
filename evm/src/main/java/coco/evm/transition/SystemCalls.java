package coco.evm.transition;

import coco.evm.BlockEnvironment;
import coco.evm.CallKind;
import coco.evm.Evm;
import coco.evm.Invocation;
import coco.evm.TransactionContext;
import coco.evm.state.JournaledState;
import coco.evm.state.StateChanges;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens at the start of a block before its first transaction: the parent's hash goes to the history contract
 * (EIP-2935) and the parent's beacon root to its own (EIP-4788). A contract that is not there is passed over, as both
 * EIPs demand; a chain has them if its genesis does.
 */
public final class SystemCalls {
    /** The caller of every system call. */
    public static final Address SYSTEM = Address.fromHex("0xfffffffffffffffffffffffffffffffffffffffe");
    /** EIP-2935. */
    public static final Address HISTORY = Address.fromHex("0x0000f90827f1c53a10cb7a02335b175320002935");
    /** EIP-4788. */
    public static final Address BEACON_ROOTS = Address.fromHex("0x000f3df6d732807ef1319fb7b8bb8522d0beac02");

    private static final long GAS = 30_000_000;

    private final Fork fork;
    private final Evm evm;

    /** System calls under the rules of a chain. No guard is asked: nobody signed them. */
    public SystemCalls(ChainRules chain) {
        this.fork = chain.fork();
        this.evm = new Evm(chain.fork(), chain.chainId(), null);
    }

    /**
     * Makes the calls and commits what they change.
     *
     * @param parentHash the hash of the block before this one
     * @param parentBeaconRoot null where the chain has no beacon chain
     */
    public void beginBlock(
            JournaledState state,
            BlockEnvironment block,
            byte[] parentHash,
            byte @Nullable [] parentBeaconRoot,
            StateChanges changes) {
        if (fork.has(Fork.CANCUN) && parentBeaconRoot != null) {
            call(state, block, BEACON_ROOTS, parentBeaconRoot, changes);
        }
        if (fork.has(Fork.PRAGUE)) {
            call(state, block, HISTORY, parentHash, changes);
        }
    }

    private void call(
            JournaledState state, BlockEnvironment block, Address contract, byte[] data, StateChanges changes) {
        state.beginTransaction();
        if (!state.account(contract).hasCode()) {
            return;
        }
        evm.execute(
                state,
                block,
                new TransactionContext(SYSTEM, Word.ZERO, List.of()),
                new Invocation(CallKind.CALL, SYSTEM, contract, Word.ZERO, data, GAS),
                null);
        state.commitTransaction(true, changes);
    }
}
