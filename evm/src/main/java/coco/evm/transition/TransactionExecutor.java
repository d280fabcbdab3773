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
import coco.evm.TracedState;
import coco.evm.TracedTransaction;
import coco.evm.Tracer;
import coco.evm.TransactionContext;
import coco.evm.precompiles.Precompiles;
import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledState;
import coco.evm.state.StateChanges;
import coco.evm.transition.Outcome.Executed;
import coco.evm.transition.Outcome.Rejected;
import coco.evm.types.AccessListEntry;
import coco.evm.types.Address;
import coco.evm.types.Authorization;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import java.util.ArrayList;
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

    private static final Secp256k1 CURVE = Secp256k1.fastest();

    private final ChainRules chain;
    private final @Nullable FrameGuard guard;
    private final Evm evm;
    private final Delegations delegations;

    /**
     * An executor.
     *
     * @param guard asked before every frame; null to enter them all
     */
    public TransactionExecutor(ChainRules chain, @Nullable FrameGuard guard) {
        this(chain, guard, Precompiles.of(chain.fork()));
    }

    private TransactionExecutor(ChainRules chain, @Nullable FrameGuard guard, Precompiles precompiles) {
        this.chain = chain;
        this.guard = guard;
        this.evm = new Evm(chain.fork(), chain.chainId(), guard, precompiles);
        this.delegations = new Delegations(CURVE, chain.chainId());
    }

    /** The same with precompiled contracts at other addresses: for simulations. */
    public TransactionExecutor with(Precompiles precompiles) {
        return new TransactionExecutor(chain, guard, precompiles);
    }

    /** The precompiled contracts that transactions find. */
    public Precompiles precompiles() {
        return evm.precompiles();
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
        return trace(state, block, tx, gasLeftInBlock, null, null);
    }

    /**
     * Executes a transaction of a block while a tracer watches, with the same outcome. A transaction in the middle of a
     * block is traced on the state that its predecessors left: execute and commit them first, to maps that are thrown
     * away.
     *
     * @param tracer hears of it if it is not rejected
     * @param cancellation asked now and then whether to give up; null never to. What was given up ends with
     *     {@link Halt#CANCELLED} and must be rolled back
     */
    public Outcome trace(
            JournaledState state,
            BlockEnvironment block,
            TransactionMessage tx,
            long gasLeftInBlock,
            @Nullable Tracer tracer,
            @Nullable Cancellation cancellation) {
        state.beginTransaction();
        Rejected rejected = check(state, block, tx, gasLeftInBlock);
        if (rejected != null) {
            state.rollBackTransaction();
            return rejected;
        }
        return run(state, block, tx, false, cancellation, tracer);
    }

    /**
     * Executes a call of a simulated block. Nobody signed it: the kind of the sender's account and the cap on gas do
     * not matter. The owner of the state then commits or rolls back, as after {@link #execute}.
     *
     * @param gasLeftInBlock what the block's gas limit leaves to it
     * @param validated whether nonce and fees must be in order; if not, a call that names no fees pays none, whatever
     *     the base fee is, and nothing is given to the coinbase
     * @param cancellation asked now and then whether to give up; null never to
     * @param tracer hears of it if it is not rejected; null for nobody
     */
    public Outcome executeCall(
            JournaledState state,
            BlockEnvironment block,
            TransactionMessage tx,
            long gasLeftInBlock,
            boolean validated,
            @Nullable Cancellation cancellation,
            @Nullable Tracer tracer) {
        state.beginTransaction();
        Rejected rejected =
                validated ? Checks.nonce(tx, state.account(tx.sender()).nonce()) : null;
        if (rejected == null) {
            rejected = Checks.message(chain, state, block, tx, gasLeftInBlock, !validated);
        }
        if (rejected != null) {
            state.rollBackTransaction();
            return rejected;
        }
        return run(state, block, tx, !validated, cancellation, tracer);
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
        return rejected == null ? Checks.message(chain, state, block, tx, gasLeftInBlock, false) : rejected;
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
        return simulate(state, block, tx, cancellation, null);
    }

    /**
     * The same while a tracer watches.
     *
     * @param tracer hears of it if it is not rejected; null for nobody
     */
    public Outcome simulate(
            JournaledState state,
            BlockEnvironment block,
            TransactionMessage tx,
            @Nullable Cancellation cancellation,
            @Nullable Tracer tracer) {
        state.beginTransaction();
        try {
            BlockEnvironment seen = asSeen(block, tx);
            Rejected rejected = Checks.message(chain, state, seen, tx, tx.gasLimit(), true);
            return rejected == null ? run(state, seen, tx, true, cancellation, tracer) : rejected;
        } finally {
            state.rollBackTransaction();
        }
    }

    private static BlockEnvironment asSeen(BlockEnvironment block, TransactionMessage tx) {
        BlockEnvironment seen =
                tx.maxFeePerGas().isZero() && !block.baseFee().isZero() ? block.withBaseFee(Word.ZERO) : block;
        boolean blobsAreFree =
                !tx.blobHashes().isEmpty() && tx.maxFeePerBlobGas().isZero();
        return blobsAreFree ? seen.withBlobBaseFee(Word.ZERO) : seen;
    }

    /** @param lenient whether what names no fee pays none */
    private Executed run(
            JournaledState state,
            BlockEnvironment block,
            TransactionMessage tx,
            boolean lenient,
            @Nullable Cancellation cancellation,
            @Nullable Tracer tracer) {
        Word gasPrice = effectiveGasPrice(block, tx);
        JournaledAccount sender = state.account(tx.sender());
        long nonce = sender.nonce();
        Address recipient = tx.to();
        Address target = recipient == null ? ContractAddresses.of(tx.sender(), nonce) : recipient;
        if (tracer != null) {
            tracer.transactionStarted(traced(block, tx, target), new TracedState(state));
        }
        Word blobFee = lenient && tx.maxFeePerBlobGas().isZero()
                ? Word.ZERO
                : block.blobBaseFee()
                        .times(BlobParameters.GAS_PER_BLOB * tx.blobHashes().size());
        state.setBalance(
                sender, sender.balance().minus(gasPrice.times(tx.gasLimit())).minus(blobFee));
        state.setNonce(sender, nonce + 1);
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
        InvocationResult result = evm.execute(state, block, context, invocation, cancellation, tracer);
        boolean created = recipient == null && result.halt().isSuccess();
        boolean pays = !(lenient && Checks.namesNoFees(tx));
        Executed executed = settle(state, block, tx, gasPrice, pays, result, created ? target : null);
        if (tracer != null) {
            tracer.transactionEnded(executed.halt(), executed.gasUsed());
        }
        return executed;
    }

    private TracedTransaction traced(BlockEnvironment block, TransactionMessage tx, Address target) {
        List<Address> authorities = new ArrayList<>();
        for (Authorization authorization : tx.authorizations()) {
            Address authority = authorization.authority(CURVE);
            if (authority != null) {
                authorities.add(authority);
            }
        }
        return new TracedTransaction(
                chain.fork(), tx.sender(), target, tx.to() == null, tx.gasLimit(), block.coinbase(), authorities);
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
            boolean pays,
            InvocationResult result,
            @Nullable Address created) {
        boolean london = chain.fork().has(Fork.LONDON);
        long floor = IntrinsicGas.floor(tx, chain.fork());
        long before = tx.gasLimit() - result.gasLeft();
        long quotient = london ? REFUND_QUOTIENT_LONDON : REFUND_QUOTIENT;
        long used = Math.max(floor, before - Math.min(state.refund(), before / quotient));
        JournaledAccount sender = state.account(tx.sender());
        state.setBalance(sender, sender.balance().plus(gasPrice.times(tx.gasLimit() - used)));
        if (pays) {
            Word tip = london ? gasPrice.minus(block.baseFee()) : gasPrice;
            JournaledAccount coinbase = state.account(block.coinbase());
            state.setBalance(coinbase, coinbase.balance().plus(tip.times(used)));
        }
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
