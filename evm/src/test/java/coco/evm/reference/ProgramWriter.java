package coco.evm.reference;

import coco.evm.types.Fork;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Writes a program that mostly makes sense: whatever an instruction takes was put on the stack before, loops end, and
 * jumps arrive. Mostly only, since what goes wrong has to go wrong alike.
 */
final class ProgramWriter {
    private static final int NESTING_MAX = 3;
    /** EIP-170; init code may be twice as long (EIP-3860). */
    private static final int CODE_BYTES_MAX = 24_576;

    private static final Opcode[] OPCODES = Opcode.values();
    private static final Opcode[] COMPUTING = {
        Opcode.ADD, Opcode.MUL, Opcode.SUB, Opcode.DIV, Opcode.SDIV, Opcode.MOD, Opcode.SMOD, Opcode.ADDMOD,
                Opcode.MULMOD,
        Opcode.EXP, Opcode.SIGNEXTEND, Opcode.LT, Opcode.GT, Opcode.SLT, Opcode.SGT, Opcode.EQ, Opcode.ISZERO,
                Opcode.AND,
        Opcode.OR, Opcode.XOR, Opcode.NOT, Opcode.BYTE, Opcode.SHL, Opcode.SHR, Opcode.SAR, Opcode.CLZ
    };
    /** What takes a number of bits or bytes from the top of the stack. */
    private static final Set<Opcode> COUNTING =
            EnumSet.of(Opcode.SHL, Opcode.SHR, Opcode.SAR, Opcode.BYTE, Opcode.SIGNEXTEND);

    private static final Opcode[] ASKING = {
        Opcode.ADDRESS,
        Opcode.ORIGIN,
        Opcode.CALLER,
        Opcode.CALLVALUE,
        Opcode.CALLDATASIZE,
        Opcode.CODESIZE,
        Opcode.GASPRICE,
        Opcode.RETURNDATASIZE,
        Opcode.COINBASE,
        Opcode.TIMESTAMP,
        Opcode.NUMBER,
        Opcode.PREVRANDAO,
        Opcode.GASLIMIT,
        Opcode.CHAINID,
        Opcode.SELFBALANCE,
        Opcode.BASEFEE,
        Opcode.BLOBBASEFEE,
        Opcode.PC,
        Opcode.MSIZE,
        Opcode.GAS,
        Opcode.PUSH0
    };
    private static final Opcode[] CALLING = {
        Opcode.CALL, Opcode.CALL, Opcode.CALLCODE, Opcode.DELEGATECALL, Opcode.STATICCALL
    };

    private final Random random;
    private final Fork fork;
    private final Operands operands;
    private final List<Program.Piece> pieces = new ArrayList<>();
    /** Words that are on the stack if everything before went well. */
    private int depth;
    /** Words that belong to whoever is around, and are not to be taken. */
    private int floor;

    private int labels;
    private int nesting;

    ProgramWriter(Random random, Fork fork, Operands operands) {
        this.random = random;
        this.fork = fork;
        this.operands = operands;
    }

    /** A program of about so many statements. */
    Program contract(int statements) {
        statements(statements);
        end();
        return new Program(pieces);
    }

    /** A program that ends as init code does: with code to be stored. */
    Program initCode(int statements) {
        statements(statements);
        switch (random.nextInt(6)) {
            case 0 ->
                writeToMemory(
                        new ProgramWriter(random, fork, operands).contract(2).bytes());
            case 1 -> writeToMemory(new byte[] {(byte) 0xEF, 0x01});
            case 2 -> {}
            default -> writeToMemory(operands.bytes(40));
        }
        if (oneIn(5)) {
            end();
        } else {
            push(oneIn(20) ? BigInteger.valueOf(CODE_BYTES_MAX + random.nextInt(2)) : operands.length());
            push(oneIn(3) ? operands.offset() : BigInteger.ZERO);
            op(Opcode.RETURN);
        }
        return new Program(pieces);
    }

    private void statements(int count) {
        for (int i = 0; i < count; i++) {
            statement();
        }
    }

    // ---- pieces ----

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private <T> T any(T[] array) {
        return array[random.nextInt(array.length)];
    }

    private void op(Opcode opcode) {
        op(opcode, 0);
    }

    private void op(Opcode opcode, int n) {
        pieces.add(new Program.Op(opcode.value + n));
        depth = Math.max(0, depth - opcode.takes(n)) + opcode.puts(n);
    }

