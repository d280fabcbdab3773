package coco.ledgers.ethereum.access;

import coco.crypto.Keccak256;
import coco.evm.types.Address;
import coco.evm.types.Log;
import coco.evm.types.Word;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The system contract {@code CocoReaders}, which keeps who may see contracts that have no rule of their own
 * (solidity/contracts/CocoReaders.sol). It is there where a genesis document has it, and is known by address and code
 * together; a slot of it begins with the address of the contract to whose list it belongs.
 */
public final class ReaderLists {
    /** Where it is: nobody has the key, and no creation leads there. */
    public static final Address ADDRESS = Address.fromHex("0xc0c0000000000000000000000000000000000001");

    /** Its code, in hexadecimal with 0x. */
    public static final String CODE = "0x" + load();

    private static final byte[] CODE_HASH = Keccak256.hash(HexFormat.of().parseHex(CODE, 2, CODE.length()));
    private static final int TOPIC_ADDRESS_AT = Word.SIZE - Address.SIZE;

    private ReaderLists() {}

    private static String load() {
        try (InputStream in = ReaderLists.class.getResourceAsStream("CocoReaders.hex")) {
            if (in == null) {
                throw new IllegalStateException("CocoReaders.hex is not among the resources");
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether this is the system contract, and not something else at an address like any other. */
    public static boolean is(Address address, byte @Nullable [] codeHash) {
        return address.equals(ADDRESS) && Arrays.equals(codeHash, CODE_HASH);
    }

    /** The hash of its code, a copy. */
    public static byte[] codeHash() {
        return CODE_HASH.clone();
    }

    /** The contract to whose list a slot belongs. */
    public static Address listOf(Word slot) {
        return Address.of(slot.toBytes32(), 0);
    }

    /** The slot that says who keeps a contract's list. */
    public static Word headOf(Address contract) {
        return Word.ofBytes32(Arrays.copyOf(contract.bytes(), Word.SIZE), 0);
    }

    /** Who keeps a list; null if nobody does, or there is none. */
    public static @Nullable Address keeper(Word head) {
        Address keeper = Address.of(head.toBytes32(), Word.SIZE - Address.SIZE);
        return keeper.isZero() ? null : keeper;
    }

    /** The contract that an event of the system contract is about; null if it is about none. */
    static @Nullable Address subject(Log log) {
        return log.topics().size() < 2 ? null : Address.of(log.topics().get(1), TOPIC_ADDRESS_AT);
    }
}
