package coco.systemtests.processes;

import coco.cli.network.NodeJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Records what a node asks of the operating system: every call that changes a file or makes it durable, and everything
 * sent. A node is started on what looks like another JDK, whose {@code java} is a script that puts strace in front.
 *
 * <p>Times are taken while the process is held, before a call begins and after it is done. So if the recorded end of
 * one call is before the recorded start of another, in any process of this machine, it was so.
 */
final class Strace {
    private static final Path PROGRAM = Path.of("/usr/bin/strace");
    private static final String TRACE = "system-calls.trace";
    private static final String UNFINISHED = " <unfinished ...>";
    private static final String RESUMED = " resumed>";
    /**
     * Everything by which a file could change; what {@link TracedDisk} does not understand it refuses. A question mark
     * stands before what not every processor has.
     */
    private static final String CALLS =
            "openat,?open,?creat,write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendfile,"
                    + "copy_file_range,splice,fsync,fdatasync,sync,syncfs,sync_file_range,msync,ftruncate,truncate,fallocate,lseek,"
                    + "?rename,renameat,renameat2,?link,linkat,?symlink,symlinkat,?unlink,unlinkat,?mkdir,mkdirat,?rmdir,io_submit,"
                    + "?io_uring_setup";

    /** Longer than anything that is written at once. */
    private static final int TEXT_BYTES_MAX = 16 << 20;

    private Strace() {}

    /** The first part of a call that others cut in two. */
    private record Unfinished(String call, long micros) {}

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /** A JVM whose processes are recorded, each in its working folder, which is the node's. */
    static NodeJvm record(NodeJvm jvm, Path scratch) throws IOException {
        Path java = scratch.resolve("bin").resolve("java");
        Files.createDirectories(java.getParent());
        String command = String.join(
                " ",
                "exec " + PROGRAM,
                // The node stays a child of who started it; strace goes beside it and ends with it.
                "-D -f --seccomp-bpf -q -e signal=none",
                "-ttt -T -y -s " + TEXT_BYTES_MAX,
                "-e trace=" + CALLS,
                "-o " + TRACE,
                "-- " + jvm.javaHome().resolve("bin").resolve("java") + " \"$@\"");
        Files.writeString(java, "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        return jvm.withJavaHome(scratch);
    }

    /** Waits until the recording of a node that has ended is written to its end. */
    static void awaitEnd(Path nodeFolder) {
        ProcessNetwork.await(
                () -> ProcessHandle.allProcesses().noneMatch(process -> isTracerOf(process, nodeFolder)),
                "strace to end");
    }

    private static boolean isTracerOf(ProcessHandle process, Path nodeFolder) {
        try {
            Path facts = Path.of("/proc", Long.toString(process.pid()));
            return Files.readSymbolicLink(facts.resolve("exe")).endsWith(PROGRAM.getFileName())
                    && Files.isSameFile(facts.resolve("cwd"), nodeFolder);
        } catch (IOException e) {
            return false; // It has ended meanwhile, or it is nobody's we may look at.
        }
    }

    /** The recorded calls that were done, in the order in which they were. */
    static List<SystemCall> read(Path nodeFolder) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(nodeFolder.resolve(TRACE), StandardCharsets.ISO_8859_1)) {
            return parse(lines);
        }
    }

    /** Reads a recording: process number, time, call; a call of one thread may be cut in two by those of others. */
    static List<SystemCall> parse(BufferedReader lines) throws IOException {
        List<SystemCall> calls = new ArrayList<>();
        Map<String, Unfinished> unfinished = new HashMap<>();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int afterProcess = line.indexOf(' ');
            String process = line.substring(0, afterProcess);
            String rest = line.substring(afterProcess).stripLeading();
            int afterTime = rest.indexOf(' ');
            long micros = SystemCall.micros(rest.substring(0, afterTime));
            String call = rest.substring(afterTime + 1);
            if (call.endsWith(UNFINISHED)) {
                String begun = call.substring(0, call.length() - UNFINISHED.length());
                unfinished.put(process, new Unfinished(begun, micros));
            } else if (call.startsWith("<... ")) {
                Unfinished begun = unfinished.remove(process);
                if (begun != null) {
                    String end = call.substring(call.indexOf(RESUMED) + RESUMED.length());
                    SystemCall.parse(begun.call() + end, begun.micros()).ifPresent(calls::add);
                }
            } else {
                SystemCall.parse(call, micros).ifPresent(calls::add);
            }
        }
        calls.sort(Comparator.comparingLong(SystemCall::endMicros));
        return calls;
    }
}