    private void push(long value) {
        push(BigInteger.valueOf(value));
    }

    private void push(BigInteger value) {
        if (value.signum() == 0 && fork.has(Fork.SHANGHAI) && oneIn(2)) {
            op(Opcode.PUSH0);
            return;
        }
        int shortest = Math.max(1, (value.bitLength() + 7) / 8);
        int length = oneIn(8) ? shortest + random.nextInt(33 - shortest) : shortest;
        pieces.add(new Program.Push(length, value));
        depth++;
    }

    private int newLabel() {
        return labels++;
    }

    private void pushLabel(int label) {
        pieces.add(new Program.PushLabel(oneIn(6) ? 1 + random.nextInt(4) : 2, label));
        depth++;
    }

    private void label(int label) {
        pieces.add(new Program.Label(label));
    }

    /** Puts a word on the stack: a constant, mostly, or what is there already, or what the machine knows. */
    private void operand(Supplier<BigInteger> constant) {
        if (depth > floor && oneIn(6)) {
            op(Opcode.DUP, random.nextInt(Math.min(16, depth)));
        } else if (oneIn(12)) {
            Opcode opcode = any(ASKING);
            op(fork.has(opcode.since) ? opcode : Opcode.GAS);
        } else {
            push(constant.get());
        }
    }

    /** The opcode with its operands, the topmost first; seldom with one operand too few. */
    @SafeVarargs
    private void instruction(Opcode opcode, int n, Supplier<BigInteger>... fromTheTop) {
        int last = oneIn(400) ? 1 : 0;
        for (int i = fromTheTop.length - 1; i >= last; i--) {
            operand(fromTheTop[i]);
        }
        op(opcode, n);
    }

    /** Pops whatever was left above the depth. */
    private void popTo(int former) {
        while (depth > former) {
            op(Opcode.POP);
        }
    }

    // ---- statements ----

    private void statement() {
        int choice = random.nextInt(100);
        if (choice < 22) {
            compute();
        } else if (choice < 36) {
            memory();
        } else if (choice < 52) {
            storage();
        } else if (choice < 66) {
            call();
        } else if (choice < 72) {
            create();
        } else if (choice < 78) {
            accounts();
        } else if (choice < 84) {
            branch();
        } else if (choice < 87) {
            loop();
        } else if (choice < 91) {
            shuffle();
        } else if (choice < 95) {
            log();
        } else {
            odd();
        }
        if (depth > floor + 20) {
            popTo(floor + 4);
        }
    }

    private void compute() {
        Opcode opcode = any(COMPUTING);
        if (!fork.has(opcode.since) && !oneIn(30)) {
            opcode = Opcode.SUB;
        }
        for (int i = opcode.takes(0); i > 0; i--) {
            boolean counts = i == 1 && COUNTING.contains(opcode);
            operand(oneIn(3) != counts ? operands::border : operands::word);
        }
        op(opcode);
        if (oneIn(3)) {
            // What was computed becomes visible.
            push(operands.slot());
            op(Opcode.SSTORE);
        }
    }

    private void memory() {
        switch (random.nextInt(10)) {
            case 0, 1 -> instruction(Opcode.MSTORE, 0, operands::offset, operands::word);
            case 2 -> instruction(Opcode.MSTORE8, 0, operands::offset, operands::word);
            case 3 -> instruction(Opcode.MLOAD, 0, operands::offset);
            case 4 -> instruction(Opcode.KECCAK256, 0, operands::offset, operands::length);
            case 5 -> {
                boolean there = fork.has(Opcode.MCOPY.since);
                instruction(
                        there ? Opcode.MCOPY : Opcode.CODECOPY,
                        0,
                        operands::offset,
                        operands::offset,
                        operands::length);
            }
            case 6 -> instruction(Opcode.CALLDATACOPY, 0, operands::offset, operands::offset, operands::length);
            case 7 -> instruction(Opcode.CODECOPY, 0, operands::offset, operands::offset, operands::length);
            case 8 -> instruction(Opcode.CALLDATALOAD, 0, operands::offset);
            default -> returnData();
        }
    }

    /** Copies what the last call returned: all of it, or more than there is. */
    private void returnData() {
        if (!fork.has(Opcode.RETURNDATACOPY.since)) {
            return;
        }
        if (oneIn(6)) {
            instruction(Opcode.RETURNDATACOPY, 0, operands::offset, operands::offset, operands::length);
            return;
        }
        op(Opcode.RETURNDATASIZE);
        push(0);
        operand(operands::offset);
        op(Opcode.RETURNDATACOPY);
    }

