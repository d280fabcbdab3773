package coco.governance.document;

import java.io.Serial;

/**
 * A constitution, a rule, an action or a message that cannot be accepted as it stands. The text begins with the path of
 * the offending value, for example {@code nodes[1].raftPort}, and says what was expected.
 */
public final class DocumentException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Names the value and what is wrong with it.
     *
     * @param path of the value; empty for the document as a whole
     * @param problem what was expected, and perhaps what was found
     */
    public DocumentException(String path, String problem) {
        super(path.isEmpty() ? problem : path + ": " + problem);
    }
}
