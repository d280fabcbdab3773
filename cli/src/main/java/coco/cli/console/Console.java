package coco.cli.console;

import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;

/** Where the command writes. Results to one stream, the way there to the other. */
public final class Console {
    private final PrintStream results;
    private final PrintStream messages;
    private final boolean interactive;
    private final boolean coloured;
    private boolean progressShown;

    /**
     * @param interactive a person watches both streams
     * @param coloured whether to use colours
     */
    public Console(PrintStream results, PrintStream messages, boolean interactive, boolean coloured) {
        this.results = results;
        this.messages = messages;
        this.interactive = interactive;
        this.coloured = coloured;
    }

    /** The console of this process. */
    public static Console ofProcess(Map<String, String> environment) {
        boolean interactive = Optional.ofNullable(System.console())
                .map(java.io.Console::isTerminal)
                .orElse(false);
        boolean coloured = interactive
                && environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !"dumb".equals(environment.get("TERM"));
        return new Console(System.out, System.err, interactive, coloured);
    }

    /** Whether a person watches. */
    public boolean interactive() {
        return interactive;
    }

    /** A line of the result. */
    public void result(String line) {
        clearProgress();
        results.println(line);
        results.flush();
    }

    /** A line about what is going on. */
    public void note(String line) {
        clearProgress();
        messages.println(line);
        messages.flush();
    }

    /** A line that the next one replaces; nothing where nobody watches. */
    public void progress(String line) {
        if (interactive) {
            messages.print("\r\u001b[K" + line);
            messages.flush();
            progressShown = true;
        }
    }

    /** What went wrong, and what to do about it. */
    public void failure(String problem, String remedy) {
        note(red("coco: " + problem));
        if (!remedy.isEmpty()) {
            note("      " + remedy);
        }
    }

    /** Text that stands out. */
    public String bold(String text) {
        return painted("1", text);
    }

    /** Text that steps back. */
    public String dim(String text) {
        return painted("2", text);
    }

    /** Text that means good. */
    public String green(String text) {
        return painted("32", text);
    }

    /** Text that means beware. */
    public String yellow(String text) {
        return painted("33", text);
    }

    /** Text that means bad. */
    public String red(String text) {
        return painted("31", text);
    }

    private String painted(String attribute, String text) {
        return coloured ? "\u001b[" + attribute + "m" + text + "\u001b[0m" : text;
    }

    private void clearProgress() {
        if (progressShown) {
            messages.print("\r\u001b[K");
            progressShown = false;
        }
    }
}
