package coco.cli.console;

/** What the process tells its caller. */
public enum ExitCode {
    /** Everything asked for was done. */
    OK(0),
    /** A check failed, or what was asked for could not be done. */
    FAILED(1),
    /** The command line makes no sense. */
    USAGE(2),
    /** Nothing wrong was found, but not everything could be looked at. */
    INCOMPLETE(3);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The number for {@code System.exit}. */
    public int code() {
        return code;
    }
}
