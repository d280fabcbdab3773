package coco.cli.console;

import org.jspecify.annotations.Nullable;

/** The command cannot go on. Says what is wrong, and what the user can do about it. */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;
    private final ExitCode exitCode;

    /**
     * @param problem what is wrong, a sentence without a full stop
     * @param remedy what to do about it, a whole sentence
     */
    public CliException(String problem, String remedy) {
        this(problem, remedy, ExitCode.FAILED, null);
    }

    /** As above, caused by a failure that COCO_DEBUG shows. */
    public CliException(String problem, String remedy, Throwable cause) {
        this(problem, remedy, ExitCode.FAILED, cause);
    }

    private CliException(String problem, String remedy, ExitCode exitCode, @Nullable Throwable cause) {
        super(problem, cause);
        this.remedy = remedy;
        this.exitCode = exitCode;
    }

    /** The command line asks for something that cannot be meant. */
    public static CliException usage(String problem, String remedy) {
        return new CliException(problem, remedy, ExitCode.USAGE, null);
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }

    /** How the process ends. */
    public ExitCode exitCode() {
        return exitCode;
    }
}
