package coco.ledgers.ethereum.chain;

import coco.crypto.Keccak256;
import coco.evm.trie.MerklePatricia;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.kv.MapSpec;
import coco.kv.Visibility;
import coco.ledgers.ethereum.access.Marks;
import java.util.List;

/** The maps of the Ethereum ledger, all private, and their keys. */
public final class EthereumMaps {
    /** keccak256(address) → {@link Account}, in its slim form; its digest is the state root. */
    public static final MapSpec ACCOUNTS =
            new MapSpec("ethereum.accounts", Visibility.PRIVATE, new MerklePatricia(Account::expand));

    /**
     * keccak256(address) ‖ keccak256(slot) → the value without leading zeros; the digest below an account's 32 bytes is
     * its storage root.
     */
    public static final MapSpec STORAGE =
            new MapSpec("ethereum.storage", Visibility.PRIVATE, new MerklePatricia(EthereumMaps::expandSlot));

    /** keccak256(code) → code. */
    public static final MapSpec CODE = new MapSpec("ethereum.code", Visibility.PRIVATE);

    /** The chain's {@link Head} and the hashes of its last 256 blocks. */
    public static final MapSpec CHAIN = new MapSpec("ethereum.chain", Visibility.PRIVATE);

    /** All of them, with the marks of confidential contracts. */
    public static final List<MapSpec> ALL = List.of(ACCOUNTS, STORAGE, CODE, CHAIN, Marks.MAP);

    /** How many block hashes BLOCKHASH sees. */
    static final int BLOCK_HASHES = 256;

    private EthereumMaps() {}

    static byte[] accountKey(Address address) {
        return Keccak256.hash(address.bytes());
    }

    static byte[] slotKey(byte[] accountKey, Word slot) {
        byte[] key = java.util.Arrays.copyOf(accountKey, 64);
        byte[] bytes = slot.toBytes32();
        Keccak256.hash(bytes, 0, bytes.length, key, 32);
        return key;
    }

    static byte[] headKey() {
        return new byte[] {0};
    }

    static byte[] blockHashKey(long number) {
        return new byte[] {1, (byte) number};
    }

    /** The trie's leaf for a slot holds the RLP of the value. */
    private static int expandSlot(byte[] value, int length, byte[] out) {
        if (length == 1 && value[0] >= 0) {
            out[0] = value[0];
            return 1;
        }
        out[0] = (byte) (0x80 + length);
        System.arraycopy(value, 0, out, 1, length);
        return length + 1;
    }
}