    private void storage() {
        boolean hasTransient = fork.has(Opcode.TLOAD.since) || oneIn(200);
        switch (random.nextInt(hasTransient ? 8 : 6)) {
            case 0, 1, 2, 3 -> instruction(Opcode.SSTORE, 0, operands::slot, operands::stored);
            case 4, 5 -> instruction(Opcode.SLOAD, 0, operands::slot);
            case 6 -> instruction(Opcode.TSTORE, 0, operands::slot, operands::stored);
            default -> instruction(Opcode.TLOAD, 0, operands::slot);
        }
    }

    private void call() {
        Opcode opcode = any(CALLING);
        if (!fork.has(opcode.since) && !oneIn(60)) {
            opcode = Opcode.CALL;
        }
        operand(operands::length);
        operand(operands::offset);
        operand(operands::length);
        operand(operands::offset);
        if (opcode == Opcode.CALL || opcode == Opcode.CALLCODE) {
            operand(operands::wei);
        }
        operand(operands::address);
        if (oneIn(3) && fork.has(Fork.TANGERINE_WHISTLE)) {
            op(Opcode.GAS);
        } else {
            push(operands.gas());
        }
        op(opcode);
        if (oneIn(4)) {
            returnData();
        }
        if (oneIn(3)) {
            push(operands.slot());
            op(Opcode.SSTORE);
        }
    }

    private void create() {
        if (oneIn(3)) {
            // Another contract's code as init code.
            push(operands.address());
            op(Opcode.DUP, 0);
            op(Opcode.EXTCODESIZE);
            push(0);
            push(0);
            op(Opcode.DUP, 3);
            op(Opcode.EXTCODECOPY);
            op(Opcode.EXTCODESIZE);
        } else if (nesting < NESTING_MAX && !oneIn(20)) {
            nesting++;
            byte[] initCode = oneIn(6)
                    ? operands.bytes(4)
                    : new ProgramWriter(random, fork, operands)
                            .initCode(random.nextInt(5))
                            .bytes();
            nesting--;
            writeToMemory(Arrays.copyOf(initCode, Math.min(initCode.length, 400)));
            push(initCode.length);
        } else {
            push(oneIn(3) ? BigInteger.valueOf(2 * CODE_BYTES_MAX + random.nextInt(2)) : operands.length());
        }
        boolean salted = fork.has(Opcode.CREATE2.since) && oneIn(2);
        if (salted) {
            push(random.nextInt(2));
            op(Opcode.SWAP, 0);
        }
        push(oneIn(20) ? operands.offset() : BigInteger.ZERO);
        operand(operands::wei);
        op(salted ? Opcode.CREATE2 : Opcode.CREATE);
        if (oneIn(3)) {
            callWhatIsOnTheStack();
        }
    }

    /** Calls the address on the stack, which may be a new contract's. */
    private void callWhatIsOnTheStack() {
        int former = depth;
        push(operands.length());
        push(0);
        push(operands.length());
        push(0);
        push(operands.wei());
        op(Opcode.DUP, Math.min(15, depth - former));
        push(operands.gas());
        op(Opcode.CALL);
    }

    private void writeToMemory(byte[] bytes) {
        for (int from = 0; from < bytes.length; from += 32) {
            pieces.add(new Program.Push(32, new BigInteger(1, Arrays.copyOfRange(bytes, from, from + 32))));
            depth++;
            push(from);
            op(Opcode.MSTORE);
        }
    }

    private void accounts() {
        switch (random.nextInt(6)) {
            case 0 -> instruction(Opcode.BALANCE, 0, operands::address);
            case 1 -> instruction(Opcode.EXTCODESIZE, 0, operands::address);
            case 2 ->
                instruction(
                        Opcode.EXTCODECOPY, 0, operands::address, operands::offset, operands::offset, operands::length);
            case 3 ->
                instruction(
                        fork.has(Opcode.EXTCODEHASH.since) ? Opcode.EXTCODEHASH : Opcode.BALANCE, 0, operands::address);
            case 4 -> instruction(Opcode.BLOCKHASH, 0, () -> BigInteger.valueOf(738 + random.nextInt(266)));
            default ->
                instruction(fork.has(Opcode.BLOBHASH.since) ? Opcode.BLOBHASH : Opcode.BLOCKHASH, 0, operands::stored);
        }
    }

