package coco.cli.network;

import coco.cli.console.CliException;
import coco.cli.console.Pause;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One running node, started by this command or an earlier one. */
public final class NodeProcess {
    /**
     * How far two readings of a process's start time may lie apart: the system counts from a boot time it may correct.
     */
    private static final Duration START_TOLERANCE = Duration.ofSeconds(3);

    /**
     * A process that becomes another program (setsid does, and scripts before a JVM) has no command line for a moment,
     * or its first letter; on a busy machine it may lose its processor in that moment. One that has ended and that
     * nobody has asked after has none either, for good.
     */
    private static final int READINGS = 500;

    private static final long MILLIS_BETWEEN_READINGS = 2;

    private static final Pattern HEAP = Pattern.compile(" -Xmx([0-9]{1,9})m ");

    private static final Path NEW_SESSION = Path.of("/usr/bin/setsid");

    private final int node;
    private final ProcessHandle handle;
    private final Path processFile;

    private NodeProcess(int node, ProcessHandle handle, Path processFile) {
        this.node = node;
        this.handle = handle;
        this.processFile = processFile;
    }

    /** Starts a node. Its output goes to its log file; it gets an empty environment and outlives this process. */
    static NodeProcess start(NetworkFolder folder, int node, NodeJvm jvm) {
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(NEW_SESSION)) {
            // A session of its own: Ctrl-C on the terminal reaches this command
            // alone, which then stops the nodes in order.
            command.add(NEW_SESSION.toString());
        }
        command.addAll(jvm.command(folder.configuration(node)));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.node(node).toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.log(node).toFile()));
        builder.environment().clear();
        try {
            ProcessHandle handle = builder.start().toHandle();
            long startMillis =
                    handle.info().startInstant().orElseGet(Instant::now).toEpochMilli();
            Files.writeString(folder.processFile(node), handle.pid() + " " + startMillis + "\n");
            return new NodeProcess(node, handle, folder.processFile(node));
        } catch (IOException e) {
            throw new CliException(
                    "node " + node + " could not be started: " + e.getMessage(),
                    "See that the disk has room and that " + folder.node(node) + " may be written to.",
                    e);
        }
    }

    /** The running process of a node, if its process file names one that is surely this node's. */
    static Optional<NodeProcess> find(NetworkFolder folder, int node) {
        Path file = folder.processFile(node);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            String[] words =
                    Files.readString(file, StandardCharsets.UTF_8).strip().split(" ", -1);
            if (words.length != 2) {
                return Optional.empty();
            }
            Instant started = Instant.ofEpochMilli(Long.parseLong(words[1]));
            return ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(handle -> isNode(handle, started, folder.configuration(node)))
                    .map(handle -> new NodeProcess(node, handle, file));
        } catch (IOException | NumberFormatException e) {
            // A file that cannot be read proves nothing about any process, so there is none we may touch.
            return Optional.empty();
        }
    }

    private static boolean isNode(ProcessHandle handle, Instant started, Path configuration) {
        boolean sameStart = handle.info()
                .startInstant()
                .map(actual -> Duration.between(actual, started).abs().compareTo(START_TOLERANCE) <= 0)
                .orElse(false);
        return sameStart && commandLine(handle).contains(configuration.toString());
    }

    private static String commandLine(ProcessHandle handle) {
        // Linux's ProcessHandle cuts arguments off at a page, and a class path is longer than that.
        Path whole = Path.of("/proc", Long.toString(handle.pid()), "cmdline");
        if (!Files.isReadable(whole)) {
            return handle.info().commandLine().orElse("");
        }
        String line = read(whole);
        for (int reading = 1; !line.endsWith("\0") && handle.isAlive() && reading < READINGS; reading++) {
            Pause.millis(MILLIS_BETWEEN_READINGS);
            line = read(whole);
        }
        return line.replace('\0', ' ');
    }

    private static String read(Path commandLine) {
        try {
            return Files.readString(commandLine, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ""; // ended
        }
    }

    /** The node's number, from 1. */
    public int node() {
        return node;
    }

    /** The system's number of the process. */
    public long pid() {
        return handle.pid();
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return handle.isAlive();
    }

    /** Processor time used so far by all its threads. */
    public Duration cpuTime() {
        return handle.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The most its heap may take, as its command line says. */
    public OptionalInt heapMebibytes() {
        Matcher heap = HEAP.matcher(commandLine(handle));
        return heap.find() ? OptionalInt.of(Integer.parseInt(heap.group(1))) : OptionalInt.empty();
    }

    /** Asks the node to stop, and returns at once. */
    public void requestStop() {
        handle.destroy();
    }

    /** Ends the process as a power cut would: nothing is flushed, nobody is told. */
    public void kill() {
        handle.destroyForcibly();
    }

    /**
     * Waits for the end of the process.
     *
     * @return whether it ended in time
     */
    public boolean awaitExit(Duration limit) {
        try {
            handle.onExit().get(limit.toNanos(), TimeUnit.NANOSECONDS);
            Files.deleteIfExists(processFile);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | IOException e) {
            throw new CliException(
                    "cannot tell whether node " + node + " (process " + pid() + ") has ended",
                    "Look for it with: ps " + pid(),
                    e);
        }
    }
}
