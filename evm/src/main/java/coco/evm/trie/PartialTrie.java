package coco.evm.trie;

import coco.crypto.Keccak256;
import coco.evm.rlp.RlpException;
import coco.evm.rlp.RlpReader;
import coco.evm.rlp.RlpWriter;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A Merkle Patricia trie of which only some nodes are known: those on the way to what is read and written, as a witness
 * holds them. Enough to change these entries and compute the new root. Keys all have the same length, as hashed keys
 * do, so no branch has a value.
 *
 * <p>Removing an entry may leave one sibling in a branch, which must be known then; whoever makes several changes
 * therefore puts before he removes. One thread at a time.
 */
public final class PartialTrie {
    /** Where nodes come from. */
    @FunctionalInterface
    public interface Nodes {
        /**
         * A node of the trie.
         *
         * @param hash32 its Keccak hash
         * @param way the nibbles of a key, one a byte, on the way to which it lies; may end at the node
         * @return its encoding, not to be written to; null if it is not known
         */
        byte @Nullable [] node(byte[] hash32, byte[] way);
    }

    /** A node that was needed is not known, or is none. */
    public static final class IncompleteException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** With what is missing. */
        public IncompleteException(String message) {
            super(message);
        }

        /** With what is wrong, and why. */
        public IncompleteException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static final int HASH_SIZE = 32;
    private static final int BRANCH_ITEMS = 17;

    /** Paths are nibbles, one a byte; an encoded node is kept until something below it changes. */
    private abstract static sealed class Node {
        byte @Nullable [] encoded;
    }

    private static final class Leaf extends Node {
        final byte[] path;
        final byte[] value;

        Leaf(byte[] path, byte[] value) {
            this.path = path;
            this.value = value;
        }
    }

    private static final class Extension extends Node {
        final byte[] path;
        final Node child;

        Extension(byte[] path, Node child) {
            this.path = path;
            this.child = child;
        }
    }

    private static final class Branch extends Node {
        final @Nullable Node[] children = new Node[16];
    }

    /** A node of which only the hash has been looked at. */
    private static final class Unread extends Node {
        final byte[] hash;

        Unread(byte[] hash) {
            this.hash = hash;
        }
    }

    private final Nodes nodes;
    private @Nullable Node top;

    /** The trie with this root. */
    public PartialTrie(byte[] root32, Nodes nodes) {
        this.nodes = nodes;
        this.top = Arrays.equals(root32, MerklePatricia.emptyRoot()) ? null : new Unread(root32.clone());
    }

    /**
     * The value of a key; null if there is none.
     *
     * @throws IncompleteException if a node on the way is not known
     */
    public byte @Nullable [] get(byte[] key) {
        byte[] path = nibbles(key);
        int at = 0;
        Node node = top;
        while (node != null) {
            switch (read(node, path)) {
                case Leaf leaf -> {
                    return matches(path, at, leaf.path) && at + leaf.path.length == path.length ? leaf.value : null;
                }
                case Extension extension -> {
                    if (!matches(path, at, extension.path)) {
                        return null;
                    }
                    at += extension.path.length;
                    node = extension.child;
                }
                case Branch branch -> node = at < path.length ? branch.children[path[at++]] : null;
                case Unread unread -> throw missing(unread);
            }
        }
        return null;
    }

    /**
     * Sets a value, which is not empty.
     *
     * @throws IncompleteException if a node on the way is not known
     */
    public void put(byte[] key, byte[] value) {
        top = put(top, nibbles(key), 0, value);
    }

    /**
     * Removes a key, if it is there.
     *
     * @throws IncompleteException if a node on the way, or a sibling that is left alone, is not known
     */
    public void remove(byte[] key) {
        top = remove(top, nibbles(key), 0);
    }

    /** The root, 32 bytes. */
    public byte[] root() {
        if (top == null) {
            return MerklePatricia.emptyRoot();
        }
        return top instanceof Unread unread ? unread.hash.clone() : Keccak256.hash(encoded(top));
    }

