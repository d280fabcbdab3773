package coco.ledgers.ethereum.access;

import coco.crypto.Keccak256;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The calls that put the questions of {@code ICocoAccess} and ERC-165, encoded as Solidity does. */
final class Questions {
    private static final int SUPPORTS_INTERFACE = selector("supportsInterface(bytes4)");
    private static final int CAN_READ = selector("canRead(address)");
    private static final int CAN_CALL = selector("canCall(address,address,bytes4)");
    private static final int CAN_READ_LOG = selector("canReadLog(address,bytes32[])");
    private static final int IS_READER = selector("isReader(address,address)");

    /** Does it have ERC-165 itself? */
    static final byte[] KNOWS_INTERFACES = supportsInterface(SUPPORTS_INTERFACE);
    /** Does it have the interface that nothing has? */
    static final byte[] HAS_IMPOSSIBLE = supportsInterface(0xFFFF_FFFF);
    /** Does it have ours? The id is that of the functions it declares (ERC-165). */
    static final byte[] IS_CONFIDENTIAL = supportsInterface(CAN_READ ^ CAN_CALL ^ CAN_READ_LOG);

    private Questions() {}

    private static int selector(String signature) {
        return ByteBuffer.wrap(Keccak256.hash(signature.getBytes(StandardCharsets.US_ASCII)))
                .getInt();
    }

    private static byte[] supportsInterface(int id) {
        return call(SUPPORTS_INTERFACE, 1).putInt(id).array();
    }

    private static ByteBuffer call(int selector, int words) {
        return ByteBuffer.allocate(4 + words * Word.SIZE).putInt(selector);
    }

    static byte[] canRead(Address user) {
        return call(CAN_READ, 1).put(Word.of(user).toBytes32()).array();
    }

    static byte[] canCall(Address user, Address caller, int selector) {
        return call(CAN_CALL, 3)
                .put(Word.of(user).toBytes32())
                .put(Word.of(caller).toBytes32())
                .putInt(selector)
                .array();
    }

    /** Is a user in the list of a contract? For {@link ReaderLists}. */
    static byte[] isReader(Address contract, Address user) {
        return call(IS_READER, 2)
                .put(Word.of(contract).toBytes32())
                .put(Word.of(user).toBytes32())
                .array();
    }

    static byte[] canReadLog(Address user, Log log) {
        ByteBuffer out = call(CAN_READ_LOG, 3 + log.topics().size());
        out.put(Word.of(user).toBytes32());
        out.put(Word.of(2L * Word.SIZE).toBytes32());
        out.put(Word.of(log.topics().size()).toBytes32());
        log.topics().forEach(out::put);
        byte[] question = new byte[out.flip().remaining()];
        out.get(question);
        return question;
    }
}
