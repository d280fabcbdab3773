package coco.governance.script;

import coco.governance.script.ScriptOutcome.Failure;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Runs modules in a child JVM, which is kept for the next call unless it was killed. Any thread; one call at a time.
 *
 * <p>Three things end a call that does not end: the count of statements (in the engine), the processor time (the child
 * halts), and the wall (here, by the watchdog, which also covers a child that reads or writes nothing).
 */
public final class ChildProcessEngine implements ScriptEngineProcess {
    /** How long a process may take to end that is ending, or was killed. */
    private static final long REAP_SECONDS = 10;

    private final List<String> command;
    private final ScriptLimits limits;
    private final ScheduledExecutorService watchdog;
    private @Nullable Child child;
    private boolean closed;

    /** @param ready whether it has said that it is */
    private record Child(Process process, DataInputStream in, DataOutputStream out, AtomicBoolean ready) {}

    /**
     * Starts nothing yet.
     *
     * @param jvm the command that starts a JVM with the node's fixed flags and class path, up to and without the main
     *     class: {@code java, flags…, -cp, PATH}
     * @param watchdog kills a child that takes too long; a thread of its own, or one that is never held up
     */
    public ChildProcessEngine(List<String> jvm, ScriptLimits limits, ScheduledExecutorService watchdog) {
        List<String> all = new ArrayList<>(jvm);
        int classPath = all.indexOf("-cp");
        all.addAll(Math.max(classPath, 1), flags(limits));
        all.add(ScriptMain.class.getName());
        all.add(Long.toString(limits.statements()));
        all.add(Long.toString(limits.cpuMillis()));
        all.add(Integer.toString(limits.outputBytes()));
        all.add(Integer.toString(limits.inputBytes()));
        this.command = List.copyOf(all);
        this.limits = limits;
        this.watchdog = watchdog;
    }

    /**
     * An engine whose child is the same Java with the class path of this process.
     *
     * @param fixedFlags what every JVM of a node runs with
     */
    public static ChildProcessEngine ofThisClassPath(
            List<String> fixedFlags, ScriptLimits limits, ScheduledExecutorService watchdog) {
        List<String> jvm = new ArrayList<>();
        jvm.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        jvm.addAll(fixedFlags);
        jvm.add("-cp");
        jvm.add(System.getProperty("java.class.path"));
        return new ChildProcessEngine(jvm, limits, watchdog);
    }

    /** What the child's limits rest on, besides the fixed flags. Depth of recursion must not depend on the machine. */
    private static List<String> flags(ScriptLimits limits) {
        return List.of(
                "-Xmx" + limits.heapMegabytes() + "m",
                "-Xss4m",
                "-XX:MaxMetaspaceSize=192m",
                "-XX:MaxDirectMemorySize=16m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:ActiveProcessorCount=1",
                "-Duser.language=en",
                "-Duser.country=US",
                "-Duser.timezone=UTC",
                "-Dfile.encoding=UTF-8");
    }

    @Override
    public synchronized ScriptOutcome<String> run(ScriptCall call) {
        // The longest encoding of a character in UTF-8 is three bytes.
        if (Math.max(call.source().length(), call.arguments().length()) > limits.inputBytes() / 3) {
            return ScriptOutcome.failed(
                    Failure.RESULT, "source or arguments of more than " + limits.inputBytes() + " bytes");
        }
        if (closed) {
            return ScriptOutcome.failed(Failure.CRASHED, "the node is stopping");
        }
        Child current;
        try {
            current = living();
        } catch (IOException e) {
            return ScriptOutcome.failed(Failure.CRASHED, "the process for rules could not be started");
        }
        if (!current.ready().get()) {
            ScriptOutcome<String> first = exchange(current, null, limits.startMillis());
            if (first instanceof ScriptOutcome.Failed<String>) {
                return ScriptOutcome.failed(Failure.CRASHED, "the process for rules did not get ready");
            }
            current.ready().set(true);
        }
        return exchange(current, call, limits.wallMillis());
    }

    @Override
    public synchronized void prepare() {
        try {
            if (!closed) {
                living();
            }
        } catch (IOException e) {
            // The next call tries again, and says so.
            child = null;
        }
    }

    private Child living() throws IOException {
        Child current = child;
        if (current == null || !current.process().isAlive()) {
            current = start();
            child = current;
        }
        return current;
    }

    private Child start() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.directory(new File(System.getProperty("java.io.tmpdir")));
        Process process = builder.start();
        return new Child(
                process,
                new DataInputStream(new BufferedInputStream(process.getInputStream())),
                new DataOutputStream(new BufferedOutputStream(process.getOutputStream())),
                new AtomicBoolean());
    }

    /**
     * Sends a call, if any, and waits for the answer; whatever goes wrong, the child is dead and forgotten afterwards.
     */
    private ScriptOutcome<String> exchange(Child current, @Nullable ScriptCall call, long millis) {
        AtomicBoolean late = new AtomicBoolean();
        ScheduledFuture<?> kill = watchdog.schedule(
                () -> {
                    late.set(true);
                    current.process().destroyForcibly();
                },
                millis,
                TimeUnit.MILLISECONDS);
        try {
            if (call != null) {
                ScriptFrames.writeCall(current.out(), call);
            }
            return ScriptFrames.readOutcome(current.in(), limits.outputBytes());
        } catch (IOException e) {
            return ended(current, late);
        } finally {
            kill.cancel(false);
        }
    }

    private ScriptOutcome<String> ended(Child current, AtomicBoolean late) {
        child = null;
        int code = exitCode(current.process());
        if (late.get() || code == ScriptMain.TIME_EXIT) {
            return ScriptOutcome.failed(Failure.TIME, "more than " + limits.cpuMillis() + " ms of processor time");
        }
        return code == ScriptMain.MEMORY_EXIT
                ? ScriptOutcome.failed(Failure.MEMORY, "more than " + limits.heapMegabytes() + " MB of memory")
                : ScriptOutcome.failed(Failure.CRASHED, "the process for rules ended");
    }

    /** A child that closed its output is ending by itself, or is made to. */
    private static int exitCode(Process process) {
        try {
            if (!process.waitFor(REAP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return process.waitFor(REAP_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            return -1;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        Child current = child;
        child = null;
        if (current != null) {
            current.process().destroyForcibly();
        }
    }
}
