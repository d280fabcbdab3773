package coco.evm;

/**
 * The instructions that cost more than a call in the machine they run on, or are rare. {@link Interpreter#run} has them
 * behind one call, so that the compiler spends its budget for inlining on those it meets everywhere.
 */
final class OutOfLine {
    private OutOfLine() {}

    /**
     * Carries out the instruction, whose fixed price was paid and whose operands are there. Longer than a method should
     * be, as the other half of the machine's one switch: a line or two for each opcode.
     *
     * @param sp the stack pointer before it; the caller moves it
     * @param pc behind the instruction
     * @return the gas left, negative after a failure
     */
    static long run(Execution x, Frame f, int op, int sp, int pc, long gas) {
        final long[] s = f.stack;
        switch (op) {
            case Op.DIV -> Division.div(s, sp);
            case Op.SDIV -> Division.sdiv(s, sp);
            case Op.MOD -> Division.mod(s, sp);
            case Op.SMOD -> Division.smod(s, sp);
            case Op.ADDMOD -> Division.addmod(s, sp);
            case Op.MULMOD -> Division.mulmod(s, sp);
            case Op.EXP -> {
                return DataOps.exp(x, s, sp, gas);
            }
            case Op.SIGNEXTEND -> Words.signExtend(s, sp);
            case Op.BYTE -> Words.byteAt(s, sp);
            case Op.CLZ -> Words.clz(s, sp);
            case Op.KECCAK256 -> {
                return DataOps.keccak(x, f, s, sp, gas);
            }
            case Op.ADDRESS -> Words.set(s, sp, f.self().address());
            case Op.BALANCE -> {
                return StateOps.balance(x, f, s, sp, gas);
            }
            case Op.ORIGIN -> Words.set(s, sp, x.transaction.origin());
            case Op.CALLDATALOAD -> DataOps.callDataLoad(f, s, sp);
            case Op.CALLDATASIZE -> Words.set(s, sp, f.inputLength);
            case Op.CALLDATACOPY -> {
                return DataOps.copy(f, s, sp, f.input, f.inputOffset, f.inputLength, gas);
            }
            case Op.CODESIZE -> Words.set(s, sp, f.code.length());
            case Op.CODECOPY -> {
                return DataOps.copy(f, s, sp, f.code.padded(), 0, f.code.length(), gas);
            }
            case Op.GASPRICE -> Words.set(s, sp, x.transaction.gasPrice());
            case Op.EXTCODESIZE -> {
                return StateOps.codeSize(x, s, sp, gas);
            }
            case Op.EXTCODECOPY -> {
                return StateOps.codeCopy(x, f, s, sp, gas);
            }
            case Op.RETURNDATASIZE -> Words.set(s, sp, f.returnLength);
            case Op.RETURNDATACOPY -> {
                return DataOps.returnDataCopy(f, s, sp, gas);
            }
            case Op.EXTCODEHASH -> {
                return StateOps.codeHash(x, f, s, sp, gas);
            }
            case Op.BLOCKHASH -> StateOps.blockHash(x, s, sp);
            case Op.COINBASE,
                    Op.TIMESTAMP,
                    Op.NUMBER,
                    Op.PREVRANDAO,
                    Op.GASLIMIT,
                    Op.CHAINID,
                    Op.BASEFEE,
                    Op.BLOBBASEFEE -> StateOps.environment(x, op, s, sp);
            case Op.SELFBALANCE -> Words.set(s, sp, f.self().balance());
            case Op.BLOBHASH -> StateOps.blobHash(x, s, sp);
            case Op.MSTORE8 -> {
                long left = f.reserve(s, sp - 4, 1, gas);
                if (left >= 0) {
                    f.memory[(int) s[sp - 4]] = (byte) s[sp - 8];
                }
                return left;
            }
            case Op.SLOAD -> {
                return StateOps.load(x, f, s, sp, gas);
            }
            case Op.SSTORE -> {
                return StateOps.store(x, f, s, sp, gas);
            }
            case Op.PC -> Words.set(s, sp, pc - 1);
            case Op.MSIZE -> Words.set(s, sp, f.memorySize);
            case Op.TLOAD -> x.state.loadTransient(f.self(), s, sp - 4);
            case Op.TSTORE -> {
                return StateOps.storeTransient(x, f, s, sp, gas);
            }
            case Op.MCOPY -> {
                return DataOps.memoryCopy(f, s, sp, gas);
            }
            case 0xA0, 0xA1, 0xA2, 0xA3, 0xA4 -> {
                return StateOps.log(x, f, s, sp, op - Op.LOG0, gas);
            }
            case Op.RETURN, Op.REVERT -> {
                return DataOps.setOutput(f, s, sp, gas);
            }
            case Op.SELFDESTRUCT -> {
                return StateOps.selfDestruct(x, f, s, sp, gas);
            }
            default -> throw new IllegalStateException("opcode in the table but not in the interpreter: " + op);
        }
        return gas;
    }
}
