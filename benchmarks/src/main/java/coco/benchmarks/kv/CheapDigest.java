package coco.benchmarks.kv;

import coco.kv.NodeDigest;
import coco.kv.NodeView;
import java.util.Arrays;

/** Reads what a Merkle digest reads and hashes nothing: leaves the cost of the radix. */
final class CheapDigest implements NodeDigest {
    @Override
    public Hasher newHasher() {
        return new CheapHasher();
    }

    private static final class CheapHasher implements Hasher {
        private final byte[] scratch = new byte[1024];

        @Override
        public int reference(NodeView node, byte[] out) {
            int size = node.copyPath(0, scratch, 0);
            size += node.copyValue(scratch, size);
            for (int left = node.childMask(); left != 0; left &= left - 1) {
                size += node.copyReference(Integer.numberOfTrailingZeros(left), scratch, size);
            }
            Arrays.fill(out, (byte) size);
            return MAX_REFERENCE_BYTES;
        }

        @Override
        public int root(NodeView node, byte[] out) {
            return reference(node, out);
        }

        @Override
        public int empty(byte[] out) {
            Arrays.fill(out, (byte) 0);
            return MAX_REFERENCE_BYTES;
        }
    }
}
