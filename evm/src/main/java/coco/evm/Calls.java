package coco.evm;

import coco.evm.code.CodeInfo;
import coco.evm.precompiles.Precompile;
import coco.evm.state.JournaledAccount;
import coco.evm.types.Address;
import coco.evm.types.Word;
import org.jspecify.annotations.Nullable;

/** CALL, CALLCODE, DELEGATECALL and STATICCALL. */
final class Calls {
    private static final long VALUE = 9_000;
    private static final long STIPEND = 2_300;
    private static final long NEW_ACCOUNT = 25_000;
    private static final byte[] NOTHING = new byte[0];

    private Calls() {}

    /**
     * Carries out the instruction for the frame whose {@code gas} and {@code pc} were written back.
     *
     * @return true if the next frame is ready to run; otherwise the instruction is over, and the frame's gas, negative
     *     after a failure, and stack pointer are as it left them
     */
    static boolean enter(Execution x, Frame f, int op, int sp) {
        boolean takesValue = op == Op.CALL || op == Op.CALLCODE;
        int input = takesValue ? sp - 16 : sp - 12;
        boolean paying = takesValue && !Words.isZero(f.stack, sp - 12);
        f.sp = input - 8;
        if (paying && op == Op.CALL && f.isStatic) {
            return fail(f, Exit.failure(Exit.WRITE_PROTECTION));
        }
        long gas = reserve(f, input, f.gas);
        if (gas < 0) {
            return fail(f, gas);
        }
        JournaledAccount target = x.state.account(f.stack, sp - 8);
        gas -= price(x, target, op, paying);
        CodeInfo code = x.state.code(target);
        Address codeAddress = target.address();
        Address delegate = x.rules.followsDelegation ? code.delegate() : null;
        if (delegate != null && gas >= 0) {
            JournaledAccount followed = x.state.account(delegate);
            gas -= x.rules.warmAccount + (x.wasCold(followed) ? x.rules.coldAccountSurcharge : 0);
            code = x.precompiles.isReserved(delegate) ? CodeInfo.EMPTY : x.state.code(followed);
            codeAddress = delegate;
        }
        if (gas < 0) {
            return fail(f, gas);
        }
        long given = gasGiven(x, f.stack, sp - 4, gas);
        if (given < 0) {
            return fail(f, Exit.failure(Exit.OUT_OF_GAS));
        }
        f.gas = gas - given;
        setRanges(f, input);
        return call(x, f, op, target, code, codeAddress, paying ? given + STIPEND : given, sp);
    }

    private static boolean fail(Frame f, long negativeGas) {
        f.gas = negativeGas;
        return false;
    }

    private static long reserve(Frame f, int input, long gas) {
        long left = f.reserveRange(f.stack, input, input - 4, gas);
        return left < 0 ? left : f.reserveRange(f.stack, input - 8, input - 12, left);
    }

    private static long price(Execution x, JournaledAccount target, int op, boolean paying) {
        ForkRules rules = x.rules;
        long price = x.wasCold(target) ? rules.coldAccountSurcharge : 0;
        if (paying) {
            price += VALUE;
        }
        if (op == Op.CALL && (rules.clearsEmpty ? paying && target.isEmpty() : !target.exists())) {
            price += NEW_ACCOUNT;
        }
        return price;
    }

    /** What was asked for, but since EIP-150 not more than 63/64 of what is there; before, -1 for too much. */
    private static long gasGiven(Execution x, long[] s, int at, long gas) {
        long asked = Words.saturated(s, at);
        if (x.rules.sparesGas) {
            return Math.min(asked, gas - (gas >>> 6));
        }
        return asked <= gas ? asked : -1;
    }

    private static void setRanges(Frame f, int input) {
        long[] s = f.stack;
        f.resultLength = (int) s[input - 12];
        f.resultOffset = f.resultLength == 0 ? 0 : (int) s[input - 8];
    }

    /** Puts zero on the stack and takes the gas back: nothing of the call ran. */
    private static boolean refuse(Execution x, Frame f, long given, Halt why) {
        if (x.tracing != null) {
            x.tracing.exited(why, given, NOTHING);
        }
        Words.set(f.stack, f.sp - 4, 0);
        f.gas += given;
        f.clearReturnData();
        return false;
    }

