package coco.governance.script;

import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * The child process: reads calls from standard input and answers on standard output until the input ends. It ends
 * itself when a call has used up its processor time; nothing in here could be trusted to go on after that.
 */
public final class ScriptMain {
    /** Exit code when a call took too much processor time. */
    static final int TIME_EXIT = 4;

    /** Exit code of the JVM when memory is exhausted (the flag {@code ExitOnOutOfMemoryError}). */
    static final int MEMORY_EXIT = 3;

    /** How often the processor time is looked at. */
    private static final long LOOK_MILLIS = 50;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final long cpuNanos;
    /** Processor time at which the call under way has used up its share; far away between calls. */
    private volatile long deadlineNanos = Long.MAX_VALUE;

    private ScriptMain(long cpuMillis) {
        this.cpuNanos = cpuMillis * NANOS_PER_MILLI;
    }

    /**
     * Serves one parent.
     *
     * @param args statements, processor time in milliseconds, largest answer and largest input in bytes
     */
    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        // Nothing but frames may reach the parent.
        System.setOut(System.err);
        ModuleRunner runner = new ModuleRunner(Long.parseLong(args[0]), Integer.parseInt(args[2]));
        runner.warmUp();
        new ScriptMain(Long.parseLong(args[1])).serve(runner, in, out, Integer.parseInt(args[3]));
    }

    private void serve(ModuleRunner runner, DataInputStream in, DataOutputStream out, int inputBytes)
            throws IOException {
        Thread.ofPlatform().daemon().name("processor-time").start(this::watch);
        ScriptFrames.writeOutcome(out, new ScriptOutcome.Done<>("ready"));
        while (true) {
            ScriptCall call;
            try {
                call = ScriptFrames.readCall(in, inputBytes);
            } catch (EOFException _) {
                return;
            }
            deadlineNanos = system.getProcessCpuTime() + cpuNanos;
            ScriptOutcome<String> outcome = runner.run(call);
            deadlineNanos = Long.MAX_VALUE;
            ScriptFrames.writeOutcome(out, outcome);
        }
    }

    private void watch() {
        while (true) {
            if (system.getProcessCpuTime() > deadlineNanos) {
                Runtime.getRuntime().halt(TIME_EXIT);
            }
            try {
                Thread.sleep(LOOK_MILLIS);
            } catch (InterruptedException _) {
                Runtime.getRuntime().halt(TIME_EXIT);
            }
        }
    }
}
