/**
 * Merkle Patricia tries (Yellow Paper, appendix D), in two forms.
 *
 * <p>{@link coco.evm.trie.MerklePatricia} is a {@link coco.kv.NodeDigest}: it makes the radix that a kv map already is
 * into the trie. A radix node without children is a leaf; one with children is a branch, preceded by an extension where
 * its path is not empty. There is no second structure beside the map, so the state root costs the nodes that changed
 * and nothing else. What the map holds may be shorter than what the trie must hold: a {@link
 * coco.evm.trie.MerklePatricia.LeafValue} expands it while hashing.
 *
 * <p>{@link coco.evm.trie.OrderedTrieRoot} gives the root over a list, keyed by the RLP of the position, as blocks
 * commit to transactions, receipts and withdrawals. Such a trie is built once and thrown away, so it never becomes a
 * structure at all: the keys are known, and the nodes are hashed in one pass over them.
 *
 * <p>{@link coco.evm.trie.MerkleProof} collects and checks the nodes on the way to a key.
 *
 * <p>Invariants: an encoded node shorter than 32 bytes is embedded in its parent, others are referred to by their
 * Keccak hash, and the root is always hashed. The package does not hash keys: whoever wants a secure trie uses hashed
 * keys in the map.
 */
@NullMarked
package coco.evm.trie;

import org.jspecify.annotations.NullMarked;
