package coco.evm;

import coco.evm.state.JournaledAccount;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.util.Arrays;

/**
 * The other loop: runs frames one instruction at a time and tells a {@link Tracer}.
 *
 * <p>It has no switch of its own. {@link Interpreter#run} is handed code that has one instruction in its place and STOP
 * everywhere else, so it comes back after that one: there is one meaning of every opcode, no test in the fast loop, and
 * no instruction fused with the next, because the next is STOP. A jump goes behind its JUMPDEST and has paid for it,
 * which is taken back here, so that the JUMPDEST is a step as well. Jumps themselves stand behind the code while they
 * run, where none can lead: in its own place a jump would be found again if its JUMPDEST is right before it.
 *
 * <p>The price of an instruction is known when it has run, or when it is about to change the state: those instructions
 * that do say so by {@link #beforeChange}. Whatever else an instruction overwrites {@link Step} keeps.
 */
final class Tracing {
    /** Not an end of the frame: one instruction is over. */
    private static final int NEXT = -1;

    private static final int STEPS_BETWEEN_CHECKS = 1024;

    private final Execution x;
    private final Tracer tracer;
    private final Step step;
    /** STOP for as many bytes as the longest code has. */
    private byte[] mask = new byte[0];

    /** The instruction in progress was not told yet. */
    private boolean pending;

    private int steps;
    /** What each open frame was given. */
    private long[] given = new long[16];

    private int open;

    Tracing(Execution x, Tracer tracer) {
        this.x = x;
        this.tracer = tracer;
        this.step = new Step(x.rules, new TracedState(x.state), x.frames.at(0));
    }

    // ---- steps ----

    /** As {@link Interpreter#run}. */
    int run(Frame f) {
        while (tracer.wantsSteps()) {
            if ((++steps & (STEPS_BETWEEN_CHECKS - 1)) == 0 && x.isCancelled()) {
                return Exit.CANCELLED;
            }
            int exit = step(f);
            if (exit != NEXT) {
                return exit;
            }
        }
        return Interpreter.run(x, f, f.code.padded());
    }

    private int step(Frame f) {
        byte[] code = f.code.padded();
        int pc = f.pc;
        int op = code[pc] & 0xFF;
        int length = op > Op.PUSH0 && op < Op.DUP1 ? op - Op.PUSH0 + 1 : 1;
        if (mask.length < code.length) {
            mask = new byte[code.length];
        }
        step.capture(f, op);
        pending = true;
        if (op == Op.JUMP || op == Op.JUMPI) {
            return jump(f, op, code.length - 2);
        }
        System.arraycopy(code, pc, mask, pc, length);
        int exit = Interpreter.run(x, f, mask);
        Arrays.fill(mask, pc, pc + length, (byte) Op.STOP);
        return conclude(f, op, exit);
    }

    /**
     * Runs a jump as if it stood at another place.
     *
     * @param place in the padding, with one more byte behind it
     */
    private int jump(Frame f, int op, int place) {
        mask[place] = (byte) op;
        f.pc = place;
        int exit = Interpreter.run(x, f, mask);
        mask[place] = Op.STOP;
        if (exit == Exit.SUCCESS && f.pc < place) {
            // Behind the STOP that is behind the JUMPDEST.
            f.pc -= 2;
            f.gas++;
            tell(f.gas);
            return NEXT;
        }
        f.pc += step.pc() - place;
        return conclude(f, op, exit);
    }

    private int conclude(Frame f, int op, int exit) {
        boolean ends = op == Op.STOP || op == Op.RETURN || op == Op.SELFDESTRUCT;
        if (exit == Exit.ENTER || exit == Exit.REVERT || (exit == Exit.SUCCESS && ends)) {
            tell(f.gas);
            return exit;
        }
        if (exit == Exit.SUCCESS) {
            f.pc--;
            tell(f.gas);
            return NEXT;
        }
        if (exit == Exit.OUT_OF_GAS && failsAtJumpDestination(op)) {
            f.pc = (int) step.stack(step.stackSize() - 1).l0();
            f.sp = op == Op.JUMP ? step.sp() - 4 : step.sp() - 8;
            f.gas = 0;
            tell(0);
            return NEXT;
        }
        tellFailure(f, op, exit);
        return exit;
    }

