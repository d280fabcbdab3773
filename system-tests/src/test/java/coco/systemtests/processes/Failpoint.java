package coco.systemtests.processes;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * The moment at which a node is killed: when one of its threads enters a certain system call for the n-th time from now
 * on. The call is not made, so that between any two calls there is such a moment: before and after each write, rename
 * and fsync, in the journal, the index, Raft's log and its metadata alike. strace does it, attached to the process for
 * as long as that takes; nothing of it is in the product.
 *
 * @param call name of the system call
 * @param count how many times a thread may begin it
 */
record Failpoint(String call, int count) {
    /**
     * By what files are changed, and how often a thread of a loaded node does so within some seconds, or one of a node
     * that starts. Names change and files are cut when a node starts and when its term changes, and hardly ever
     * between.
     */
    private enum Call {
        PWRITE64("pwrite64", 60, 1),
        WRITE("write", 60, 60),
        FDATASYNC("fdatasync", 40, 3),
        OPENAT("openat", 3, 100),
        FSYNC("fsync", 0, 4),
        RENAME("rename", 0, 3),
        FTRUNCATE("ftruncate", 0, 3),
        UNLINK("unlink", 0, 2);

        private final String label;
        private final int mostUnderLoad;
        private final int mostAtTheStart;

        Call(String label, int mostUnderLoad, int mostAtTheStart) {
            this.label = label;
            this.mostUnderLoad = mostUnderLoad;
            this.mostAtTheStart = mostAtTheStart;
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(8);

    static Failpoint underLoad(Random random) {
        List<Call> calls = Arrays.stream(Call.values())
                .filter(call -> call.mostUnderLoad > 0)
                .toList();
        Call call = calls.get(random.nextInt(calls.size()));
        return new Failpoint(call.label, 1 + random.nextInt(call.mostUnderLoad));
    }

    static Failpoint atTheStart(Random random) {
        Call call = Call.values()[random.nextInt(Call.values().length)];
        return new Failpoint(call.label, 1 + random.nextInt(call.mostAtTheStart));
    }

    /**
     * Waits for the moment; at the latest after some seconds the process is killed all the same, since some calls are
     * seldom made.
     *
     * @return whether the node died at the failpoint
     */
    boolean kill(ProcessHandle node) throws IOException, InterruptedException {
        Process strace = new ProcessBuilder(List.of(
                        "strace",
                        "-f",
                        "-q",
                        "-o",
                        "/dev/null",
                        "-e",
                        "trace=" + call,
                        "-e",
                        "signal=none",
                        "-e",
                        "inject=" + call + ":signal=KILL:when=" + count,
                        "-p",
                        Long.toString(node.pid())))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (node.isAlive() && System.nanoTime() - deadline < 0) {
                if (strace.waitFor(20, TimeUnit.MILLISECONDS) && node.isAlive()) {
                    break; // it may not attach here
                }
            }
            return !node.isAlive();
        } finally {
            node.destroyForcibly();
            // Asked politely it would detach first, and may wait for ever for threads that were killed meanwhile.
            strace.destroyForcibly();
            strace.waitFor();
        }
    }
}
