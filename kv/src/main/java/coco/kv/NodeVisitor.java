package coco.kv;

/** Sees the nodes on the way to a key, from the top down; what a Merkle proof is made of. */
@FunctionalInterface
public interface NodeVisitor {
    /** The view is valid during the call only. */
    void visit(NodeView node);
}
