package coco.governance.script;

import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/** Runs modules in a child JVM, which is kept for the next call unless it was killed. Any thread; one call at a time. */
public final class ChildProcessEngine implements ScriptEngineProcess {
    private final List<String> command;

    /**
     * Starts nothing yet.
     *
     * @param jvm the command that starts a JVM with the node's fixed flags and class path, up to and without the main
     *     class: {@code java, flags…, -cp, PATH}
     * @param watchdog kills a child that takes too long
     */
    public ChildProcessEngine(List<String> jvm, ScriptLimits limits, ScheduledExecutorService watchdog) {
        this.command = List.copyOf(jvm);
    }

    @Override
    public ScriptOutcome<String> run(ScriptCall call) {
        throw new UnsupportedOperationException(command.toString());
    }

    @Override
    public void close() {}
}
