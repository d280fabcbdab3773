package coco.kv;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** A digest that embeds nodes shorter than 32 bytes as they are, hashes the others, and always hashes the root. */
final class ShaDigest implements NodeDigest {
    @Override
    public Hasher newHasher() {
        return new ShaHasher();
    }

    private static final class ShaHasher implements Hasher {
        private final MessageDigest sha256;
        private byte[] node = new byte[1024];

        ShaHasher() {
            try {
                sha256 = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public int reference(NodeView view, byte[] out) {
            int size = encode(view);
            if (size >= MAX_REFERENCE_BYTES) {
                return hash(size, out);
            }
            System.arraycopy(node, 0, out, 0, size);
            return size;
        }

        @Override
        public int root(NodeView view, byte[] out) {
            return hash(encode(view), out);
        }

        @Override
        public int empty(byte[] out) {
            return hash(0, out);
        }

        private int hash(int size, byte[] out) {
            sha256.update(node, 0, size);
            byte[] digest = sha256.digest();
            System.arraycopy(digest, 0, out, 0, digest.length);
            return digest.length;
        }

        private int encode(NodeView view) {
            int needed = 8 + view.pathLength() + view.valueLength() + 16 * 34;
            if (needed > node.length) {
                node = Arrays.copyOf(node, needed);
            }
            int size = 0;
            node[size++] = (byte) view.pathLength();
            int odd = view.pathLength() & 1;
            if (odd == 1) {
                node[size++] = (byte) view.pathNibble(0);
            }
            size += view.copyPath(odd, node, size);
            if (view.hasValue()) {
                node[size++] = (byte) view.valueLength();
                size += view.copyValue(node, size);
            }
            for (int nibble = 0; nibble < 16; nibble++) {
                if ((view.childMask() & (1 << nibble)) != 0) {
                    node[size++] = (byte) (nibble + 1);
                    node[size++] = (byte) view.referenceLength(nibble);
                    size += view.copyReference(nibble, node, size);
                }
            }
            return size;
        }
    }
}
