package coco.ledgers.ethereum.chain;

import coco.crypto.Keccak256;
import coco.evm.state.StateNodes;
import coco.evm.trie.MerkleProof;
import coco.evm.trie.PartialTrie;
import coco.evm.types.Word;
import coco.kv.DigestReader;
import coco.kv.MapSpec;
import java.util.HashMap;
import java.util.Map;

/** The trie nodes of a kept state, read on the way to what somebody wants to change. One thread. */
final class KeptNodes implements StateNodes {
    private final DigestReader state;

    KeptNodes(DigestReader state) {
        this.state = state;
    }

    @Override
    public PartialTrie.Nodes ofAccounts() {
        return nodes(EthereumMaps.ACCOUNTS, new byte[0]);
    }

    @Override
    public PartialTrie.Nodes ofSlots(byte[] accountKey) {
        return nodes(EthereumMaps.STORAGE, accountKey);
    }

    private PartialTrie.Nodes nodes(MapSpec map, byte[] prefix) {
        Map<Word, byte[]> known = new HashMap<>();
        return (hash, way) -> {
            Word name = Word.ofBytes32(hash, 0);
            byte[] node = known.get(name);
            if (node != null) {
                return node;
            }
            for (byte[] encoded : MerkleProof.collect(state, map, prefix, key(way))) {
                known.put(Word.ofBytes32(Keccak256.hash(encoded), 0), encoded);
            }
            return known.get(name);
        };
    }

    /** A key that begins with these nibbles. */
    private static byte[] key(byte[] way) {
        byte[] key = new byte[32];
        for (int i = 0; i < way.length; i++) {
            key[i >>> 1] |= (byte) ((i & 1) == 0 ? way[i] << 4 : way[i]);
        }
        return key;
    }
}
