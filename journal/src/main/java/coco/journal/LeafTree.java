package coco.journal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Mac;

/**
 * The tree over what one block did: a leaf for each transaction (its index is the transaction's ordinal), then one for
 * each section's block-level payload and writes, then leaves that nobody without the salt key can tell from real ones,
 * up to a power of two. So the tree shows the order of magnitude of a block and no more.
 */
public final class LeafTree {
    private static final byte SALT = 0;
    private static final byte PADDING = 1;

    private final byte[] nodes;
    private final int leaves;
    private final byte[] salts;
    private final BlockContent content;

    private LeafTree(byte[] nodes, int leaves, byte[] salts, BlockContent content) {
        this.nodes = nodes;
        this.leaves = leaves;
        this.salts = salts;
        this.content = content;
    }

    /** Hashes a block's content. */
    public static LeafTree of(SealRoot keys, long height, BlockContent content) {
        int entries = content.entryCount();
        int real = entries + content.sections().size();
        int leaves = Integer.highestOneBit(Math.max(1, 2 * real - 1));
        byte[] nodes = new byte[2 * leaves * Digests.LENGTH];
        byte[] salts = new byte[real * Digests.LENGTH];
        Prf prf = new Prf(keys.saltKey(), height);
        LeafHasher hasher = new LeafHasher();
        int index = 0;
        for (Section section : content.sections()) {
            for (Entry entry : section.entries()) {
                prf.derive(SALT, index, salts, index * Digests.LENGTH);
                hasher.hash(salts, index, entry.id(), entry.claims(), entry.writes(), nodes, leaves + index);
                index++;
            }
        }
        for (Section section : content.sections()) {
            prf.derive(SALT, index, salts, index * Digests.LENGTH);
            byte[] claims = Digests.hash(section.payload());
            hasher.hash(salts, index, sectionId(section), claims, section.writes(), nodes, leaves + index);
            index++;
        }
        for (; index < leaves; index++) {
            prf.derive(PADDING, index, nodes, (leaves + index) * Digests.LENGTH);
        }
        Merkle.hashPerfectTree(nodes, leaves);
        return new LeafTree(nodes, leaves, salts, content);
    }

    private static byte[] sectionId(Section section) {
        return Digests.hash(Labels.SECTION, section.ledger().getBytes(StandardCharsets.UTF_8));
    }

    /** The leaf root of the header. */
    public byte[] root() {
        return node(1);
    }

    /** Number of leaves, padding included: a power of two. */
    public int size() {
        return leaves;
    }

    /**
     * The leaf with this index.
     *
     * @throws IndexOutOfBoundsException for a padding leaf, which has no content to show
     */
    public Leaf leaf(int index) {
        int entries = content.entryCount();
        byte[] salt = Bytes.slice(salts, index * Digests.LENGTH, Digests.LENGTH);
        if (index < entries) {
            Entry entry = content.entry(index);
            return new Leaf(salt, entry.id(), entry.claims(), Digests.hash(entry.writes()));
        }
        Section section = content.sections().get(index - entries);
        return new Leaf(salt, sectionId(section), Digests.hash(section.payload()), Digests.hash(section.writes()));
    }

    /** The path from this leaf to the root. */
    public MerkleProof proof(int index) {
        if (index < 0 || index >= leaves) {
            throw new IndexOutOfBoundsException("leaf " + index + " of " + leaves);
        }
        List<byte[]> path = new ArrayList<>();
        for (int node = leaves + index; node > 1; node >>= 1) {
            path.add(node(node ^ 1));
        }
        return new MerkleProof(index, leaves, path);
    }

    private byte[] node(int index) {
        return Bytes.slice(nodes, index * Digests.LENGTH, Digests.LENGTH);
    }

    /** HMAC-SHA256(salt key, purpose ‖ height ‖ index). */
    private static final class Prf {
        private final Mac mac;
        private final byte[] input = new byte[13];

        Prf(byte[] key, long height) {
            mac = Digests.hmacSha256(key);
            Arrays.fill(key, (byte) 0);
            Bytes.putLong(input, 1, height);
        }

        void derive(byte purpose, int index, byte[] out, int offset) {
            input[0] = purpose;
            Bytes.putInt(input, 9, index);
            mac.update(input);
            Digests.finish(mac, out, offset);
        }
    }

    /** {@link Leaf#hash()} without an object per leaf. Benchmark before refactoring. */
    private static final class LeafHasher {
        private static final int SALT_OFFSET = 2;
        private static final int ID_OFFSET = SALT_OFFSET + 32;
        private static final int CLAIMS_OFFSET = ID_OFFSET + 32;
        private static final int WRITES_OFFSET = CLAIMS_OFFSET + 32;

        private final MessageDigest digest = Digests.sha256();
        private final byte[] input = new byte[WRITES_OFFSET + 32];

        LeafHasher() {
            input[1] = Leaf.VERSION;
        }

        void hash(byte[] salts, int index, byte[] id, byte[] claims, byte[] writes, byte[] nodes, int node) {
            System.arraycopy(salts, index * Digests.LENGTH, input, SALT_OFFSET, 32);
            System.arraycopy(id, 0, input, ID_OFFSET, 32);
            System.arraycopy(claims, 0, input, CLAIMS_OFFSET, 32);
            digest.update(writes);
            Digests.finish(digest, input, WRITES_OFFSET);
            digest.update(input);
            Digests.finish(digest, nodes, node * Digests.LENGTH);
        }
    }
}
