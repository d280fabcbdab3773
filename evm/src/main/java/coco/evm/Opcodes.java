package coco.evm;

/** The opcodes' names, as geth's traces have them. */
final class Opcodes {
    private static final String[] NAMES = names();

    private Opcodes() {}

    static String name(int op) {
        return NAMES[op];
    }

    private static String[] names() {
        String[] names = new String[256];
        for (int op = 0; op < names.length; op++) {
            names[op] = "opcode 0x%x not defined".formatted(op);
        }
        put(names, Op.STOP, "STOP ADD MUL SUB DIV SDIV MOD SMOD ADDMOD MULMOD EXP SIGNEXTEND");
        put(names, Op.LT, "LT GT SLT SGT EQ ISZERO AND OR XOR NOT BYTE SHL SHR SAR CLZ");
        put(names, Op.KECCAK256, "KECCAK256");
        put(names, Op.ADDRESS, "ADDRESS BALANCE ORIGIN CALLER CALLVALUE CALLDATALOAD CALLDATASIZE CALLDATACOPY");
        put(names, Op.CODESIZE, "CODESIZE CODECOPY GASPRICE EXTCODESIZE EXTCODECOPY RETURNDATASIZE RETURNDATACOPY");
        put(names, Op.EXTCODEHASH, "EXTCODEHASH");
        // Geth kept the name from before EIP-4399, and tools look for it.
        put(names, Op.BLOCKHASH, "BLOCKHASH COINBASE TIMESTAMP NUMBER DIFFICULTY GASLIMIT CHAINID SELFBALANCE");
        put(names, Op.BASEFEE, "BASEFEE BLOBHASH BLOBBASEFEE");
        put(names, Op.POP, "POP MLOAD MSTORE MSTORE8 SLOAD SSTORE JUMP JUMPI PC MSIZE GAS JUMPDEST");
        put(names, Op.TLOAD, "TLOAD TSTORE MCOPY PUSH0");
        for (int n = 1; n <= 32; n++) {
            names[Op.PUSH0 + n] = "PUSH" + n;
        }
        for (int n = 0; n < 16; n++) {
            names[Op.DUP1 + n] = "DUP" + (n + 1);
            names[Op.SWAP1 + n] = "SWAP" + (n + 1);
        }
        put(names, Op.LOG0, "LOG0 LOG1 LOG2 LOG3 LOG4");
        put(names, Op.CREATE, "CREATE CALL CALLCODE RETURN DELEGATECALL CREATE2");
        put(names, Op.STATICCALL, "STATICCALL");
        put(names, Op.REVERT, "REVERT INVALID SELFDESTRUCT");
        return names;
    }

    private static void put(String[] names, int from, String consecutive) {
        String[] each = consecutive.split(" ", -1);
        System.arraycopy(each, 0, names, from, each.length);
    }
}