    // As deep as a key has nibbles: 64.
    private Node put(@Nullable Node node, byte[] path, int at, byte[] value) {
        if (node == null) {
            return new Leaf(rest(path, at), value);
        }
        return switch (read(node, path)) {
            case Leaf leaf -> {
                int common = common(path, at, leaf.path);
                if (common == leaf.path.length) {
                    yield new Leaf(leaf.path, value);
                }
                Branch branch = new Branch();
                branch.children[leaf.path[common]] = new Leaf(rest(leaf.path, common + 1), leaf.value);
                yield fork(branch, path, at, common, value);
            }
            case Extension extension -> {
                int common = common(path, at, extension.path);
                if (common == extension.path.length) {
                    yield new Extension(extension.path, put(extension.child, path, at + common, value));
                }
                Branch branch = new Branch();
                byte[] below = rest(extension.path, common + 1);
                branch.children[extension.path[common]] =
                        below.length == 0 ? extension.child : new Extension(below, extension.child);
                yield fork(branch, path, at, common, value);
            }
            case Branch branch -> {
                byte nibble = nibble(path, at);
                branch.children[nibble] = put(branch.children[nibble], path, at + 1, value);
                branch.encoded = null;
                yield branch;
            }
            case Unread unread -> throw missing(unread);
        };
    }

    /** Adds the new leaf to a branch that stands {@code common} nibbles below {@code at}. */
    private static Node fork(Branch branch, byte[] path, int at, int common, byte[] value) {
        branch.children[nibble(path, at + common)] = new Leaf(rest(path, at + common + 1), value);
        return common == 0 ? branch : new Extension(Arrays.copyOfRange(path, at, at + common), branch);
    }

    private @Nullable Node remove(@Nullable Node node, byte[] path, int at) {
        if (node == null) {
            return null;
        }
        return switch (read(node, path)) {
            case Leaf leaf -> common(path, at, leaf.path) == leaf.path.length ? null : leaf;
            case Extension extension -> {
                int length = extension.path.length;
                if (common(path, at, extension.path) < length) {
                    yield extension;
                }
                Node child = remove(extension.child, path, at + length);
                yield child == null ? null : joined(extension.path, child, path);
            }
            case Branch branch -> {
                byte nibble = nibble(path, at);
                branch.children[nibble] = remove(branch.children[nibble], path, at + 1);
                branch.encoded = null;
                yield collapsed(branch, Arrays.copyOf(path, at + 1));
            }
            case Unread unread -> throw missing(unread);
        };
    }

    /**
     * A branch with one child left becomes that child, with the branch's nibble before its path.
     *
     * @param way to a child of the branch; ours
     */
    private Node collapsed(Branch branch, byte[] way) {
        int only = -1;
        for (int i = 0; i < branch.children.length; i++) {
            if (branch.children[i] != null) {
                if (only >= 0) {
                    return branch;
                }
                only = i;
            }
        }
        Node child = only < 0 ? null : branch.children[only];
        if (child == null) {
            throw new IncompleteException("a branch of the trie had a single child");
        }
        way[way.length - 1] = (byte) only;
        return joined(new byte[] {(byte) only}, child, way);
    }

    private Node joined(byte[] path, Node child, byte[] way) {
        return switch (read(child, way)) {
            case Leaf leaf -> new Leaf(concat(path, leaf.path), leaf.value);
            case Extension extension -> new Extension(concat(path, extension.path), extension.child);
            case Branch branch -> new Extension(path, branch);
            case Unread unread -> throw missing(unread);
        };
    }

    // ---- nodes and their encodings ----

    private Node read(Node node, byte[] way) {
        if (!(node instanceof Unread unread)) {
            return node;
        }
        byte[] encoded = nodes.node(unread.hash, way);
        if (encoded == null) {
            throw missing(unread);
        }
        try {
            return decode(encoded);
        } catch (RlpException e) {
            throw new IncompleteException("a node of the trie is damaged", e);
        }
    }

    private static IncompleteException missing(Unread node) {
        return new IncompleteException("the trie node " + HexFormat.of().formatHex(node.hash) + " is not known");
    }

