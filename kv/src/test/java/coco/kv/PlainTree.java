package coco.kv;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Builds the tree of a sorted map from nothing, with objects, and digests it: the slow twin of the radix. */
final class PlainTree {
    private final NodeDigest.Hasher hasher;

    PlainTree(NodeDigest digest) {
        hasher = digest.newHasher();
    }

    byte[] digest(NavigableMap<byte[], byte[]> entries, byte[] prefix) {
        NavigableMap<String, byte[]> nibbles = new TreeMap<>();
        String start = nibbles(prefix);
        for (Map.Entry<byte[], byte[]> entry : entries.entrySet()) {
            String key = nibbles(entry.getKey());
            if (key.startsWith(start)) {
                nibbles.put(key.substring(start.length()), entry.getValue());
            }
        }
        byte[] out = new byte[32];
        int length = nibbles.isEmpty() ? hasher.empty(out) : hasher.root(node(nibbles), out);
        return Arrays.copyOf(out, length);
    }

    private PlainNode node(NavigableMap<String, byte[]> entries) {
        String first = entries.firstKey();
        String last = entries.lastKey();
        int common = 0;
        while (common < first.length() && common < last.length() && first.charAt(common) == last.charAt(common)) {
            common++;
        }
        List<NavigableMap<String, byte[]>> below = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            below.add(new TreeMap<>());
        }
        byte[] value = null;
        for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
            if (entry.getKey().length() == common) {
                value = entry.getValue();
            } else {
                int nibble = Character.digit(entry.getKey().charAt(common), 16);
                below.get(nibble).put(entry.getKey().substring(common + 1), entry.getValue());
            }
        }
        byte[][] references = new byte[16][];
        for (int i = 0; i < 16; i++) {
            byte[] out = new byte[32];
            int length = below.get(i).isEmpty() ? 0 : hasher.reference(node(below.get(i)), out);
            references[i] = Arrays.copyOf(out, length);
        }
        return new PlainNode(first.substring(0, common), value, references);
    }

    static String nibbles(byte[] key) {
        StringBuilder text = new StringBuilder();
        for (byte b : key) {
            text.append(Character.forDigit((b >> 4) & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return text.toString();
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record PlainNode(String path, byte @Nullable [] value, byte[][] references) implements NodeView {
        @Override
        public int pathLength() {
            return path.length();
        }

        @Override
        public int pathNibble(int index) {
            return Character.digit(path.charAt(index), 16);
        }

        @Override
        public int copyPath(int fromNibble, byte[] out, int outOffset) {
            int written = 0;
            for (int i = fromNibble; i < path.length(); i += 2) {
                int low = i + 1 < path.length() ? pathNibble(i + 1) : 0;
                out[outOffset + written++] = (byte) ((pathNibble(i) << 4) | low);
            }
            return written;
        }

        @Override
        public boolean hasValue() {
            return value != null;
        }

        @Override
        public int valueLength() {
            return value == null ? 0 : value.length;
        }

        @Override
        public int copyValue(byte[] out, int outOffset) {
            if (value != null) {
                System.arraycopy(value, 0, out, outOffset, value.length);
            }
            return valueLength();
        }

        @Override
        public int childMask() {
            int mask = 0;
            for (int i = 0; i < 16; i++) {
                mask |= references[i].length > 0 ? 1 << i : 0;
            }
            return mask;
        }

        @Override
        public int referenceLength(int nibble) {
            return references[nibble].length;
        }

        @Override
        public int copyReference(int nibble, byte[] out, int outOffset) {
            System.arraycopy(references[nibble], 0, out, outOffset, references[nibble].length);
            return references[nibble].length;
        }
    }
}
