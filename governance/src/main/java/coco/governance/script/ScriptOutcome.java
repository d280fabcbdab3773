package coco.governance.script;

import java.util.function.Function;

/** What became of one call, or of one question to a module. */
public sealed interface ScriptOutcome<T> {
    /**
     * The call gave something.
     *
     * @param value what
     */
    record Done<T>(T value) implements ScriptOutcome<T> {}

    /**
     * The call gave nothing that could be used; its proposal fails.
     *
     * @param reason which limit or rule, see {@link Failure}
     * @param words for people, at most 300 printable characters, safe to record
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
        /** The child process could not start, ended, or answered nonsense. */
        CRASHED
    }

    /** Longest words of a failure. */
    int WORDS_MAX = 300;

    /** A failure with words cut to what may be recorded. */
    static <T> ScriptOutcome<T> failed(Failure reason, String words) {
        return new Failed<>(reason, printable(words));
    }

    /** Text of a module made fit to be recorded and shown: one line, at most {@link #WORDS_MAX} characters. */
    static String printable(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length() && out.length() < WORDS_MAX; i++) {
            char c = text.charAt(i);
            out.append(Character.isISOControl(c) || Character.isSurrogate(c) ? ' ' : c);
        }
        return out.toString().strip();
    }

    /** The same with another value, unless it failed; the function may fail in its turn. */
    default <R> ScriptOutcome<R> then(Function<? super T, ScriptOutcome<R>> next) {
        return switch (this) {
            case Done<T> done -> next.apply(done.value());
            case Failed<T> failed -> new Failed<>(failed.reason(), failed.words());
        };
    }
}