    private static boolean call(
            Execution x,
            Frame f,
            int op,
            JournaledAccount target,
            CodeInfo code,
            Address codeAddress,
            long given,
            int sp) {
        boolean takesValue = op == Op.CALL || op == Op.CALLCODE;
        int input = takesValue ? sp - 16 : sp - 12;
        Word value = takesValue ? Words.get(f.stack, sp - 12) : Word.ZERO;
        int inputLength = (int) f.stack[input - 4];
        int inputOffset = inputLength == 0 ? 0 : (int) f.stack[input];
        boolean inPlace = op == Op.DELEGATECALL || op == Op.CALLCODE;
        JournaledAccount self = inPlace ? f.self() : target;
        if (x.isCancelled()) {
            return fail(f, Exit.failure(Exit.CANCELLED));
        }
        if (x.tracing != null) {
            x.tracing.beforeChange(f.gas);
            x.tracing.called(f, op, target, self.address(), codeAddress, value, given, inputOffset, inputLength);
        }
        if (f.depth >= FramePool.DEPTH_MAX) {
            return refuse(x, f, given, Halt.DEPTH);
        }
        if (takesValue && f.self().balance().compareTo(value) < 0) {
            return refuse(x, f, given, Halt.INSUFFICIENT_BALANCE);
        }
        Precompile precompile = x.precompiles.at(target.address());
        if (precompile == null
                && x.guard != null
                && !mayEnter(x, f, op, self.address(), codeAddress, inputOffset, inputLength)) {
            return refuse(x, f, given, Halt.REVERT);
        }
        int mark = x.state.mark();
        if (!inPlace) {
            x.state.transfer(f.self(), target, value);
        }
        if (precompile != null) {
            return runPrecompile(x, f, precompile, inputOffset, inputLength, given, mark);
        }
        if (code.isEmpty()) {
            if (x.tracing != null) {
                x.tracing.exited(Halt.SUCCESS, given, NOTHING);
            }
            Words.set(f.stack, f.sp - 4, 1);
            f.gas += given;
            f.clearReturnData();
            return false;
        }
        Frame child = x.frames.at(f.depth + 1);
        child.start(code, self, given);
        child.setInput(f.memory, inputOffset, inputLength);
        child.caller = op == Op.DELEGATECALL ? f.caller : f.self().address();
        child.value = op == Op.DELEGATECALL ? f.value : value;
        child.isStatic = f.isStatic || op == Op.STATICCALL;
        child.isCreate = false;
        child.mark = mark;
        return true;
    }

    private static boolean mayEnter(
            Execution x, Frame f, int op, Address callee, Address code, int inputOffset, int inputLength) {
        FrameGuard guard = x.guard;
        return guard == null
                || guard.mayEnter(
                        x.transaction.origin(),
                        f.self().address(),
                        callee,
                        code,
                        selector(f.memory, inputOffset, inputLength),
                        kind(op));
    }

    static CallKind kind(int op) {
        return switch (op) {
            case Op.CALL -> CallKind.CALL;
            case Op.CALLCODE -> CallKind.CALLCODE;
            case Op.DELEGATECALL -> CallKind.DELEGATECALL;
            default -> CallKind.STATICCALL;
        };
    }

    /** The first four bytes as a number, filled with zeros. */
    static int selector(byte[] input, int offset, int length) {
        int selector = 0;
        for (int i = 0; i < 4; i++) {
            selector = (selector << 8) | (i < length ? input[offset + i] & 0xFF : 0);
        }
        return selector;
    }

    private static boolean runPrecompile(
            Execution x, Frame f, Precompile precompile, int inputOffset, int inputLength, long given, int mark) {
        long left = given - precompile.gas(f.memory, inputOffset, inputLength);
        byte @Nullable [] output = left < 0 ? null : precompile.run(f.memory, inputOffset, inputLength);
        if (x.tracing != null) {
            Halt halt = left < 0 ? Halt.OUT_OF_GAS : output == null ? Halt.PRECOMPILE_FAILED : Halt.SUCCESS;
            x.tracing.exited(halt, output == null ? 0 : left, output == null ? NOTHING : output);
        }
        if (output == null) {
            x.state.revertTo(mark);
            Words.set(f.stack, f.sp - 4, 0);
            f.clearReturnData();
            return false;
        }
        Words.set(f.stack, f.sp - 4, 1);
        f.gas += left;
        f.setReturnData(output, 0, output.length);
        Execution.copyResult(f, output, 0, output.length);
        return false;
    }
}
