package coco.evm.reference;

import coco.evm.types.Fork;
import org.jspecify.annotations.Nullable;

/**
 * The opcodes: value, words taken from the stack, words put there, and the fork that brought it. PUSH, DUP, SWAP and
 * LOG stand for a row of opcodes each, of which this is the first.
 */
enum Opcode {
    STOP(0x00, 0, 0),
    ADD(0x01, 2, 1),
    MUL(0x02, 2, 1),
    SUB(0x03, 2, 1),
    DIV(0x04, 2, 1),
    SDIV(0x05, 2, 1),
    MOD(0x06, 2, 1),
    SMOD(0x07, 2, 1),
    ADDMOD(0x08, 3, 1),
    MULMOD(0x09, 3, 1),
    EXP(0x0A, 2, 1),
    SIGNEXTEND(0x0B, 2, 1),
    LT(0x10, 2, 1),
    GT(0x11, 2, 1),
    SLT(0x12, 2, 1),
    SGT(0x13, 2, 1),
    EQ(0x14, 2, 1),
    ISZERO(0x15, 1, 1),
    AND(0x16, 2, 1),
    OR(0x17, 2, 1),
    XOR(0x18, 2, 1),
    NOT(0x19, 1, 1),
    BYTE(0x1A, 2, 1),
    SHL(0x1B, 2, 1, Fork.CONSTANTINOPLE),
    SHR(0x1C, 2, 1, Fork.CONSTANTINOPLE),
    SAR(0x1D, 2, 1, Fork.CONSTANTINOPLE),
    CLZ(0x1E, 1, 1, Fork.OSAKA),
    KECCAK256(0x20, 2, 1),
    ADDRESS(0x30, 0, 1),
    BALANCE(0x31, 1, 1),
    ORIGIN(0x32, 0, 1),
    CALLER(0x33, 0, 1),
    CALLVALUE(0x34, 0, 1),
    CALLDATALOAD(0x35, 1, 1),
    CALLDATASIZE(0x36, 0, 1),
    CALLDATACOPY(0x37, 3, 0),
    CODESIZE(0x38, 0, 1),
    CODECOPY(0x39, 3, 0),
    GASPRICE(0x3A, 0, 1),
    EXTCODESIZE(0x3B, 1, 1),
    EXTCODECOPY(0x3C, 4, 0),
    RETURNDATASIZE(0x3D, 0, 1, Fork.BYZANTIUM),
    RETURNDATACOPY(0x3E, 3, 0, Fork.BYZANTIUM),
    EXTCODEHASH(0x3F, 1, 1, Fork.CONSTANTINOPLE),
    BLOCKHASH(0x40, 1, 1),
    COINBASE(0x41, 0, 1),
    TIMESTAMP(0x42, 0, 1),
    NUMBER(0x43, 0, 1),
    PREVRANDAO(0x44, 0, 1),
    GASLIMIT(0x45, 0, 1),
    CHAINID(0x46, 0, 1, Fork.ISTANBUL),
    SELFBALANCE(0x47, 0, 1, Fork.ISTANBUL),
    BASEFEE(0x48, 0, 1, Fork.LONDON),
    BLOBHASH(0x49, 1, 1, Fork.CANCUN),
    BLOBBASEFEE(0x4A, 0, 1, Fork.CANCUN),
    POP(0x50, 1, 0),
    MLOAD(0x51, 1, 1),
    MSTORE(0x52, 2, 0),
    MSTORE8(0x53, 2, 0),
    SLOAD(0x54, 1, 1),
    SSTORE(0x55, 2, 0),
    JUMP(0x56, 1, 0),
    JUMPI(0x57, 2, 0),
    PC(0x58, 0, 1),
    MSIZE(0x59, 0, 1),
    GAS(0x5A, 0, 1),
    JUMPDEST(0x5B, 0, 0),
    TLOAD(0x5C, 1, 1, Fork.CANCUN),
    TSTORE(0x5D, 2, 0, Fork.CANCUN),
    MCOPY(0x5E, 3, 0, Fork.CANCUN),
    PUSH0(0x5F, 0, 1, Fork.SHANGHAI),
    /** Up to PUSH32. */
    PUSH(0x60, 0, 1),
    /** Up to DUP16. */
    DUP(0x80, 1, 2),
    /** Up to SWAP16. */
    SWAP(0x90, 2, 2),
    /** LOG0 to LOG4. */
    LOG(0xA0, 2, 0),
    CREATE(0xF0, 3, 1),
    CALL(0xF1, 7, 1),
    CALLCODE(0xF2, 7, 1),
    RETURN(0xF3, 2, 0),
    DELEGATECALL(0xF4, 6, 1, Fork.HOMESTEAD),
    CREATE2(0xF5, 4, 1, Fork.CONSTANTINOPLE),
    STATICCALL(0xFA, 6, 1, Fork.BYZANTIUM),
    REVERT(0xFD, 2, 0, Fork.BYZANTIUM),
    SELFDESTRUCT(0xFF, 1, 0);

    private static final @Nullable Opcode[] BY_VALUE = new Opcode[256];

    static {
        for (Opcode opcode : values()) {
            int last = opcode.value
                    + switch (opcode) {
                        case PUSH -> 31;
                        case DUP, SWAP -> 15;
                        case LOG -> 4;
                        default -> 0;
                    };
            for (int value = opcode.value; value <= last; value++) {
                BY_VALUE[value] = opcode;
            }
        }
    }

    final int value;
    final Fork since;
    private final int takes;
    private final int puts;

    Opcode(int value, int takes, int puts) {
        this(value, takes, puts, Fork.FRONTIER);
    }

    Opcode(int value, int takes, int puts, Fork since) {
        this.value = value;
        this.takes = takes;
        this.puts = puts;
        this.since = since;
    }

    /** The opcode of this byte, or the row it belongs to; null if no fork has one. */
    static @Nullable Opcode of(int value) {
        return BY_VALUE[value];
    }

    /** How many words the {@code n}th opcode of the row, from zero, takes. */
    int takes(int n) {
        return switch (this) {
            case DUP, SWAP, LOG -> takes + n;
            default -> takes;
        };
    }

    /** How many words the {@code n}th opcode of the row puts. */
    int puts(int n) {
        return switch (this) {
            case DUP, SWAP -> puts + n;
            default -> puts;
        };
    }

    /** What an assembler calls this byte. */
    static String nameOf(int value) {
        Opcode opcode = of(value);
        if (opcode == null) {
            return "0x%02x".formatted(value);
        }
        int n = value - opcode.value;
        return switch (opcode) {
            case PUSH, DUP, SWAP -> opcode.name() + (n + 1);
            case LOG -> "LOG" + n;
            default -> opcode.name();
        };
    }
}
