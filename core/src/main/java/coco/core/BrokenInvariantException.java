package coco.core;

/** This node has found itself wrong and must stop. */
public final class BrokenInvariantException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenInvariantException(String what) {
        super(what);
    }

    BrokenInvariantException(String what, Throwable cause) {
        super(what, cause);
    }
}
