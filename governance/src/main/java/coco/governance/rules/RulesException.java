package coco.governance.rules;

import java.io.Serial;

/** A section {@code rules} that cannot be accepted. */
public final class RulesException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String path;
    private final String problem;

    RulesException(String path, String problem) {
        super(path.isEmpty() ? problem : path + ": " + problem);
        this.path = path;
        this.problem = problem;
    }

    /** Path within the section, empty for the section itself. */
    public String path() {
        return path;
    }

    /** What was expected, without the path. */
    public String problem() {
        return problem;
    }
}
