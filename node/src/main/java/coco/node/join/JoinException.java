package coco.node.join;

/** A join that cannot go on by itself: says which check, what was seen and what to do. */
public final class JoinException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JoinException(String message) {
        super(message);
    }
}
