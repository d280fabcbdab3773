package coco.ledgers.ethereum.testing;

import coco.crypto.Keccak256;
import coco.evm.ContractAddresses;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.ledgers.ethereum.access.ReaderLists;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Calls of the contract that keeps lists of readers, with salt zero. */
public final class Lists {
    private Lists() {}

    /** Deploys, with readers in ascending order, and calls nothing. */
    public static byte[] create(byte[] creation, List<Address> readers) {
        int readersAt = 128 + 32 + (creation.length + 31) / 32 * 32;
        ByteArrayOutputStream out = call("create(bytes32,bytes,address[],bytes)");
        words(out, 0, 128, readersAt, readersAt + 32 + 32 * readers.size(), creation.length);
        out.writeBytes(Arrays.copyOf(creation, (creation.length + 31) / 32 * 32));
        list(out, readers);
        words(out, 0);
        return out.toByteArray();
    }

    /** Replaces a list. */
    public static byte[] name(Address made, List<Address> readers) {
        ByteArrayOutputStream out = call("name(address,address[])");
        out.writeBytes(Word.of(made).toBytes32());
        words(out, 64);
        list(out, readers);
        return out.toByteArray();
    }

    /** Asks who is in a list. */
    public static byte[] isReader(Address made, Address user) {
        ByteArrayOutputStream out = call("isReader(address,address)");
        out.writeBytes(Word.of(made).toBytes32());
        out.writeBytes(Word.of(user).toBytes32());
        return out.toByteArray();
    }

    /** Where a keeper's creation leads. */
    public static Address made(Address keeper, byte[] creation) {
        byte[] salt = new byte[64];
        keeper.writeTo(salt, 12);
        return ContractAddresses.of(ReaderLists.ADDRESS, Keccak256.hash(salt), Keccak256.hash(creation));
    }

    private static ByteArrayOutputStream call(String signature) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(Keccak256.hash(signature.getBytes(StandardCharsets.US_ASCII)), 0, 4);
        return out;
    }

    private static void list(ByteArrayOutputStream out, List<Address> readers) {
        words(out, readers.size());
        readers.forEach(each -> out.writeBytes(Word.of(each).toBytes32()));
    }

    private static void words(ByteArrayOutputStream out, int... values) {
        for (int value : values) {
            out.writeBytes(Word.of(value).toBytes32());
        }
    }
}
