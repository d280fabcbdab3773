package coco.kv;

/**
 * The store has no room within {@link StoreLimits#maxStoreBytes}. The put or removal that found
 * this has changed nothing.
 */
public final class StoreFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoreFullException(String message) {
        super(message);
    }
}
