package coco.evm;

import coco.evm.precompiles.Precompiles;
import coco.evm.state.JournaledAccount;
import coco.evm.state.JournaledState;
import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/** What all frames of one execution share. */
final class Execution {
    private static final int JUMPS_BETWEEN_CHECKS = 1024;

    final ForkRules rules;
    final Precompiles precompiles;
    final JournaledState state;
    final BlockEnvironment block;
    final TransactionContext transaction;
    final Word chainId;
    final @Nullable FrameGuard guard;
    final FramePool frames;
    final HashCache hashes;
    final @Nullable Tracing tracing;
    private final @Nullable Cancellation cancellation;
    private boolean cancelled;
    private int jumpsBack;

    Execution(
            Evm evm,
            JournaledState state,
            BlockEnvironment block,
            TransactionContext transaction,
            @Nullable Cancellation cancellation,
            @Nullable Tracer tracer,
            FramePool frames) {
        this.rules = evm.rules;
        this.precompiles = evm.precompiles;
        this.chainId = evm.chainId;
        this.guard = evm.guard;
        this.state = state;
        this.block = block;
        this.transaction = transaction;
        this.cancellation = cancellation;
        this.frames = frames;
        this.hashes = frames.hashes;
        this.tracing = tracer == null ? null : new Tracing(this, tracer);
    }

    /** Asks whether the execution was cancelled at one in a thousand jumps backwards. */
    boolean isCancelledAfterJump() {
        return (++jumpsBack & (JUMPS_BETWEEN_CHECKS - 1)) == 0 && isCancelled();
    }

    boolean isCancelled() {
        Cancellation asked = cancellation;
        if (asked != null && !cancelled) {
            cancelled = asked.isCancelled();
        }
        return cancelled;
    }

    /** Makes the account warm; true if it was cold, which only accounts without a precompiled contract can be. */
    boolean wasCold(JournaledAccount account) {
        return rules.hasAccessSets && !state.warm(account) && !precompiles.isReserved(account.address());
    }

    /** Whether an instruction of this frame, which looks at another account, must not. */
    boolean hides(Frame frame, JournaledAccount account) {
        FrameGuard asked = guard;
        return asked != null
                && account != frame.self()
                && !asked.mayInspect(transaction.origin(), frame.self().address(), account.address());
    }

    /** Runs the outermost frame, which is ready, and all that it enters. */
    int run(Frame outermost) {
        Frame frame = outermost;
        while (true) {
            int exit = tracing == null ? Interpreter.run(this, frame, frame.code.padded()) : tracing.run(frame);
            if (exit == Exit.ENTER) {
                frame = frames.at(frame.depth + 1);
                continue;
            }
            exit = conclude(frame, exit);
            if (tracing != null) {
                tracing.exited(frame, exit);
            }
            if (frame == outermost || exit == Exit.CANCELLED) {
                return exit;
            }
            Frame parent = frames.at(frame.depth - 1);
            resume(parent, frame, exit);
            frame = parent;
        }
    }

    /** Keeps or takes back what the frame did; a creation that succeeded may still fail for its code. */
    private int conclude(Frame frame, int exit) {
        int end = exit == Exit.SUCCESS && frame.isCreate ? Creations.deposit(this, frame) : exit;
        if (end != Exit.SUCCESS) {
            state.revertTo(frame.mark);
            if (end != Exit.REVERT) {
                frame.gas = 0;
                frame.outputOffset = 0;
                frame.outputLength = 0;
            }
        }
        return end;
    }

    private static void resume(Frame parent, Frame child, int exit) {
        parent.gas += child.gas;
        long[] s = parent.stack;
        boolean success = exit == Exit.SUCCESS;
        if (child.isCreate) {
            if (success) {
                Words.set(s, parent.sp - 4, child.self().address());
                parent.clearReturnData();
            } else {
                Words.set(s, parent.sp - 4, 0);
                parent.setReturnData(child.memory, child.outputOffset, child.outputLength);
            }
            return;
        }
        Words.set(s, parent.sp - 4, success ? 1 : 0);
        parent.setReturnData(child.memory, child.outputOffset, child.outputLength);
        copyResult(parent, child.memory, child.outputOffset, child.outputLength);
    }

    /** Writes as much of a call's output into the caller's memory as it made room for. */
    static void copyResult(Frame parent, byte[] output, int offset, int length) {
        int copied = Math.min(length, parent.resultLength);
        if (copied > 0) {
            System.arraycopy(output, offset, parent.memory, parent.resultOffset, copied);
        }
    }
}
