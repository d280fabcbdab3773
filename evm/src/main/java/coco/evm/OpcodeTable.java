package coco.evm;

import coco.evm.types.Fork;
import java.util.Arrays;

/** Builds the table of {@link ForkRules}: one line for each opcode, then one for each change of a price. */
final class OpcodeTable {
    private final Fork fork;
    private final long[] table = new long[256];

    private OpcodeTable(Fork fork) {
        this.fork = fork;
        Arrays.fill(table, entry(0, 0, ForkRules.UNDEFINED_NEED, 0));
    }

    static long[] of(Fork fork) {
        OpcodeTable building = new OpcodeTable(fork);
        building.arithmetic();
        building.environment();
        building.block();
        building.flow();
        building.stack();
        building.calls();
        building.prices();
        return building.table;
    }

    private static long entry(long gas, int changeLongs, int needLongs, int spanLongs) {
        return ((long) needLongs << 48) | ((long) spanLongs << 32) | ((changeLongs & 0xFFFFL) << 16) | gas;
    }

    /** An opcode that takes and puts so many words. */
    private void define(Fork since, int op, long gas, int takes, int puts) {
        if (fork.has(since)) {
            int most = Frame.STACK_WORDS - Math.max(0, puts - takes);
            table[op] = entry(gas, (puts - takes) * 4, takes * 4, (most - takes) * 4);
        }
    }

    private void define(int op, long gas, int takes, int puts) {
        define(Fork.FRONTIER, op, gas, takes, puts);
    }

    private void price(Fork since, int op, long gas) {
        if (fork.has(since)) {
            table[op] = (table[op] & ~0xFFFFL) | gas;
        }
    }

    private void arithmetic() {
        define(Op.STOP, 0, 0, 0);
        define(Op.ADD, 3, 2, 1);
        define(Op.MUL, 5, 2, 1);
        define(Op.SUB, 3, 2, 1);
        define(Op.DIV, 5, 2, 1);
        define(Op.SDIV, 5, 2, 1);
        define(Op.MOD, 5, 2, 1);
        define(Op.SMOD, 5, 2, 1);
        define(Op.ADDMOD, 8, 3, 1);
        define(Op.MULMOD, 8, 3, 1);
        define(Op.EXP, 10, 2, 1);
        define(Op.SIGNEXTEND, 5, 2, 1);
        for (int op = Op.LT; op <= Op.EQ; op++) {
            define(op, 3, 2, 1);
        }
        define(Op.ISZERO, 3, 1, 1);
        define(Op.AND, 3, 2, 1);
        define(Op.OR, 3, 2, 1);
        define(Op.XOR, 3, 2, 1);
        define(Op.NOT, 3, 1, 1);
        define(Op.BYTE, 3, 2, 1);
        define(Fork.CONSTANTINOPLE, Op.SHL, 3, 2, 1);
        define(Fork.CONSTANTINOPLE, Op.SHR, 3, 2, 1);
        define(Fork.CONSTANTINOPLE, Op.SAR, 3, 2, 1);
        define(Fork.OSAKA, Op.CLZ, 5, 1, 1);
        define(Op.KECCAK256, 30, 2, 1);
    }

    private void environment() {
        define(Op.ADDRESS, 2, 0, 1);
        define(Op.BALANCE, 20, 1, 1);
        define(Op.ORIGIN, 2, 0, 1);
        define(Op.CALLER, 2, 0, 1);
        define(Op.CALLVALUE, 2, 0, 1);
        define(Op.CALLDATALOAD, 3, 1, 1);
        define(Op.CALLDATASIZE, 2, 0, 1);
        define(Op.CALLDATACOPY, 3, 3, 0);
        define(Op.CODESIZE, 2, 0, 1);
        define(Op.CODECOPY, 3, 3, 0);
        define(Op.GASPRICE, 2, 0, 1);
        define(Op.EXTCODESIZE, 20, 1, 1);
        define(Op.EXTCODECOPY, 20, 4, 0);
        define(Fork.BYZANTIUM, Op.RETURNDATASIZE, 2, 0, 1);
        define(Fork.BYZANTIUM, Op.RETURNDATACOPY, 3, 3, 0);
        define(Fork.CONSTANTINOPLE, Op.EXTCODEHASH, 400, 1, 1);
    }