    /** A jump that could be paid for is found out of gas only by the JUMPDEST it has paid for as well. */
    private boolean failsAtJumpDestination(int op) {
        return (op == Op.JUMP || op == Op.JUMPI) && step.gasBefore() >= ForkRules.gas(x.rules.table[op]);
    }

    private void tell(long gasLeft) {
        if (pending) {
            pending = false;
            step.price(step.gasBefore() - gasLeft, null);
            tracer.step(step);
        }
    }

    private void tellFailure(Frame f, int op, int exit) {
        if (!pending || exit == Exit.CANCELLED) {
            return;
        }
        pending = false;
        boolean begins = exit != Exit.OUT_OF_GAS
                && exit != Exit.STACK_UNDERFLOW
                && exit != Exit.STACK_OVERFLOW
                && exit != Exit.INIT_CODE_TOO_LONG;
        boolean isPrice = f.gas < 0 && Exit.isPrice(f.gas);
        int fixed = exit == Exit.INVALID_OPCODE ? 0 : ForkRules.gas(x.rules.table[op]);
        step.price(isPrice ? step.gasBefore() - f.gas : fixed, begins ? null : Exit.halt(exit));
        tracer.step(step);
    }

    /** The instruction in progress was paid for, and is going to change the state. */
    void beforeChange(long gasLeft) {
        tell(gasLeft);
    }

    // ---- frames ----

    /** A frame begins; the gas is what it is given. */
    private void entered(FrameEntry frame) {
        if (open == given.length) {
            given = Arrays.copyOf(given, open * 2);
        }
        given[open++] = frame.gas();
        tracer.frameEntered(frame);
    }

    /** The outermost frame begins. */
    void invoked(Invocation call, Address code, boolean isPrecompile) {
        byte[] data = call.data();
        entered(new FrameEntry(
                call.kind(),
                0,
                call.caller(),
                call.target(),
                call.target(),
                code,
                isPrecompile,
                call.value(),
                call.gas(),
                data,
                0,
                data.length));
    }

    /** A call by an instruction begins. */
    void called(
            Frame f,
            int op,
            JournaledAccount target,
            Address callee,
            Address code,
            Word value,
            long gas,
            int inputOffset,
            int inputLength) {
        boolean isPrecompile = x.precompiles.at(target.address()) != null;
        entered(new FrameEntry(
                Calls.kind(op),
                f.depth + 1,
                f.self().address(),
                target.address(),
                callee,
                code,
                isPrecompile,
                op == Op.DELEGATECALL ? f.value : value,
                gas,
                f.memory,
                inputOffset,
                inputLength));
    }

    /** A creation begins. */
    void creates(CallKind kind, int depth, Address creator, Address address, Word value, long gas, byte[] initCode) {
        entered(new FrameEntry(
                kind, depth, creator, address, address, address, false, value, gas, initCode, 0, initCode.length));
    }

    /** The frame entered last ended before an instruction of it ran. */
    void exited(Halt halt, long gasLeft, byte[] output) {
        exited(halt, halt.text(), gasLeft, output, 0, output.length);
    }

    /** The frame, which was entered last and ran, is over. */
    void exited(Frame f, int exit) {
        Halt halt = Exit.halt(exit);
        int op = f.code.padded()[Math.max(0, f.pc - 1)] & 0xFF;
        String error = Faults.text(x.rules, halt, op, f.sp);
        exited(halt, error, f.gas, f.memory, f.outputOffset, f.outputLength);
    }

    private void exited(Halt halt, String error, long gasLeft, byte[] output, int offset, int length) {
        long used = given[--open] - gasLeft;
        tracer.frameExited(new FrameExit(halt, error, open, used, output, offset, length));
    }

    /** The execution is given up: everything that was entered is left. */
    void abandoned() {
        while (open > 0) {
            exited(Halt.CANCELLED, 0, new byte[0]);
        }
    }

    // ---- the rest ----

    void logWritten(Log log) {
        tracer.logWritten(log);
    }

    void selfDestructed(JournaledAccount contract, JournaledAccount heir) {
        tracer.selfDestructed(contract.address(), heir.address(), contract.balance());
    }
}
