package coco.governance.script;

/** What became of one call, or of one question to a module. */
public sealed interface ScriptOutcome<T> {
    /** @param value what the function gave */
    record Done<T>(T value) implements ScriptOutcome<T> {}

    /**
     * The call gave nothing that could be used; its proposal fails.
     *
     * @param reason which limit or rule, see {@link Failure}
     * @param words for people, at most 300 characters, safe to record
     */
    record Failed<T>(Failure reason, String words) implements ScriptOutcome<T> {}

    /** Why a call failed. */
    enum Failure {
        /** The source is not a module with these exports. */
        MODULE,
        /** The function threw. */
        THREW,
        /** What it returned has another shape than it should, or is too large. */
        RESULT,
        /** It executed more statements than allowed. */
        STATEMENTS,
        /** It needed more memory than allowed. */
        MEMORY,
        /** It took more time, of the processor or of the wall, than allowed. */
        TIME,
        /** The child process ended or answered nonsense. */
        CRASHED
    }
}