    private void block() {
        define(Op.BLOCKHASH, 20, 1, 1);
        for (int op = Op.COINBASE; op <= Op.GASLIMIT; op++) {
            define(op, 2, 0, 1);
        }
        define(Fork.ISTANBUL, Op.CHAINID, 2, 0, 1);
        define(Fork.ISTANBUL, Op.SELFBALANCE, 5, 0, 1);
        define(Fork.LONDON, Op.BASEFEE, 2, 0, 1);
        define(Fork.CANCUN, Op.BLOBHASH, 3, 1, 1);
        define(Fork.CANCUN, Op.BLOBBASEFEE, 2, 0, 1);
    }

    private void flow() {
        define(Op.POP, 2, 1, 0);
        define(Op.MLOAD, 3, 1, 1);
        define(Op.MSTORE, 3, 2, 0);
        define(Op.MSTORE8, 3, 2, 0);
        define(Op.SLOAD, 50, 1, 1);
        define(Op.SSTORE, 0, 2, 0);
        define(Op.JUMP, 8, 1, 0);
        define(Op.JUMPI, 10, 2, 0);
        define(Op.PC, 2, 0, 1);
        define(Op.MSIZE, 2, 0, 1);
        define(Op.GAS, 2, 0, 1);
        define(Op.JUMPDEST, 1, 0, 0);
        define(Fork.CANCUN, Op.TLOAD, 100, 1, 1);
        define(Fork.CANCUN, Op.TSTORE, 100, 2, 0);
        define(Fork.CANCUN, Op.MCOPY, 3, 3, 0);
    }

    private void stack() {
        define(Fork.SHANGHAI, Op.PUSH0, 2, 0, 1);
        for (int n = 0; n < 32; n++) {
            define(Op.PUSH1 + n, 3, 0, 1);
        }
        for (int n = 0; n < 16; n++) {
            define(Op.DUP1 + n, 3, n + 1, n + 2);
            define(Op.SWAP1 + n, 3, n + 2, n + 2);
        }
    }

    private void calls() {
        for (int topics = 0; topics <= 4; topics++) {
            define(Op.LOG0 + topics, 375L * (topics + 1), topics + 2, 0);
        }
        define(Op.CREATE, 32000, 3, 1);
        define(Op.CALL, 40, 7, 1);
        define(Op.CALLCODE, 40, 7, 1);
        define(Op.RETURN, 0, 2, 0);
        define(Fork.HOMESTEAD, Op.DELEGATECALL, 40, 6, 1);
        define(Fork.CONSTANTINOPLE, Op.CREATE2, 32000, 4, 1);
        define(Fork.BYZANTIUM, Op.STATICCALL, 40, 6, 1);
        define(Fork.BYZANTIUM, Op.REVERT, 0, 2, 0);
        define(Op.SELFDESTRUCT, 0, 1, 0);
    }

    /** EIP-150, EIP-1884, EIP-2929. */
    private void prices() {
        price(Fork.TANGERINE_WHISTLE, Op.EXTCODESIZE, 700);
        price(Fork.TANGERINE_WHISTLE, Op.EXTCODECOPY, 700);
        price(Fork.TANGERINE_WHISTLE, Op.BALANCE, 400);
        price(Fork.TANGERINE_WHISTLE, Op.SLOAD, 200);
        price(Fork.TANGERINE_WHISTLE, Op.CALL, 700);
        price(Fork.TANGERINE_WHISTLE, Op.CALLCODE, 700);
        price(Fork.TANGERINE_WHISTLE, Op.DELEGATECALL, 700);
        price(Fork.BYZANTIUM, Op.STATICCALL, 700);
        price(Fork.TANGERINE_WHISTLE, Op.SELFDESTRUCT, 5000);
        price(Fork.ISTANBUL, Op.SLOAD, 800);
        price(Fork.ISTANBUL, Op.BALANCE, 700);
        price(Fork.ISTANBUL, Op.EXTCODEHASH, 700);
        int[] warm = {
            Op.BALANCE,
            Op.EXTCODESIZE,
            Op.EXTCODECOPY,
            Op.EXTCODEHASH,
            Op.SLOAD,
            Op.CALL,
            Op.CALLCODE,
            Op.DELEGATECALL,
            Op.STATICCALL
        };
        for (int op : warm) {
            price(Fork.BERLIN, op, 100);
        }
    }
}
