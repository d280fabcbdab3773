package coco.evm.transition;

import coco.crypto.Secp256k1;
import coco.evm.BlockEnvironment;
import coco.evm.CallKind;
import coco.evm.Cancellation;
import coco.evm.ContractAddresses;
import coco.evm.Evm;
import coco.evm.FrameGuard;
import coco.evm.Halt;
import coco.evm.Invocation;
import coco.evm.InvocationResult;
import coco.evm.TransactionContext;
import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledState;
import coco.evm.state.StateChanges;
import coco.evm.transition.Outcome.Executed;
import coco.evm.transition.Outcome.Rejected;
import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Executes transactions under the rules of a chain. Holds no state of its own and is safe for any number of threads,
 * each with a {@link JournaledState} of its own.
 */
public final class TransactionExecutor {
    private static final long REFUND_QUOTIENT = 2;
    /** EIP-3529. */
    private static final long REFUND_QUOTIENT_LONDON = 5;

    private final ChainRules chain;
    private final Evm evm;
    private final Delegations delegations;

    /**
     * An executor.
     *
     * @param guard asked before every frame; null to enter them all
     */
    public TransactionExecutor(ChainRules chain, @Nullable FrameGuard guard) {
        this.chain = chain;
        this.evm = new Evm(chain.fork(), chain.chainId(), guard);
        this.delegations = new Delegations(Secp256k1.fastest(), chain.chainId());
    }

    /** The rules this executor follows. */
    public ChainRules chain() {
        return chain;
    }

    /**
     * Executes a transaction of a block.
     *
     * @param gasLeftInBlock what the block's gas limit leaves to it
     * @return {@code Executed}, after which the owner of the state commits it by {@link #commit} or rolls it back; or
     *     {@code Rejected}, and the state is as it was
     */
    public Outcome execute(JournaledState state, BlockEnvironment block, TransactionMessage tx, long gasLeftInBlock) {
        state.beginTransaction();
        Rejected rejected = check(state, block, tx, gasLeftInBlock);
        if (rejected != null) {
            state.rollBackTransaction();
            return rejected;
        }
        return run(state, block, tx, null);
    }

    /** Ends the transaction in progress and tells what it changed. */
    public void commit(JournaledState state, StateChanges changes) {
        state.commitTransaction(chain.fork().has(Fork.SPURIOUS_DRAGON), changes);
    }

    /** Whether the transaction could be executed on this state, without executing it. */
    public @Nullable Rejected check(
            JournaledState state, BlockEnvironment block, TransactionMessage tx, long gasLeftInBlock) {
        JournaledAccount sender = state.account(tx.sender());
        Rejected rejected = Checks.nonce(tx, sender.nonce());
        if (rejected == null) {
            rejected = Checks.gasCap(chain, tx);
        }
        if (rejected == null) {
            rejected = Checks.sender(state, sender);
        }
        return rejected == null ? Checks.message(chain, state, block, tx, gasLeftInBlock) : rejected;
    }

    /**
     * Executes what eth_call and eth_estimateGas ask for, and takes everything back. The nonce, the kind of the
     * sender's account and the cap on gas do not matter, and without a gas price the base fee is zero; the sender must
     * still have what is to be paid.
     *
     * @param cancellation asked now and then whether to give up; null never to
     */
    public Outcome simulate(
            JournaledState state, BlockEnvironment block, TransactionMessage tx, @Nullable Cancellation cancellation) {
        state.beginTransaction();
        try {
            BlockEnvironment seen = tx.maxFeePerGas().isZero() ? block.withBaseFee(Word.ZERO) : block;
            Rejected rejected = Checks.message(chain, state, seen, tx, tx.gasLimit());
            return rejected == null ? run(state, seen, tx, cancellation) : rejected;
        } finally {
            state.rollBackTransaction();
        }
    }

    private Executed run(
            JournaledState state, BlockEnvironment block, TransactionMessage tx, @Nullable Cancellation cancellation) {
        Word gasPrice = effectiveGasPrice(block, tx);
        JournaledAccount sender = state.account(tx.sender());
        long nonce = sender.nonce();
        Word blobFee = block.blobBaseFee()
                .times(BlobParameters.GAS_PER_BLOB * tx.blobHashes().size());
        state.setBalance(
                sender, sender.balance().minus(gasPrice.times(tx.gasLimit())).minus(blobFee));
        state.setNonce(sender, nonce + 1);
        Address recipient = tx.to();
        Address target = recipient == null ? ContractAddresses.of(tx.sender(), nonce) : recipient;
        if (chain.fork().has(Fork.BERLIN)) {
            warmUp(state, block, tx, target);
        }
        delegations.apply(state, tx.authorizations());
        Invocation invocation = new Invocation(
                recipient == null ? CallKind.CREATE : CallKind.CALL,
                tx.sender(),
                target,
                tx.value(),
                tx.data(),
                tx.gasLimit() - IntrinsicGas.of(tx, chain.fork()));
        TransactionContext context = new TransactionContext(tx.sender(), gasPrice, tx.blobHashes());
        InvocationResult result = evm.execute(state, block, context, invocation, cancellation);
        boolean created = recipient == null && result.halt().isSuccess();
        return settle(state, block, tx, gasPrice, result, created ? target : null);
    }

    private Word effectiveGasPrice(BlockEnvironment block, TransactionMessage tx) {
        if (!chain.fork().has(Fork.LONDON)) {
            return tx.maxFeePerGas();
        }
        Word most = tx.maxFeePerGas();
        Word tipped = block.baseFee().plus(tx.maxPriorityFeePerGas());
        boolean overflows = tipped.compareTo(block.baseFee()) < 0;
        return overflows || tipped.compareTo(most) > 0 ? most : tipped;
    }

    private void warmUp(JournaledState state, BlockEnvironment block, TransactionMessage tx, Address target) {
        state.warm(state.account(tx.sender()));
        if (tx.to() != null) {
            state.warm(state.account(target));
        }
        if (chain.fork().has(Fork.SHANGHAI)) {
            state.warm(state.account(block.coinbase()));
        }
        for (AccessListEntry entry : tx.accessList()) {
            JournaledAccount account = state.account(entry.address());
            state.warm(account);
            for (Word key : entry.storageKeys()) {
                state.warm(state.slot(account, key));
            }
        }
    }

    /** Refund, floor, the rest of the gas back to the sender, the tip to the coinbase; the base fee is burnt. */
    private Executed settle(
            JournaledState state,
            BlockEnvironment block,
            TransactionMessage tx,
            Word gasPrice,
            InvocationResult result,
            @Nullable Address created) {
        boolean london = chain.fork().has(Fork.LONDON);
        long floor = IntrinsicGas.floor(tx, chain.fork());
        long before = tx.gasLimit() - result.gasLeft();
        long quotient = london ? REFUND_QUOTIENT_LONDON : REFUND_QUOTIENT;
        long used = Math.max(floor, before - Math.min(state.refund(), before / quotient));
        JournaledAccount sender = state.account(tx.sender());
        state.setBalance(sender, sender.balance().plus(gasPrice.times(tx.gasLimit() - used)));
        Word tip = london ? gasPrice.minus(block.baseFee()) : gasPrice;
        JournaledAccount coinbase = state.account(block.coinbase());
        state.setBalance(coinbase, coinbase.balance().plus(tip.times(used)));
        boolean speaks = result.halt() == Halt.SUCCESS || result.halt() == Halt.REVERT;
        return new Executed(
                result.halt(),
                used,
                Math.max(floor, before),
                speaks ? result.output() : new byte[0],
                List.copyOf(state.logs()),
                created,
                gasPrice);
    }
}
