package coco.evm.trie;

import coco.crypto.Keccak256;
import coco.evm.rlp.RlpWriter;
import java.util.HexFormat;
import java.util.SortedMap;

/** The Yellow Paper's definition of the root (appendix D), word for word and as slow as that is. */
final class NaiveTrie {
    private static final byte[] NONE = {};

    private NaiveTrie() {}

    static byte[] root(SortedMap<String, byte[]> entries) {
        return Keccak256.hash(entries.isEmpty() ? new byte[] {(byte) 0x80} : node(entries, 0));
    }

    private static byte[] node(SortedMap<String, byte[]> entries, int depth) {
        String first = entries.firstKey();
        String last = entries.lastKey();
        if (entries.size() == 1) {
            return new RlpWriter()
                    .beginList()
                    .string(hexPrefix(first.substring(depth), true))
                    .string(entries.getOrDefault(first, NONE))
                    .endList()
                    .toBytes();
        }
        int common = depth;
        while (common < first.length() && common < last.length() && first.charAt(common) == last.charAt(common)) {
            common++;
        }
        if (common > depth) {
            RlpWriter out = new RlpWriter().beginList().string(hexPrefix(first.substring(depth, common), false));
            reference(out, node(entries, common));
            return out.endList().toBytes();
        }
        RlpWriter out = new RlpWriter().beginList();
        for (int nibble = 0; nibble < 16; nibble++) {
            String prefix = first.substring(0, depth) + Integer.toHexString(nibble);
            SortedMap<String, byte[]> below = entries.subMap(prefix, prefix + "g");
            if (below.isEmpty()) {
                out.string(new byte[0]);
            } else {
                reference(out, node(below, depth + 1));
            }
        }
        out.string(first.length() == depth ? entries.getOrDefault(first, NONE) : NONE);
        return out.endList().toBytes();
    }

    private static void reference(RlpWriter out, byte[] node) {
        if (node.length < 32) {
            out.raw(node);
        } else {
            out.string(Keccak256.hash(node));
        }
    }

    private static byte[] hexPrefix(String nibbles, boolean leaf) {
        boolean odd = nibbles.length() % 2 == 1;
        String flags = Integer.toHexString((leaf ? 2 : 0) + (odd ? 1 : 0));
        return HexFormat.of().parseHex(flags + (odd ? "" : "0") + nibbles);
    }
}
