package coco.ledgers.ethereum.testing;

import coco.crypto.Keccak256;
import coco.evm.types.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Contracts that say who may see them, assembled by hand. A vault has a secret word in slot 1, which every call returns
 * and logs under topic 7; each call also logs topic 1 without data.
 */
public final class Vaults {
    /** Any selector that a vault does not know otherwise. */
    public static final String ACT = "0x11223344";

    /** Has a vault make a contract without rules of its own, with the same secret. */
    public static final String MAKE = "0x00c0ffee";

    /** Puts the address in the first argument in the reader's place. */
    public static final String ADMIT = "0x5e7ead01";

    /** Has a vault destroy itself: since Cancun its code and storage stay, its balance goes to the caller. */
    public static final String KILL = "0xdeadbea7";

    /**
     * Who may do what.
     *
     * @param owner may read and call, as the reader
     * @param caller may call, and not read
     * @param trusted a contract that may call for these users
     */
    public record Members(Address owner, Address reader, Address caller, Address trusted) {
        /** A vault whose owner and reader call it themselves. */
        public Members(Address owner, Address reader) {
            this(owner, reader, owner, owner);
        }
    }

    private static final String LOG_NINE = "600960006000a1";
    private static final String RETURN_WORD = "60005260206000f3";
    /** CALLDATALOAD of the first argument. */
    private static final String USER = "600435";

    private Vaults() {}

    /** A log that the vault shows to any user. */
    public static final int PUBLIC_TOPIC = 1;

    /** A log with the secret. */
    public static final int SECRET_TOPIC = 7;

    private static int selector(String signature) {
        return ByteBuffer.wrap(Keccak256.hash(signature.getBytes(StandardCharsets.US_ASCII)))
                .getInt();
    }

    private static String hex(int selector) {
        return HexFormat.of().toHexDigits(selector);
    }

    private static String hex16(int value) {
        return HexFormat.of().toHexDigits((short) value);
    }

    /** Runs the body if the call has this selector. */
    private static void when(StringBuilder code, int selector, String body) {
        int end = code.length() / 2 + 12 + body.length() / 2;
        code.append("8063")
                .append(hex(selector))
                .append("141561")
                .append(hex16(end))
                .append("57");
        code.append(body).append("5b");
    }

    /** Initialisation code that runs {@code first} and returns {@code runtime}. */
    private static String creation(String first, String runtime) {
        int at = first.length() / 2 + 13;
        return first + "61" + hex16(runtime.length() / 2) + "8061" + hex16(at) + "6000396000f3" + runtime;
    }

    private static String store(int slot, String push) {
        return push + "60" + HexFormat.of().toHexDigits((byte) slot) + "55";
    }

    private static String secret(byte[] word) {
        return store(1, "7f" + HexFormat.of().formatHex(word));
    }

    /**
     * Creation code of a vault that two users read and call.
     *
     * @param showsEvents whether any user sees topic 1
     */
    public static byte[] vault(Address owner, Address reader, byte[] secret, boolean showsEvents) {
        return vault(new Members(owner, reader), secret, showsEvents);
    }

    /** Creation code of a vault with these members. */
    public static byte[] vault(Members members, byte[] secret, boolean showsEvents) {
        return HexFormat.of().parseHex(creation(stored(members, secret), runtime(secret, showsEvents)));
    }

    /** Creation code of a vault's code alone: without an owner it says that it is not confidential. */
    public static byte[] implementation(byte[] secret) {
        return HexFormat.of().parseHex(creation("", runtime(secret, false)));
    }

    /** Creation code of a proxy that has what a vault has, and runs a vault's code on it. */
    public static byte[] proxy(Members members, byte[] secret, Address implementation) {
        String runtime = "36600060003760006000366000" + "73" + hex(implementation) + "5af4" + "503d600060003e3d6000f3";
        return HexFormat.of().parseHex(creation(stored(members, secret), runtime));
    }

    private static String hex(Address address) {
        return HexFormat.of().formatHex(address.bytes());
    }

    private static String stored(Members members, byte[] secret) {
        return secret(secret)
                + store(0, "73" + hex(members.reader()))
                + store(2, "73" + hex(members.owner()))
                + store(4, "73" + hex(members.caller()))
                + store(5, "73" + hex(members.trusted()));
    }

