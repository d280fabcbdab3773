package coco.kv;

/**
 * One node of the radix, as a {@link NodeDigest} or {@link NodeVisitor} sees it. It is a window on packed memory that
 * moves on when the call returns: never keep it.
 *
 * <p>A node stands for a run of nibbles (its <em>path</em>, high nibble of a byte first) that follows its parent's
 * branch nibble, an optional value for the key that ends there, and up to 16 children, one for each next nibble. It has
 * a value, or at least two children, or both a value and one child; never neither. In Merkle Patricia words a node
 * without children is a leaf; a node with children is a branch, and with a non-empty path an extension before it.
 */
public interface NodeView {
    /** Number of nibbles in the path; 0 is common for branches. */
    int pathLength();

    /** The nibble (0..15) at {@code index} of the path. */
    int pathNibble(int index);

    /**
     * Copies the nibbles of the path from {@code fromNibble} to its end, two per byte, high one first. If their number
     * is odd the low nibble of the last byte is 0.
     *
     * @return how many bytes were written
     */
    int copyPath(int fromNibble, byte[] out, int outOffset);

    boolean hasValue();

    /** Bytes of the value; 0 if there is none (or if it is empty). */
    int valueLength();

    /**
     * Copies the value.
     *
     * @return how many bytes were written
     */
    int copyValue(byte[] out, int outOffset);

    /** Bit n is set if there is a child at nibble n. */
    int childMask();

    /** Bytes (1..32) of the reference of the child at {@code nibble}, 0 if there is no such child. */
    int referenceLength(int nibble);

    /**
     * Copies the reference of the child at {@code nibble}, as {@link NodeDigest.Hasher#reference} gave it.
     *
     * @return how many bytes were written, 0 if there is no such child
     */
    int copyReference(int nibble, byte[] out, int outOffset);
}
