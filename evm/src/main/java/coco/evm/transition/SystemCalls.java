package coco.evm.transition;

import coco.evm.BlockEnvironment;
import coco.evm.CallKind;
import coco.evm.Evm;
import coco.evm.Invocation;
import coco.evm.InvocationResult;
import coco.evm.TransactionContext;
import coco.evm.state.JournaledState;
import coco.evm.state.StateChanges;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls that no transaction makes. At the start of a block, before its first transaction, the parent's hash goes to the
 * history contract (EIP-2935) and the parent's beacon root to its own (EIP-4788); a contract that is not there is
 * passed over, as both EIPs demand, and a chain has them if its genesis does. At its end two contracts are asked for
 * requests to the consensus layer (EIP-7002, EIP-7251), and there a missing contract makes the block invalid.
 */
public final class SystemCalls {
    /** The caller of every system call. */
    public static final Address SYSTEM = Address.fromHex("0xfffffffffffffffffffffffffffffffffffffffe");
    /** EIP-2935. */
    public static final Address HISTORY = Address.fromHex("0x0000f90827f1c53a10cb7a02335b175320002935");
    /** EIP-4788. */
    public static final Address BEACON_ROOTS = Address.fromHex("0x000f3df6d732807ef1319fb7b8bb8522d0beac02");
    /** EIP-7002. */
    public static final Address WITHDRAWAL_REQUESTS = Address.fromHex("0x00000961ef480eb55e80d19ad83579a64c007002");
    /** EIP-7251. */
    public static final Address CONSOLIDATION_REQUESTS = Address.fromHex("0x0000bbddc7ce488642fb579f8b00f3a590007251");

    private static final long GAS = 30_000_000;
    private static final byte[] NOTHING = {};

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

    /**
     * Asks a contract for its requests at the end of a block and commits what that changes.
     *
     * @return null if there is no such contract
     */
    public @Nullable InvocationResult requests(
            JournaledState state, BlockEnvironment block, Address contract, StateChanges changes) {
        return call(state, block, contract, NOTHING, changes);
    }

    private @Nullable InvocationResult call(
            JournaledState state, BlockEnvironment block, Address contract, byte[] data, StateChanges changes) {
        state.beginTransaction();
        if (!state.account(contract).hasCode()) {
            return null;
        }
        InvocationResult result = evm.execute(
                state,
                block,
                new TransactionContext(SYSTEM, Word.ZERO, List.of()),
                new Invocation(CallKind.CALL, SYSTEM, contract, Word.ZERO, data, GAS),
                null);
        state.commitTransaction(true, changes);
        return result;
    }
}
