package coco.node.config;

import java.io.Serial;
import java.util.List;

/** A configuration that cannot be accepted, with everything that is wrong with it. */
public final class ConfigurationException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * One thing that is wrong.
     *
     * @param line line in the file, from 1; 0 where no line can be named
     * @param text what is wrong and what would be right
     */
    public record Problem(int line, String text) {
        @Override
        public String toString() {
            return line > 0 ? "line " + line + ": " + text : text;
        }
    }

    private final transient List<Problem> problems;

    ConfigurationException(List<Problem> problems) {
        super(String.join("\n", problems.stream().map(Problem::toString).toList()));
        this.problems = List.copyOf(problems);
    }

    /** All problems, in the order of the file, missing keys last. */
    public List<Problem> problems() {
        return problems;
    }
}
