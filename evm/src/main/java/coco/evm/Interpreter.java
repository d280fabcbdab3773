package coco.evm;

import coco.evm.code.CodeInfo;

/**
 * The loop. Everything that decides the speed of the machine is here; see the package for the idea.
 *
 * <p>{@link #run} is long on purpose, against the rule for methods, and must stay below 8,000 bytes of bytecode:
 * HotSpot compiles nothing larger ({@code DontCompileHugeMethods}), and a test reads the class file to make sure. So
 * only what is cheaper than a call is written out in it. Measure before and after you change it.
 */
final class Interpreter {
    /** The same in all forks. A jump goes behind the JUMPDEST it found, and pays for it. */
    private static final int JUMP_GAS = 8;

    private static final int JUMPI_GAS = 10;
    private static final int JUMPDEST_GAS = 1;

    private Interpreter() {}

    /**
     * Runs the frame from where it stands until it ends or enters another frame. The frame then says where that was; gas
     * below zero says what was wanted.
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
            switch (op) {
                case Op.STOP -> {
                    exit = Exit.SUCCESS;
                    break loop;
                }
                case Op.ADD -> {
                    Words.add(s, sp);
                    sp -= 4;
                }
                case Op.MUL -> {
                    Words.mul(s, sp);
                    sp -= 4;
                }
                case Op.SUB -> {
                    Words.sub(s, sp);
                    sp -= 4;
                }
                case Op.DIV -> {
                    Division.div(s, sp);
                    sp -= 4;
                }
                case Op.SDIV -> {
                    Division.sdiv(s, sp);
                    sp -= 4;
                }
                case Op.MOD -> {
                    Division.mod(s, sp);
                    sp -= 4;
                }
                case Op.SMOD -> {
                    Division.smod(s, sp);
                    sp -= 4;
                }
                case Op.ADDMOD -> {
                    Division.addmod(s, sp);
                    sp -= 8;
                }
                case Op.MULMOD -> {
                    Division.mulmod(s, sp);
                    sp -= 8;
                }
                case Op.EXP -> {
                    gas = DataOps.exp(x, s, sp, gas);
                    sp -= 4;
                }
                case Op.SIGNEXTEND -> {
                    Words.signExtend(s, sp);
                    sp -= 4;
                }
                case Op.LT -> {
                    Words.set(s, sp - 8, Words.less(s, sp - 4, sp - 8) ? 1 : 0);
                    sp -= 4;
                }
                case Op.GT -> {
                    Words.set(s, sp - 8, Words.less(s, sp - 8, sp - 4) ? 1 : 0);
                    sp -= 4;
                }
                case Op.SLT -> {
                    Words.set(s, sp - 8, Words.signedLess(s, sp - 4, sp - 8) ? 1 : 0);
                    sp -= 4;
                }
                case Op.SGT -> {
                    Words.set(s, sp - 8, Words.signedLess(s, sp - 8, sp - 4) ? 1 : 0);
                    sp -= 4;
                }
                case Op.EQ -> {
                    Words.eq(s, sp);
                    sp -= 4;
                }
                case Op.ISZERO -> Words.set(s, sp - 4, Words.isZero(s, sp - 4) ? 1 : 0);
                case Op.AND -> {
                    sp -= 4;
                    s[sp - 4] &= s[sp];
                    s[sp - 3] &= s[sp + 1];
                    s[sp - 2] &= s[sp + 2];
                    s[sp - 1] &= s[sp + 3];
                }
                case Op.OR -> {
                    sp -= 4;
                    s[sp - 4] |= s[sp];
                    s[sp - 3] |= s[sp + 1];
                    s[sp - 2] |= s[sp + 2];
                    s[sp - 1] |= s[sp + 3];
                }
                case Op.XOR -> {
                    sp -= 4;
                    s[sp - 4] ^= s[sp];
                    s[sp - 3] ^= s[sp + 1];
                    s[sp - 2] ^= s[sp + 2];
                    s[sp - 1] ^= s[sp + 3];
                }
                case Op.NOT -> {
                    s[sp - 4] = ~s[sp - 4];
                    s[sp - 3] = ~s[sp - 3];
                    s[sp - 2] = ~s[sp - 2];
                    s[sp - 1] = ~s[sp - 1];
                }
                case Op.BYTE -> {
                    Words.byteAt(s, sp);
                    sp -= 4;
                }
                case Op.SHL -> {
                    Words.shl(s, sp);
                    sp -= 4;
                }
                case Op.SHR -> {
                    Words.shr(s, sp);
                    sp -= 4;
                }
                case Op.SAR -> {
                    Words.sar(s, sp);
                    sp -= 4;
                }
                case Op.CLZ -> Words.clz(s, sp);
                case Op.KECCAK256 -> {
                    gas = DataOps.keccak(x, f, s, sp, gas);
                    sp -= 4;
                }
                case Op.ADDRESS -> {
                    Words.set(s, sp, f.self().address());
                    sp += 4;
                }
                case Op.BALANCE -> gas = StateOps.balance(x, s, sp, gas);
                case Op.ORIGIN -> {
                    Words.set(s, sp, x.transaction.origin());
                    sp += 4;
                }
                case Op.CALLER -> {
                    Words.set(s, sp, f.caller);
                    sp += 4;
                }
                case Op.CALLVALUE -> {
                    Words.set(s, sp, f.value);
                    sp += 4;
                }
                case Op.CALLDATALOAD -> DataOps.callDataLoad(f, s, sp);
                case Op.CALLDATASIZE -> {
                    Words.set(s, sp, f.inputLength);
                    sp += 4;
                }
                case Op.CALLDATACOPY -> {
                    gas = DataOps.copy(f, s, sp, f.input, f.inputOffset, f.inputLength, gas);
                    sp -= 12;
                }
                case Op.CODESIZE -> {
                    Words.set(s, sp, info.length());
                    sp += 4;
                }
                case Op.CODECOPY -> {
                    gas = DataOps.copy(f, s, sp, info.padded(), 0, info.length(), gas);
                    sp -= 12;
                }
                case Op.GASPRICE -> {
                    Words.set(s, sp, x.transaction.gasPrice());
                    sp += 4;
                }
                case Op.EXTCODESIZE -> gas = StateOps.codeSize(x, s, sp, gas);
                case Op.EXTCODECOPY -> {
                    gas = StateOps.codeCopy(x, f, s, sp, gas);
                    sp -= 16;
                }
                case Op.RETURNDATASIZE -> {
                    Words.set(s, sp, f.returnLength);
                    sp += 4;
                }
                case Op.RETURNDATACOPY -> {
                    gas = DataOps.returnDataCopy(f, s, sp, gas);
                    sp -= 12;
                }
                case Op.EXTCODEHASH -> gas = StateOps.codeHash(x, s, sp, gas);
                case Op.BLOCKHASH -> StateOps.blockHash(x, s, sp);
                case Op.COINBASE,
                        Op.TIMESTAMP,
                        Op.NUMBER,
                        Op.PREVRANDAO,
                        Op.GASLIMIT,
                        Op.CHAINID,
                        Op.BASEFEE,
                        Op.BLOBBASEFEE -> {
                    StateOps.environment(x, op, s, sp);
                    sp += 4;
                }
                case Op.SELFBALANCE -> {
                    Words.set(s, sp, f.self().balance());
                    sp += 4;
                }
                case Op.BLOBHASH -> StateOps.blobHash(x, s, sp);
                case Op.POP -> sp -= 4;
                case Op.MLOAD -> {
                    gas = f.reserve(s, sp - 4, 32, gas);
                    if (gas >= 0) {
                        f.load(s, sp - 4);
                    }
                }
                case Op.MSTORE -> {
                    gas = f.reserve(s, sp - 4, 32, gas);
                    if (gas >= 0) {
                        f.store(s, sp - 4, sp - 8);
                    }
                    sp -= 8;
                }
                case Op.MSTORE8 -> {
                    gas = f.reserve(s, sp - 4, 1, gas);
                    if (gas >= 0) {
                        f.memory[(int) s[sp - 4]] = (byte) s[sp - 8];
                    }
                    sp -= 8;
                }
                case Op.SLOAD -> gas = StateOps.load(x, f, s, sp, gas);
                case Op.SSTORE -> {
                    gas = StateOps.store(x, f, s, sp, gas);
                    sp -= 8;
                }
                case Op.JUMP -> {
                    sp -= 4;
                    final int to = destination(info, s, sp);
                    if (to < 0) {
                        gas = Exit.failure(Exit.INVALID_JUMP);
                        continue;
                    }
                    if (to < pc && x.isCancelledAfterJump()) {
                        exit = Exit.CANCELLED;
                        break loop;
                    }
                    gas -= JUMPDEST_GAS;
                    pc = to + 1;
                }
                case Op.JUMPI -> {
                    sp -= 8;
                    if ((s[sp] | s[sp + 1] | s[sp + 2] | s[sp + 3]) != 0) {
                        final int to = destination(info, s, sp + 4);
                        if (to < 0) {
                            gas = Exit.failure(Exit.INVALID_JUMP);
                            continue;
                        }
                        if (to < pc && x.isCancelledAfterJump()) {
                            exit = Exit.CANCELLED;
                            break loop;
                        }
                        gas -= JUMPDEST_GAS;
                        pc = to + 1;
                    }
                }
                case Op.PC -> {
                    Words.set(s, sp, pc - 1);
                    sp += 4;
                }
                case Op.MSIZE -> {
                    Words.set(s, sp, f.memorySize);
                    sp += 4;
                }
                case Op.GAS -> {
                    Words.set(s, sp, gas);
                    sp += 4;
                }
                case Op.JUMPDEST -> {}
                case Op.TLOAD -> x.state.loadTransient(f.self(), s, sp - 4);
                case Op.TSTORE -> {
                    gas = StateOps.storeTransient(x, f, s, sp, gas);
                    sp -= 8;
                }
                case Op.MCOPY -> {
                    gas = DataOps.memoryCopy(f, s, sp, gas);
                    sp -= 12;
                }
                case Op.PUSH0 -> {
                    Words.set(s, sp, 0);
                    sp += 4;
                }
                case 0x60 -> {
                    Words.set(s, sp, code[pc++] & 0xFF);
                    sp += 4;
                }
                case 0x61 -> {
                    // Compilers write nearly every jump as PUSH2 and JUMP or JUMPI: doing both saves a round.
                    final int value = ((code[pc] & 0xFF) << 8) | (code[pc + 1] & 0xFF);
                    final int next = code[pc + 2] & 0xFF;
                    if (next == Op.JUMPI && sp >= 4) {
                        gas -= JUMPI_GAS;
                        sp -= 4;
                        if ((s[sp] | s[sp + 1] | s[sp + 2] | s[sp + 3]) == 0) {
                            pc += 3;
                            continue;
                        }
                    } else if (next == Op.JUMP) {
                        gas -= JUMP_GAS;
                    } else {
                        Words.set(s, sp, value);
                        pc += 2;
                        sp += 4;
                        continue;
                    }
                    if (!info.isJumpDestination(value)) {
                        gas = gas < 0 ? gas : Exit.failure(Exit.INVALID_JUMP);
                        continue;
                    }
                    if (value < pc && x.isCancelledAfterJump()) {
                        exit = Exit.CANCELLED;
                        break loop;
                    }
                    gas -= JUMPDEST_GAS;
                    pc = value + 1;
                }
                case 0x62, 0x63, 0x64, 0x65, 0x66, 0x67 -> {
                    Words.set(s, sp, Words.shortPush(code, pc, op - 0x5F));
                    pc += op - 0x5F;
                    sp += 4;
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
                }
                case 0x7F -> {
                    Words.load(s, sp, code, pc);
                    pc += 32;
                    sp += 4;
                }
                case 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8B, 0x8C, 0x8D, 0x8E, 0x8F -> {
                    final int from = sp - ((op - 0x7F) << 2);
                    s[sp] = s[from];
                    s[sp + 1] = s[from + 1];
                    s[sp + 2] = s[from + 2];
                    s[sp + 3] = s[from + 3];
                    sp += 4;
                }
                case 0x90, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F ->
                    swap(s, sp - 4, sp - ((op - 0x8E) << 2));
                case 0xA0, 0xA1, 0xA2, 0xA3, 0xA4 -> {
                    gas = StateOps.log(x, f, s, sp, op - Op.LOG0, gas);
                    sp -= (op - Op.LOG0 + 2) << 2;
                }
                case Op.CREATE, Op.CREATE2 -> {
                    f.gas = gas;
                    f.pc = pc;
                    if (Creations.enter(x, f, op, sp)) {
                        return Exit.ENTER;
                    }
                    gas = f.gas;
                    sp = f.sp;
                }
                case Op.CALL, Op.CALLCODE, Op.DELEGATECALL, Op.STATICCALL -> {
                    f.gas = gas;
                    f.pc = pc;
                    if (Calls.enter(x, f, op, sp)) {
                        return Exit.ENTER;
                    }
                    gas = f.gas;
                    sp = f.sp;
                }
                case Op.RETURN, Op.REVERT -> {
                    gas = DataOps.setOutput(f, s, sp, gas);
                    if (gas < 0) {
                        continue;
                    }
                    f.gas = gas;
                    return op == Op.RETURN ? Exit.SUCCESS : Exit.REVERT;
                }
                case Op.SELFDESTRUCT -> {
                    gas = StateOps.selfDestruct(x, f, s, sp, gas);
                    if (gas < 0) {
                        continue;
                    }
                    f.gas = gas;
                    return Exit.SUCCESS;
                }
                default -> throw new IllegalStateException("opcode in the table but not in the interpreter: " + op);
            }
        }
        f.gas = gas;
        f.pc = pc;
        f.sp = sp;
        return exit;
    }

    /** The position that the word at {@code i} names, if a JUMP may go there, otherwise -1. */
    private static int destination(CodeInfo info, long[] s, int i) {
        long to = s[i];
        boolean valid = (s[i + 1] | s[i + 2] | s[i + 3]) == 0
                && to >= 0
                && to < info.length()
                && info.isJumpDestination((int) to);
        return valid ? (int) to : -1;
    }

    private static void swap(long[] s, int a, int b) {
        long x0 = s[a];
        long x1 = s[a + 1];
        long x2 = s[a + 2];
        long x3 = s[a + 3];
        s[a] = s[b];
        s[a + 1] = s[b + 1];
        s[a + 2] = s[b + 2];
        s[a + 3] = s[b + 3];
        s[b] = x0;
        s[b + 1] = x1;
        s[b + 2] = x2;
        s[b + 3] = x3;
    }

    private static int stackFault(long rule, int sp) {
        if (ForkRules.need(rule) == ForkRules.UNDEFINED_NEED) {
            return Exit.INVALID_OPCODE;
        }
        return sp < ForkRules.need(rule) ? Exit.STACK_UNDERFLOW : Exit.STACK_OVERFLOW;
    }
}