    /** Some statements that leave the stack as they found it. */
    private void body() {
        int formerFloor = floor;
        floor = depth;
        nesting++;
        statements(1 + random.nextInt(4));
        nesting--;
        popTo(floor);
        floor = formerFloor;
    }

    private void branch() {
        if (nesting >= NESTING_MAX) {
            return;
        }
        int label = newLabel();
        if (oneIn(3)) {
            pushLabel(label);
            op(Opcode.JUMP);
            if (oneIn(2)) {
                pieces.add(new Program.Raw(operands.bytes(8)));
            }
        } else {
            operand(operands::stored);
            pushLabel(label);
            op(Opcode.JUMPI);
            body();
        }
        label(label);
    }

    private void loop() {
        if (nesting >= NESTING_MAX) {
            return;
        }
        int label = newLabel();
        push(1 + random.nextInt(oneIn(10) ? 200 : 5));
        label(label);
        body();
        push(1);
        op(Opcode.SWAP, 0);
        op(Opcode.SUB);
        op(Opcode.DUP, 0);
        pushLabel(label);
        op(Opcode.JUMPI);
        op(Opcode.POP);
    }

    private void shuffle() {
        int available = depth - floor;
        if (available >= 2 && oneIn(2)) {
            op(Opcode.SWAP, random.nextInt(Math.min(16, available - 1)));
        } else if (available >= 1) {
            op(Opcode.DUP, random.nextInt(Math.min(16, available)));
        } else {
            push(operands.word());
        }
    }

    private void log() {
        int topics = random.nextInt(5);
        for (int i = 0; i < topics; i++) {
            operand(operands::word);
        }
        operand(operands::length);
        operand(operands::offset);
        op(Opcode.LOG, topics);
    }

    /** What compilers do not write. */
    private void odd() {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> {
                Opcode opcode = any(OPCODES);
                for (int i = opcode.takes(0); i > 0; i--) {
                    operand(operands::word);
                }
                op(opcode);
            }
            case 4 -> {
                push(random.nextInt(120));
                op(Opcode.JUMP);
            }
            case 5 -> {
                push(operands.stored());
                push(operands.word());
                op(Opcode.JUMPI);
            }
            case 6 -> pieces.add(new Program.Raw(operands.bytes(3)));
            case 7 -> end();
            case 8 -> {
                // A stack that runs over, if there is gas for it.
                int label = newLabel();
                label(label);
                push(operands.word());
                pushLabel(label);
                op(Opcode.JUMP);
            }
            // The argument of a PUSH that looks like a place to jump to.
            case 9 -> push(new BigInteger("5b5b5b60005b", 16));
            default -> popTo(floor);
        }
    }

    /** Makes what is on the stack visible: all of it goes to memory, and from there to a log or to the caller. */
    private void show() {
        int words = depth - floor;
        for (int i = 0; i < words; i++) {
            push(32L * i);
            op(Opcode.MSTORE);
        }
        push(32L * words);
        push(0);
        op(oneIn(2) ? Opcode.LOG : Opcode.RETURN);
    }

    private void end() {
        if (oneIn(3)) {
            show();
        }
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> instruction(Opcode.RETURN, 0, operands::offset, operands::length);
            case 3 -> {
                boolean there = fork.has(Opcode.REVERT.since);
                instruction(there ? Opcode.REVERT : Opcode.RETURN, 0, operands::offset, operands::length);
            }
            case 4 -> instruction(Opcode.SELFDESTRUCT, 0, operands::address);
            case 5 -> op(Opcode.ADDRESS);
            case 6 -> pieces.add(new Program.Raw(new byte[] {(byte) 0xFE}));
            case 7 -> pieces.add(new Program.Raw(truncatedPush()));
            case 8 -> {
                op(Opcode.GAS);
                push(operands.slot());
                op(Opcode.SSTORE);
            }
            default -> op(Opcode.STOP);
        }
    }

    private byte[] truncatedPush() {
        int length = 1 + random.nextInt(32);
        byte[] bytes = new byte[1 + random.nextInt(length)];
        random.nextBytes(bytes);
        bytes[0] = (byte) (Opcode.PUSH.value + length - 1);
        return bytes;
    }
}
