package coco.evm.testing;

import coco.evm.CallKind;
import coco.evm.FrameEntry;
import coco.evm.FrameExit;
import coco.evm.Step;
import coco.evm.Tracer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Takes single steps and does the accounts: what a step had, less its cost, less what its call used, is what the next
 * one has; code is walked instruction by instruction; every frame that is entered is left.
 */
public final class CheckingTracer implements Tracer {
    private static final int JUMP = 0x56;
    private static final int JUMPI = 0x57;
    private static final int JUMPDEST = 0x5B;
    private static final int PUSH0 = 0x5F;
    private static final int PUSH32 = 0x7F;

    private final Deque<Level> open = new ArrayDeque<>();
    public final List<String> faults = new ArrayList<>();
    public long steps;

    private static final class Level {
        final FrameEntry entry;
        long gas;
        int pc;
        int op = -1;
        boolean cannotGoOn;

        Level(FrameEntry entry) {
            this.entry = entry;
            this.gas = entry.gas();
        }
    }

    @Override
    public boolean wantsSteps() {
        return true;
    }

    @Override
    public void frameEntered(FrameEntry frame) {
        if (frame.depth() != open.size()) {
            fault("frame at depth " + frame.depth() + " inside " + open.size());
        }
        open.addLast(new Level(frame));
    }

    @Override
    public void frameExited(FrameExit frame) {
        Level level = open.removeLast();
        if (frame.gasUsed() < 0 || frame.gasUsed() > level.entry.gas()) {
            fault("a frame of " + level.entry.gas() + " gas used " + frame.gasUsed());
        }
        if (frame.halt().isSuccess() != frame.error().isEmpty()) {
            fault(frame.halt() + " but " + frame.error());
        }
        Level parent = open.peekLast();
        if (parent != null) {
            boolean creates = level.entry.kind() == CallKind.CREATE || level.entry.kind() == CallKind.CREATE2;
            parent.gas += creates ? -frame.gasUsed() : level.entry.gas() - frame.gasUsed();
        }
    }

    @Override
    public void step(Step step) {
        steps++;
        Level level = open.getLast();
        if (step.depth() != open.size()) {
            fault(step, "depth " + step.depth() + " of " + open.size());
        }
        if (level.cannotGoOn) {
            fault(step, "after a failure");
        }
        if (step.gas() != level.gas) {
            fault(step, "gas " + step.gas() + " instead of " + level.gas);
        }
        if (!follows(level, step)) {
            fault(step, "after " + level.pc);
        }
        if (step.failure() == null && (step.cost() < 0 || step.cost() > step.gas())) {
            fault(step, "cost " + step.cost() + " of " + step.gas());
        }
        level.cannotGoOn = step.failure() != null;
        level.gas -= step.cost();
        level.pc = step.pc();
        level.op = step.op();
    }

    private static boolean follows(Level level, Step step) {
        int last = level.op;
        if (last == -1) {
            return step.pc() == 0;
        }
        int length = last > PUSH0 && last <= PUSH32 ? last - PUSH0 + 1 : 1;
        boolean jumped = step.op() == JUMPDEST && (last == JUMP || last == JUMPI);
        return jumped || (last != JUMP && step.pc() == level.pc + length);
    }

    /** What is wrong at the end of the execution. */
    public List<String> faultsAtEnd() {
        if (!open.isEmpty()) {
            fault(open.size() + " frames were not left");
        }
        return faults;
    }

    private void fault(Step step, String text) {
        fault("step at " + step.pc() + " " + step.opName() + ": " + text);
    }

    private void fault(String text) {
        if (faults.size() < 10) {
            faults.add(text);
        }
    }
}
