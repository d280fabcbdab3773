package coco.ledgers.ethereum.chain;

import coco.crypto.Keccak256;
import coco.evm.trie.MerkleProof;
import coco.evm.types.Address;
import coco.evm.types.Word;
import coco.kv.DigestReader;
import java.util.ArrayList;
import java.util.List;

/**
 * What proves an account and some of its slots to whoever knows the state root (EIP-1186). An account that is not there
 * has zeros for all its fields, its two hashes included, and the nodes that show its absence.
 *
 * @param nonce unsigned
 * @param balance in wei
 * @param codeHash 32 bytes
 * @param storageRoot 32 bytes
 * @param nodes from the state root towards the account
 * @param slots in the order in which they were asked for
 */
@SuppressWarnings("ArrayRecordComponent") // Read field by field.
public record AccountProof(
        long nonce, Word balance, byte[] codeHash, byte[] storageRoot, List<byte[]> nodes, List<Slot> slots) {
    private static final byte[] ZERO_HASH = new byte[32];
    private static final byte[] NO_PREFIX = {};

    /**
     * A slot.
     *
     * @param value zero if it was never written
     * @param nodes from the storage root towards the slot; none where there is no storage
     */
    public record Slot(Word value, List<byte[]> nodes) {}

    static AccountProof of(DigestReader state, Address address, List<Word> keys) {
        byte[] accountKey = EthereumMaps.accountKey(address);
        List<byte[]> nodes = MerkleProof.collect(state, EthereumMaps.ACCOUNTS, NO_PREFIX, accountKey);
        Account account = StateReader.find(state, accountKey);
        List<Slot> slots = new ArrayList<>(keys.size());
        for (Word key : keys) {
            byte[] value = state.get(EthereumMaps.STORAGE, EthereumMaps.slotKey(accountKey, key));
            slots.add(new Slot(
                    value == null ? Word.ZERO : Word.ofBytes(value),
                    account == null || account.storageRoot() == null
                            ? List.of()
                            : MerkleProof.collect(
                                    state, EthereumMaps.STORAGE, accountKey, Keccak256.hash(key.toBytes32()))));
        }
        if (account == null) {
            return new AccountProof(0, Word.ZERO, ZERO_HASH, ZERO_HASH, nodes, slots);
        }
        byte[] codeHash = account.codeHash();
        byte[] storageRoot = account.storageRoot();
        return new AccountProof(
                account.nonce(),
                account.balance(),
                codeHash == null ? Account.NO_CODE : codeHash,
                storageRoot == null ? Account.NO_STORAGE : storageRoot,
                nodes,
                slots);
    }
}
