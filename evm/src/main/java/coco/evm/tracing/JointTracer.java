package coco.evm.tracing;

import coco.evm.FrameEntry;
import coco.evm.FrameExit;
import coco.evm.Halt;
import coco.evm.Step;
import coco.evm.TracedState;
import coco.evm.TracedTransaction;
import coco.evm.Tracer;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.util.List;

/** Several tracers that watch one execution, each as if it were alone. */
public final class JointTracer implements Tracer {
    private final List<Tracer> tracers;

    /** Hands every event on in this order. */
    public JointTracer(List<? extends Tracer> tracers) {
        this.tracers = List.copyOf(tracers);
    }

    @Override
    public boolean wantsSteps() {
        for (Tracer tracer : tracers) {
            if (tracer.wantsSteps()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void transactionStarted(TracedTransaction transaction, TracedState state) {
        tracers.forEach(tracer -> tracer.transactionStarted(transaction, state));
    }

    @Override
    public void transactionEnded(Halt halt, long gasUsed) {
        tracers.forEach(tracer -> tracer.transactionEnded(halt, gasUsed));
    }

    @Override
    public void frameEntered(FrameEntry frame) {
        tracers.forEach(tracer -> tracer.frameEntered(frame));
    }

    @Override
    public void frameExited(FrameExit frame) {
        tracers.forEach(tracer -> tracer.frameExited(frame));
    }

    @Override
    public void step(Step step) {
        for (Tracer tracer : tracers) {
            if (tracer.wantsSteps()) {
                tracer.step(step);
            }
        }
    }

    @Override
    public void logWritten(Log log) {
        tracers.forEach(tracer -> tracer.logWritten(log));
    }

    @Override
    public void selfDestructed(Address contract, Address heir, Word balance) {
        tracers.forEach(tracer -> tracer.selfDestructed(contract, heir, balance));
    }
}
