package coco.evm;

import coco.evm.code.CodeInfo;

/**
 * The loop. Everything that decides the speed of the machine is here; see the package for the idea.
 *
 * <p>{@link #run} is long on purpose, against the rule for methods, and must stay below 8,000 bytes of bytecode:
 * HotSpot compiles nothing larger ({@code DontCompileHugeMethods}), and a test reads the class file to make sure. So
 * only what is cheaper than a call is written out in it, the rest is behind one ({@link OutOfLine}).
 *
 * <p>The compiler computes what two cases of the switch have in common before it, for every instruction, and has too
 * few registers to keep it: the index of each range check, each field that is read. Therefore cases that need the same
 * field are one case, all jumps end in one place, and helpers touch the lowest of their longs first and then the
 * highest: what lies between needs no check of its own. And therefore a case does not say {@code sp} but {@code sp -
 * (op ^ its own opcode)}, which is the same and looks like that of no other case. Measure before and after you change
 * it.
 */
final class Interpreter {
    /** The same in all forks. A jump goes behind the JUMPDEST it found, and pays for it. */
    private static final int JUMP_GAS = 8;

    private static final int JUMPI_GAS = 10;
    private static final int JUMPDEST_GAS = 1;

    private Interpreter() {}

    /**
     * Runs the frame from where it stands until it ends or enters another frame. The frame then says where that was;
     * gas below zero says what was wanted.
     *
     * @param code the padded code of the frame, or as much of it as is to be run, with STOP everywhere else
     * @return one of {@link Exit}
     */
    static int run(Execution x, Frame f, byte[] code) {
        final long[] table = x.rules.table;
        final long[] s = f.stack;
        final CodeInfo info = f.code;
        int pc = f.pc;
        int sp = f.sp;
        long gas = f.gas;
        int exit;

        loop:
        while (true) {
            final int op = code[pc++] & 0xFF;
            final long rule = table[op];
            gas -= ForkRules.gas(rule);
            if (gas < 0) {
                exit = Exit.reason(gas);
                break;
            }
            if (Integer.compareUnsigned(sp - ForkRules.need(rule), ForkRules.span(rule)) > 0) {
                exit = stackFault(rule, sp);
                break;
            }
            final int to;
            switch (op) {
                case Op.STOP -> {
                    exit = Exit.SUCCESS;
                    break loop;
                }
                case Op.ADD -> {
                    Words.add(s, sp - (op ^ Op.ADD));
                    sp -= 4;
                    continue;
                }
                case Op.MUL -> {
                    Words.mul(s, sp - (op ^ Op.MUL));
                    sp -= 4;
                    continue;
                }
                case Op.SUB -> {
                    Words.sub(s, sp - (op ^ Op.SUB));
                    sp -= 4;
                    continue;
                }
                case Op.LT, Op.GT, Op.SLT, Op.SGT -> {
                    Words.compare(s, sp - ((op ^ Op.LT) >> 2), op);
                    sp -= 4;
                    continue;
                }
                case Op.EQ -> {
                    Words.eq(s, sp - (op ^ Op.EQ));
                    sp -= 4;
                    continue;
                }
                case Op.ISZERO -> {
                    Words.isZeroToBit(s, sp - (op ^ Op.ISZERO));
                    continue;
                }
                case Op.AND -> {
                    Words.and(s, sp - (op ^ Op.AND));
                    sp -= 4;
                    continue;
                }
                case Op.OR -> {
                    Words.or(s, sp - (op ^ Op.OR));
                    sp -= 4;
                    continue;
                }
                case Op.XOR -> {
                    Words.xor(s, sp - (op ^ Op.XOR));
                    sp -= 4;
                    continue;
                }
                case Op.NOT -> {
                    Words.not(s, sp - (op ^ Op.NOT));
                    continue;
                }
                case Op.SHL -> {
                    Words.shl(s, sp - (op ^ Op.SHL));
                    sp -= 4;
                    continue;
                }
                case Op.SHR -> {
                    Words.shr(s, sp - (op ^ Op.SHR));
                    sp -= 4;
                    continue;
                }
                case Op.SAR -> {
                    Words.sar(s, sp - (op ^ Op.SAR));
                    sp -= 4;
                    continue;
                }
                case Op.CALLER -> {
                    Words.set(s, sp, f.caller);
                    sp += 4;
                    continue;
                }
                case Op.CALLVALUE -> {
                    Words.set(s, sp, f.value);
                    sp += 4;
                    continue;
                }
                case Op.POP -> {
                    sp -= 4;
                    continue;
                }
                case Op.MLOAD, Op.MSTORE -> {
                    final int at = sp - ((op ^ Op.MLOAD) >> 2) - 4;
                    if (!f.holdsWord(s, at)) {
                        gas = f.expand(s, at, 32, gas);
                        if (gas < 0) {
                            continue;
                        }
                    }
                    if (op == Op.MLOAD) {
                        f.load(s, at);
                    } else {
                        f.store(s, at, at - 4);
                        sp -= 8;
                    }
                    continue;
                }
                case Op.JUMP -> {
                    sp -= 4;
                    to = position(s, sp - (op ^ Op.JUMP));
                }
                case Op.JUMPI -> {
                    sp -= 8;
                    final int at = sp - (op ^ Op.JUMPI);
                    if (Words.isZero(s, at)) {
                        continue;
                    }
                    to = position(s, at + 4);
                }
                case Op.GAS -> {
                    Words.set(s, sp, gas);
                    sp += 4;
                    continue;
                }
                case Op.JUMPDEST -> {
                    continue;
                }
                case Op.PUSH0 -> {
                    Words.set(s, sp, 0);
                    sp += 4;
                    continue;
                }
                case 0x60 -> {
                    Words.set(s, sp, code[pc++] & 0xFF);
                    sp += 4;
                    continue;
                }
                case 0x61 -> {
                    // Compilers write nearly every jump as PUSH2 and JUMP or JUMPI: doing both saves a round.
                    to = ((code[pc] & 0xFF) << 8) | (code[pc + 1] & 0xFF);
                    final int next = code[pc + 2] & 0xFF;
                    if (next == Op.JUMPI && sp >= 4) {
                        gas -= JUMPI_GAS;
                        sp -= 4;
                        if (Words.isZero(s, sp - (op ^ Op.PUSH2))) {
                            pc += 3;
                            continue;
                        }
                    } else if (next == Op.JUMP) {
                        gas -= JUMP_GAS;
                    } else {
                        Words.set(s, sp, to);
                        pc += 2;
                        sp += 4;
                        continue;
                    }
                }
                case 0x62, 0x63, 0x64, 0x65, 0x66, 0x67 -> {
                    Words.set(s, sp, Words.shortPush(code, pc, op - 0x5F));
                    pc += op - 0x5F;
                    sp += 4;
                    continue;
                }
                case 0x68,
                        0x69,
                        0x6A,
                        0x6B,
                        0x6C,
                        0x6D,
                        0x6E,
                        0x6F,
                        0x70,
                        0x71,
                        0x72,
                        0x73,
                        0x74,
                        0x75,
                        0x76,
                        0x77,
                        0x78,
                        0x79,
                        0x7A,
                        0x7B,
                        0x7C,
                        0x7D,
                        0x7E -> {
                    Words.push(s, sp, code, pc, op - 0x5F);
                    pc += op - 0x5F;
                    sp += 4;
                    continue;
                }
                case 0x7F -> {
                    Words.load(s, sp, code, pc);
                    pc += 32;
                    sp += 4;
                    continue;
                }
                case 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F -> {
                    Words.copy(s, sp - ((op - 0x7F) << 2), sp);
                    sp += 4;
                    continue;
                }
                case 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F -> {
                    Words.swap(s, sp - ((op - 0x8E) << 2), sp - 4);
                    continue;
                }
                case Op.CREATE, Op.CREATE2 -> {
                    f.gas = gas;
                    f.pc = pc;
                    if (Creations.enter(x, f, op, sp)) {
                        return Exit.ENTER;
                    }
                    gas = f.gas;
                    sp = f.sp;
                    continue;
                }
                case Op.CALL, Op.CALLCODE, Op.DELEGATECALL, Op.STATICCALL -> {
                    f.gas = gas;
                    f.pc = pc;
                    if (Calls.enter(x, f, op, sp)) {
                        return Exit.ENTER;
                    }
                    gas = f.gas;
                    sp = f.sp;
                    continue;
                }
                case Op.RETURN, Op.REVERT, Op.SELFDESTRUCT -> {
                    gas = OutOfLine.run(x, f, op, sp, pc, gas);
                    if (gas < 0) {
                        continue;
                    }
                    exit = op == Op.REVERT ? Exit.REVERT : Exit.SUCCESS;
                    break loop;
                }
                default -> {
                    gas = OutOfLine.run(x, f, op, sp, pc, gas);
                    sp += ForkRules.change(table[op]);
                    continue;
                }
            }
            // Only jumps come here.
            if (to < 0 || !info.isJumpDestination(to)) {
                gas = gas < 0 ? gas : Exit.failure(Exit.INVALID_JUMP);
                continue;
            }
            if (to < pc && x.isCancelledAfterJump()) {
                exit = Exit.CANCELLED;
                break;
            }
            gas -= JUMPDEST_GAS;
            pc = to + 1;
        }
        f.gas = gas;
        f.pc = pc;
        f.sp = sp;
        return exit;
    }

    /** The word as a position in code; negative if it is too large for any. */
    private static int position(long[] s, int i) {
        long to = s[i];
        return (s[i + 1] | s[i + 2] | s[i + 3]) == 0 && to == (int) to ? (int) to : -1;
    }

    private static int stackFault(long rule, int sp) {
        if (ForkRules.need(rule) == ForkRules.UNDEFINED_NEED) {
            return Exit.INVALID_OPCODE;
        }
        return sp < ForkRules.need(rule) ? Exit.STACK_UNDERFLOW : Exit.STACK_OVERFLOW;
    }
}
