package coco.evm.tracing;

import coco.evm.FrameEntry;
import coco.evm.Halt;
import coco.evm.Step;
import coco.evm.TracedState;
import coco.evm.TracedTransaction;
import coco.evm.Tracer;
import coco.evm.types.Address;
import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/** A tracer that notes a transaction's {@link Footprint}, and makes something of it at the end. */
abstract sealed class FootprintTracer implements Tracer permits PrestateTracer, StateDiffTracer {
    final Budget budget;
    private final Footprint footprint;
    private @Nullable TracedState state;

    FootprintTracer(Budget budget, Footprint footprint) {
        this.budget = budget;
        this.footprint = footprint;
    }

    /** Takes an account with what is noted of it, when the transaction has ended, in the order of addresses. */
    abstract void noted(Address address, Footprint.Account account, TracedState end);

    @Override
    public final boolean wantsSteps() {
        return !budget.isSpent();
    }

    @Override
    public final void transactionStarted(TracedTransaction transaction, TracedState initial) {
        state = initial;
        footprint.started(transaction, initial);
    }

    @Override
    public final void frameEntered(FrameEntry frame) {
        footprint.entered(frame);
    }

    @Override
    public final void selfDestructed(Address contract, Address heir, Word balance) {
        footprint.note(heir);
    }

    @Override
    public final void step(Step step) {
        footprint.step(step);
    }

    @Override
    public final void transactionEnded(Halt halt, long gasUsed) {
        TracedState end = state;
        if (end == null || budget.isSpent()) {
            return;
        }
        footprint.accounts().forEach((address, account) -> noted(address, account, end));
        footprint.accounts().clear();
    }
}
