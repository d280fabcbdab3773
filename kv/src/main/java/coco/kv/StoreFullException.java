package coco.kv;

/**
 * The store has no room within {@link StoreLimits#maxStoreBytes}. The draft that was being written is lost: discard it.
 * Versions are untouched.
 */
public final class StoreFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreFullException(String message) {
        super(message);
    }
}