    private static String runtime(byte[] secret, boolean showsEvents) {
        int canRead = selector("canRead(address)");
        int canCall = selector("canCall(address,address,bytes4)");
        int canReadLog = selector("canReadLog(address,bytes32[])");
        int supports = selector("supportsInterface(bytes4)");
        String isMember = USER + "60005414" + USER + "6002541417";
        String mayCall = isMember + USER + "6004541417";
        String isItself = USER + "60243514";
        StringBuilder code = new StringBuilder("60003560e01c");
        when(
                code,
                supports,
                "60043560e01c8063" + hex(supports) + "149063" + hex(canRead ^ canCall ^ canReadLog) + "1417"
                        + "6002541515" + "16" + RETURN_WORD);
        when(code, canRead, isMember + RETURN_WORD);
        when(code, canCall, mayCall + isItself + "602435" + "600554" + "1417" + "16" + RETURN_WORD);
        when(code, canReadLog, (showsEvents ? "606435600114" : "6000") + RETURN_WORD);
        when(code, HexFormat.fromHexDigits(ADMIT, 2, 10), USER + "60005500");
        when(code, HexFormat.fromHexDigits(KILL, 2, 10), "33ff");
        String child = creation(secret(secret), "60015460005260076020" + "6000a160206000f3");
        String length = "61" + hex16(child.length() / 2);
        // Where the child's code begins: after what is appended below.
        String act = "600154600052" + "600760206000a1" + "600160006000a1" + "600354600101600355" + "60206000f3";
        int make = 12 + 7 + 3 + 3 + 2 + 1 + 3 + 2 + 1 + 1 + RETURN_WORD.length() / 2 + 1;
        int childAt = code.length() / 2 + make + act.length() / 2;
        when(
                code,
                HexFormat.fromHexDigits(MAKE, 2, 10),
                "600760006000a1" + length + "61" + hex16(childAt) + "600039" + length + "600034f0" + RETURN_WORD);
        return code.append(act).append(child).toString();
    }

    /**
     * Creation code of a contract that anybody may see: logs topic 9, calls the address in its first argument with the
     * rest of its call data, and returns what came back.
     */
    public static byte[] router(byte[] word) {
        String runtime =
                LOG_NINE + "602036036020600037" + "60006000602036036000600060003" + "55af1" + "503d600060003e3d6000f3";
        return HexFormat.of().parseHex(creation(secret(word), runtime));
    }

    /** Calls the addresses in its first two arguments, each with the rest of its call data. */
    public static byte[] multicall(byte[] word) {
        String runtime = LOG_NINE + "604036036040600037"
                + "60006000604036036000600060003" + "55af150"
                + "60006000604036036000600060203" + "55af15000";
        return HexFormat.of().parseHex(creation(secret(word), runtime));
    }

    /** As a router, that runs the code of the address in its first argument. */
    public static byte[] delegating(byte[] word) {
        String runtime =
                LOG_NINE + "602036036020600037" + "6000600060203603600060003" + "55af4" + "503d600060003e3d6000f3";
        return HexFormat.of().parseHex(creation(secret(word), runtime));
    }

    /** Makes a contract of some creation code at each call, gives it what was sent, and returns its address. */
    public static byte[] factory(byte[] word, byte[] creation) {
        String length = "61" + hex16(creation.length);
        int at = (LOG_NINE.length() + 2 * length.length()) / 2 + 3 + 2 + 1 + 2 + 1 + 1 + RETURN_WORD.length() / 2;
        String runtime = LOG_NINE + length + "61" + hex16(at) + "600039" + length + "600034f0" + RETURN_WORD;
        return HexFormat.of()
                .parseHex(creation(secret(word), runtime + HexFormat.of().formatHex(creation)));
    }

    /** Creation code that reverts. */
    public static byte[] failing() {
        return HexFormat.of().parseHex("60006000fd");
    }

    /** Creation code that destroys what it makes. */
    public static byte[] destroyed() {
        return HexFormat.of().parseHex("33ff");
    }

    /** Call data for a router. */
    public static String routed(Address target, String data) {
        return "0x" + "00".repeat(12) + HexFormat.of().formatHex(target.bytes()) + data.substring(2);
    }
}
