package coco.evm.reference;

import coco.evm.types.Fork;
import java.math.BigInteger;

/** What everything costs, from the yellow paper and the EIPs. A test may override a method to plant a mistake. */
class Gas {
    static final long STIPEND = 2_300;
    /** EIP-2200: SSTORE needs more than this. */
    static final long STORE_SENTRY = 2_300;

    final Fork fork;

    Gas(Fork fork) {
        this.fork = fork;
    }

    /** The price and the refund of an SSTORE; the refund may be negative. */
    record Store(long price, long refund) {}

    /** What is paid whatever the operands are; {@code n} counts from zero in a row of opcodes. */
    long fixed(Opcode opcode, int n) {
        return switch (opcode) {
            case STOP, RETURN, REVERT, SSTORE -> 0;
            case JUMPDEST -> 1;
            case ADDRESS,
                    ORIGIN,
                    CALLER,
                    CALLVALUE,
                    CALLDATASIZE,
                    CODESIZE,
                    GASPRICE,
                    RETURNDATASIZE,
                    COINBASE,
                    TIMESTAMP,
                    NUMBER,
                    PREVRANDAO,
                    GASLIMIT,
                    CHAINID,
                    BASEFEE,
                    BLOBBASEFEE,
                    POP,
                    PC,
                    MSIZE,
                    GAS,
                    PUSH0 -> 2;
            case ADD,
                    SUB,
                    LT,
                    GT,
                    SLT,
                    SGT,
                    EQ,
                    ISZERO,
                    AND,
                    OR,
                    XOR,
                    NOT,
                    BYTE,
                    SHL,
                    SHR,
                    SAR,
                    CALLDATALOAD,
                    CALLDATACOPY,
                    CODECOPY,
                    RETURNDATACOPY,
                    MLOAD,
                    MSTORE,
                    MSTORE8,
                    MCOPY,
                    BLOBHASH,
                    PUSH,
                    DUP,
                    SWAP -> 3;
            case MUL, DIV, SDIV, MOD, SMOD, SIGNEXTEND, CLZ, SELFBALANCE -> 5;
            case ADDMOD, MULMOD, JUMP -> 8;
            case JUMPI, EXP -> 10;
            case BLOCKHASH -> 20;
            case KECCAK256 -> 30;
            case TLOAD, TSTORE -> 100;
            case LOG -> 375 + 375L * n;
            case CREATE, CREATE2 -> 32_000;
            case BALANCE -> byFork(20, 400, 700);
            case EXTCODESIZE, EXTCODECOPY -> byFork(20, 700, 700);
            case EXTCODEHASH -> byFork(0, 400, 700);
            case SLOAD -> byFork(50, 200, 800);
            case CALL, CALLCODE, DELEGATECALL, STATICCALL -> byFork(40, 700, 700);
            case SELFDESTRUCT -> fork.has(Fork.TANGERINE_WHISTLE) ? 5_000 : 0;
        };
    }

    /** Access to the state: at first, since EIP-150, since EIP-1884; since EIP-2929 what is warm costs 100. */
    private long byFork(long frontier, long tangerineWhistle, long istanbul) {
        if (fork.has(Fork.BERLIN)) {
            return 100;
        }
        if (fork.has(Fork.ISTANBUL)) {
            return istanbul;
        }
        return fork.has(Fork.TANGERINE_WHISTLE) ? tangerineWhistle : frontier;
    }

    /** EIP-2929: 2,600 for a cold account, of which 100 were paid. */
    long coldAccount() {
        return 2_500;
    }

    /** EIP-2929: SELFDESTRUCT pays for a cold heir, and nothing for a warm one. */
    long coldHeir() {
        return 2_600;
    }

    /** EIP-2929: 2,100 for a cold slot, of which 100 were paid. */
    long coldSlot() {
        return 2_000;
    }

    /** EIP-2929: SSTORE pays for a cold slot beside its own price. */
    long coldStore() {
        return 2_100;
    }

    /** EIP-7702: what a warm account costs that is delegated to. */
    long warmDelegate() {
        return 100;
    }

    /** The price of so many words of memory altogether. */
    BigInteger memory(BigInteger words) {
        return words.multiply(BigInteger.valueOf(3)).add(words.multiply(words).divide(BigInteger.valueOf(512)));
    }

    /** KECCAK256, for each word. */
    long hashWord() {
        return 6;
    }

    /** The copying opcodes, for each word. */
    long copyWord() {
        return 3;
    }

    /** MCOPY, for each word (EIP-5656). */
    long memoryCopyWord() {
        return 3;
    }

    /** LOG, for each byte. */
    long logByte() {
        return 8;
    }

    /** EXP, for each byte of the exponent (EIP-160). */
    long expByte() {
        return fork.has(Fork.SPURIOUS_DRAGON) ? 50 : 10;
    }

    /** CREATE and CREATE2, for each word of init code (EIP-3860). */
    long initCodeWord() {
        return fork.has(Fork.SHANGHAI) ? 2 : 0;
    }

    /** A new contract's code, for each byte. */
    long depositByte() {
        return 200;
    }

    /** CALL and CALLCODE with value. */
    long value() {
        return 9_000;
    }

    /** CALL that makes an account. */
    long newAccount() {
        return 25_000;
    }

    /** SELFDESTRUCT whose heir is a new account (EIP-150). */
    long newHeir() {
        return fork.has(Fork.TANGERINE_WHISTLE) ? 25_000 : 0;
    }

    /** SELFDESTRUCT, until EIP-3529. */
    long selfDestructRefund() {
        return fork.has(Fork.LONDON) ? 0 : 24_000;
    }

    /** What is given back for a slot that becomes zero: EIP-3529 since London. */
    long clearRefund() {
        return fork.has(Fork.LONDON) ? 4_800 : 15_000;
    }

    /** What of the gas that is left may go to a call: all but one 64th since EIP-150. */
    long forCall(long left) {
        return fork.has(Fork.TANGERINE_WHISTLE) ? left - left / 64 : left;
    }

    /** SSTORE, a cold slot apart. */
    Store store(BigInteger original, BigInteger current, BigInteger value) {
        if (fork.has(Fork.BERLIN)) {
            return netStore(100, 5_000 - 2_100, original, current, value);
        }
        if (fork.has(Fork.ISTANBUL)) {
            return netStore(800, 5_000, original, current, value);
        }
        if (fork == Fork.CONSTANTINOPLE) {
            return netStore(200, 5_000, original, current, value);
        }
        boolean sets = current.signum() == 0 && value.signum() != 0;
        boolean clears = current.signum() != 0 && value.signum() == 0;
        return new Store(sets ? 20_000 : 5_000, clears ? clearRefund() : 0);
    }

    /** EIP-1283, EIP-2200, EIP-2929 and EIP-3529 differ in prices only. */
    private Store netStore(long load, long reset, BigInteger original, BigInteger current, BigInteger value) {
        if (current.equals(value)) {
            return new Store(load, 0);
        }
        if (original.equals(current)) {
            if (original.signum() == 0) {
                return new Store(20_000, 0);
            }
            return new Store(reset, value.signum() == 0 ? clearRefund() : 0);
        }
        long refund = 0;
        if (original.signum() != 0) {
            if (current.signum() == 0) {
                refund -= clearRefund();
            }
            if (value.signum() == 0) {
                refund += clearRefund();
            }
        }
        if (original.equals(value)) {
            refund += original.signum() == 0 ? 20_000 - load : reset - load;
        }
        return new Store(load, refund);
    }
}
