package coco.core;

/** The environment fails the core: a journal with gaps, a document that does not fit. */
public final class CoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CoreException(String message) {
        super(message);
    }
}
