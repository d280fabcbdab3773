package coco.evm.transition;

import coco.evm.BlockEnvironment;
import coco.evm.CallKind;
import coco.evm.Cancellation;
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

    /** What each call has. */
    public static final long GAS = 30_000_000;

    private static final byte[] NOTHING = {};

    private final Fork fork;
    private final Evm evm;
    private final @Nullable Allowance allowance;

    /**
     * What the system calls of a simulation may take together, where somebody may have put other code in the contracts'
     * place. One thread.
     */
    public static final class Allowance {
        private final Cancellation cancellation;
        private long gas;

        /** @param cancellation asked now and then whether to give up */
        public Allowance(long gas, Cancellation cancellation) {
            this.gas = gas;
            this.cancellation = cancellation;
        }

        /** Whether all gas is gone, so that a call may have failed for want of it. */
        public boolean isSpent() {
            return gas == 0;
        }
    }

    /** System calls under the rules of a chain. No guard is asked: nobody signed them. */
    public SystemCalls(ChainRules chain) {
        this(chain.fork(), new Evm(chain.fork(), chain.chainId(), null), null);
    }

    private SystemCalls(Fork fork, Evm evm, @Nullable Allowance allowance) {
        this.fork = fork;
        this.evm = evm;
        this.allowance = allowance;
    }

    /** The same calls, which take from an allowance. */
    public SystemCalls within(Allowance limit) {
        return new SystemCalls(fork, evm, limit);
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
        long gas = allowance == null ? GAS : Math.min(GAS, allowance.gas);
        InvocationResult result = evm.execute(
                state,
                block,
                new TransactionContext(SYSTEM, Word.ZERO, List.of()),
                new Invocation(CallKind.CALL, SYSTEM, contract, Word.ZERO, data, gas),
                allowance == null ? null : allowance.cancellation);
        if (allowance != null) {
            allowance.gas -= gas - result.gasLeft();
        }
        state.commitTransaction(true, changes);
        return result;
    }
}
