package coco.ledgers.ethereum.testing;

import java.util.HexFormat;

/** Small contracts, assembled by hand. */
public final class Contracts {
    /**
     * Adds one to slot 0, logs the new value with the caller as topic, and returns it. With call data it reverts with
     * that data instead.
     *
     * <pre>
     *     CALLDATASIZE PUSH1 0x1c JUMPI
     *     PUSH1 0 SLOAD PUSH1 1 ADD DUP1 PUSH1 0 SSTORE PUSH1 0 MSTORE
     *     CALLER PUSH1 32 PUSH1 0 LOG1 PUSH1 32 PUSH1 0 RETURN
     *     JUMPDEST CALLDATASIZE PUSH1 0 PUSH1 0 CALLDATACOPY CALLDATASIZE PUSH1 0 REVERT
     * </pre>
     */
    public static final byte[] COUNTER = HexFormat.of()
            .parseHex("36601c5760005460010180600055600052336020" + "6000a160206000f35b3660006000373660" + "00fd");

    /**
     * Logs with the words of its call data as topics, none to four, and as many zero words as data.
     *
     * <pre>
     *     PUSH1 96 CALLDATALOAD PUSH1 64 CALLDATALOAD PUSH1 32 CALLDATALOAD PUSH1 0 CALLDATALOAD
     *     CALLDATASIZE PUSH1 0 CALLDATASIZE PUSH1 5 SHR PUSH1 3 MUL PUSH1 26 ADD JUMP
     *     JUMPDEST LOG0 STOP JUMPDEST LOG1 STOP JUMPDEST LOG2 STOP JUMPDEST LOG3 STOP JUMPDEST LOG4 STOP
     * </pre>
     */
    public static final byte[] EMITTER = HexFormat.of()
            .parseHex("60603560403560203560003536600036600" + "51c600302601a01565ba0005ba1005ba2005ba3005ba400");

    /** Never ends: JUMPDEST PUSH1 0 JUMP. */
    public static final byte[] ENDLESS = HexFormat.of().parseHex("5b600056");

    private Contracts() {}

    /** Initialisation code that returns what follows it. */
    public static byte[] creation(byte[] runtime) {
        byte[] prefix = HexFormat.of().parseHex("60%02x80600b6000396000f3".formatted(runtime.length));
        byte[] code = java.util.Arrays.copyOf(prefix, prefix.length + runtime.length);
        System.arraycopy(runtime, 0, code, prefix.length, runtime.length);
        return code;
    }
}
