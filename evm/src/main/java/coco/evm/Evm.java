package coco.evm;

import coco.evm.code.CodeInfo;
import coco.evm.precompiles.Precompile;
import coco.evm.precompiles.Precompiles;
import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledState;
import coco.evm.types.Address;
import coco.evm.types.Fork;
import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/**
 * The machine under the rules of one fork. Immutable and safe for any number of threads; each execution uses the
 * frames of the thread it runs on, and a state that no other thread touches meanwhile.
 */
public final class Evm {
    private static final byte[] NOTHING = new byte[0];

    final ForkRules rules;
    final Precompiles precompiles;
    final Word chainId;
    final @Nullable FrameGuard guard;

    /**
     * A machine.
     *
     * @param guard asked before every frame; null to enter them all
     */
    public Evm(Fork fork, long chainId, @Nullable FrameGuard guard) {
        this(fork, chainId, guard, Precompiles.of(fork));
    }

    /**
     * A machine for simulations.
     *
     * @param guard asked before every frame; null to enter them all
     * @param precompiles those of the fork, or the same {@linkplain Precompiles#arranged arranged} otherwise
     */
    public Evm(Fork fork, long chainId, @Nullable FrameGuard guard, Precompiles precompiles) {
        this.rules = ForkRules.of(fork);
        this.precompiles = precompiles;
        this.chainId = Word.of(chainId);
        this.guard = guard;
    }

    /** The precompiled contracts of this fork. */
    public Precompiles precompiles() {
        return precompiles;
    }

    /** As {@link #execute(JournaledState, BlockEnvironment, TransactionContext, Invocation, Cancellation, Tracer)}. */
    public InvocationResult execute(
            JournaledState state,
            BlockEnvironment block,
            TransactionContext transaction,
            Invocation invocation,
            @Nullable Cancellation cancellation) {
        return execute(state, block, transaction, invocation, cancellation, null);
    }

    /**
     * Runs a call or a creation, all frames of it, on a state in which a transaction has begun. What it changed stays
     * in the state if it succeeded, and is taken back otherwise; nonces of the caller are the caller's business.
     *
     * @param cancellation asked now and then whether to give up; null never to
     * @param tracer watches; null for nobody, which costs nothing
     */
    public InvocationResult execute(
            JournaledState state,
            BlockEnvironment block,
            TransactionContext transaction,
            Invocation invocation,
            @Nullable Cancellation cancellation,
            @Nullable Tracer tracer) {
        FramePool frames = FramePool.acquire();
        try {
            Execution x = new Execution(this, state, block, transaction, cancellation, tracer, frames);
            return invocation.kind() == CallKind.CREATE ? create(x, invocation) : call(x, invocation);
        } finally {
            frames.release();
        }
    }

    private InvocationResult call(Execution x, Invocation call) {
        JournaledState state = x.state;
        JournaledAccount caller = state.account(call.caller());
        JournaledAccount target = state.account(call.target());
        boolean moves = call.kind() != CallKind.DELEGATECALL;
        CodeInfo code = state.code(target);
        Address codeAddress = call.target();
        Address delegate = rules.followsDelegation ? code.delegate() : null;
        if (delegate != null) {
            JournaledAccount followed = state.account(delegate);
            state.warm(followed);
            code = precompiles.isReserved(delegate) ? CodeInfo.EMPTY : state.code(followed);
            codeAddress = delegate;
        }
        Precompile precompile = precompiles.at(call.target());
        if (x.tracing != null) {
            x.tracing.invoked(call, codeAddress, precompile != null);
        }
        if (moves && caller.balance().compareTo(call.value()) < 0) {
            return ended(x, Halt.INSUFFICIENT_BALANCE, call.gas(), NOTHING);
        }
        if (precompile == null && !mayEnter(call, codeAddress)) {
            return ended(x, Halt.REVERT, call.gas(), NOTHING);
        }
        int mark = state.mark();
        if (moves) {
            state.transfer(caller, target, call.value());
        }
        if (precompile != null) {
            return runPrecompile(x, precompile, call, mark);
        }
        if (code.isEmpty()) {
            return ended(x, Halt.SUCCESS, call.gas(), NOTHING);
        }
        Frame frame = x.frames.at(0);
        frame.start(code, target, call.gas());
        frame.setInput(call.data(), 0, call.data().length);
        frame.caller = call.caller();
        frame.value = call.value();
        frame.isStatic = call.kind() == CallKind.STATICCALL;
        frame.isCreate = false;
        frame.mark = mark;
        return run(x, frame);
    }

    /** The outermost frame ended before an instruction of it ran. */
    private static InvocationResult ended(Execution x, Halt halt, long gasLeft, byte[] output) {
        if (x.tracing != null) {
            x.tracing.exited(halt, gasLeft, output);
        }
        return new InvocationResult(halt, gasLeft, output);
    }

    private boolean mayEnter(Invocation call, Address codeAddress) {
        int selector = Calls.selector(call.data(), 0, call.data().length);
        return guard == null
                || guard.mayEnter(call.caller(), call.caller(), call.target(), codeAddress, selector, call.kind());
    }

    private static InvocationResult runPrecompile(Execution x, Precompile precompile, Invocation call, int mark) {
        byte[] data = call.data();
        long left = call.gas() - precompile.gas(data, 0, data.length);
        byte @Nullable [] output = left < 0 ? null : precompile.run(data, 0, data.length);
        if (output == null) {
            x.state.revertTo(mark);
            return ended(x, left < 0 ? Halt.OUT_OF_GAS : Halt.PRECOMPILE_FAILED, 0, NOTHING);
        }
        return ended(x, Halt.SUCCESS, left, output);
    }

    private InvocationResult create(Execution x, Invocation call) {
        JournaledState state = x.state;
        JournaledAccount creator = state.account(call.caller());
        JournaledAccount account = state.account(call.target());
        if (x.tracing != null) {
            x.tracing.invoked(call, call.target(), false);
        }
        if (creator.balance().compareTo(call.value()) < 0) {
            return ended(x, Halt.INSUFFICIENT_BALANCE, call.gas(), NOTHING);
        }
        if (!mayEnter(call, call.target())) {
            return ended(x, Halt.REVERT, call.gas(), NOTHING);
        }
        if (rules.hasAccessSets) {
            state.warm(account);
        }
        if (state.isTaken(account)) {
            return ended(x, Halt.ADDRESS_COLLISION, 0, NOTHING);
        }
        Frame frame = x.frames.at(0);
        Creations.prepare(x, frame, creator, account, call.value(), call.data(), call.gas());
        return run(x, frame);
    }

    private static InvocationResult run(Execution x, Frame frame) {
        int exit = x.run(frame);
        if (exit == Exit.CANCELLED) {
            x.state.revertTo(frame.mark);
            if (x.tracing != null) {
                x.tracing.abandoned();
            }
            return new InvocationResult(Halt.CANCELLED, 0, NOTHING);
        }
        return new InvocationResult(Exit.halt(exit), frame.gas, frame.output());
    }
}