    private static Node decode(byte[] encoded) throws RlpException {
        RlpReader in = new RlpReader(encoded);
        in.enterList();
        int items = in.remainingItems();
        Node node;
        if (items == BRANCH_ITEMS) {
            Branch branch = new Branch();
            for (int i = 0; i < branch.children.length; i++) {
                branch.children[i] = child(in);
            }
            in.string(0);
            node = branch;
        } else {
            byte[] path = in.string();
            if (path.length == 0) {
                throw new RlpException(RlpException.Kind.WRONG_SHAPE, 0);
            }
            byte[] nibbles = rest(nibbles(path), (path[0] & 0x10) != 0 ? 1 : 2);
            node = (path[0] & 0x20) != 0 ? new Leaf(nibbles, in.string()) : new Extension(nibbles, present(child(in)));
        }
        in.leaveList();
        in.finish();
        node.encoded = encoded;
        return node;
    }

    private static Node present(@Nullable Node child) throws RlpException {
        if (child == null) {
            throw new RlpException(RlpException.Kind.MISSING_ITEM, 0);
        }
        return child;
    }

    /** An embedded node is shorter than a hash, so that this goes no deeper than its bytes. */
    private static @Nullable Node child(RlpReader in) throws RlpException {
        if (in.isList()) {
            byte[] embedded = in.encodedItem();
            if (embedded.length >= HASH_SIZE) {
                throw new RlpException(RlpException.Kind.TOO_LARGE, 0);
            }
            return decode(embedded);
        }
        byte[] hash = in.stringOrEmpty(HASH_SIZE);
        return hash.length == 0 ? null : new Unread(hash);
    }

    private byte[] encoded(Node node) {
        byte[] known = node.encoded;
        if (known != null) {
            return known;
        }
        RlpWriter out = new RlpWriter(600).beginList();
        switch (node) {
            case Leaf leaf -> out.string(hexPrefix(leaf.path, 0x20)).string(leaf.value);
            case Extension extension -> {
                out.string(hexPrefix(extension.path, 0));
                reference(out, extension.child);
            }
            case Branch branch -> {
                for (Node child : branch.children) {
                    reference(out, child);
                }
                out.string(new byte[0]);
            }
            case Unread unread -> throw missing(unread);
        }
        byte[] encoded = out.endList().toBytes();
        node.encoded = encoded;
        return encoded;
    }

    private void reference(RlpWriter out, @Nullable Node child) {
        if (child == null) {
            out.string(new byte[0]);
        } else if (child instanceof Unread unread) {
            out.string(unread.hash);
        } else {
            byte[] encoded = encoded(child);
            if (encoded.length < HASH_SIZE) {
                out.raw(encoded);
            } else {
                out.string(Keccak256.hash(encoded));
            }
        }
    }

    private static byte[] hexPrefix(byte[] path, int flag) {
        int odd = path.length & 1;
        byte[] packed = new byte[1 + path.length / 2];
        packed[0] = (byte) (flag | (odd != 0 ? 0x10 | path[0] : 0));
        for (int i = odd; i < path.length; i += 2) {
            packed[1 + i / 2] = (byte) (path[i] << 4 | path[i + 1]);
        }
        return packed;
    }

    // ---- paths ----

    private static byte[] nibbles(byte[] key) {
        byte[] nibbles = new byte[key.length * 2];
        for (int i = 0; i < key.length; i++) {
            nibbles[2 * i] = (byte) (key[i] >>> 4 & 15);
            nibbles[2 * i + 1] = (byte) (key[i] & 15);
        }
        return nibbles;
    }

    private static byte nibble(byte[] path, int at) {
        if (at >= path.length) {
            throw new IncompleteException("the trie is deeper than its keys are long");
        }
        return path[at];
    }

    private static byte[] rest(byte[] path, int from) {
        return Arrays.copyOfRange(path, Math.min(from, path.length), path.length);
    }

    private static byte[] concat(byte[] left, byte[] right) {
        byte[] both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    private static boolean matches(byte[] path, int at, byte[] part) {
        return common(path, at, part) == part.length;
    }

    private static int common(byte[] path, int at, byte[] part) {
        int most = Math.min(path.length - at, part.length);
        int mismatch = Arrays.mismatch(path, at, at + most, part, 0, most);
        return mismatch < 0 ? most : mismatch;
    }
}
