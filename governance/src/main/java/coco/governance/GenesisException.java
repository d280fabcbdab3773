package coco.governance;

import java.io.Serial;

/**
 * A genesis document that cannot be accepted. The message begins with the path of the offending value, for example
 * {@code nodes[1].raftPort}, and says what was expected.
 */
public final class GenesisException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    GenesisException(String path, String problem) {
        super(path.isEmpty() ? problem : path + ": " + problem);
    }
}
