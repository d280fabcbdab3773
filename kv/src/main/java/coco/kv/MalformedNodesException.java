package coco.kv;

/** Bytes that are not the nodes of a map as {@link MapExport} writes them. */
public final class MalformedNodesException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedNodesException(String message) {
        super(message);
    }
}
