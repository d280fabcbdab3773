package coco.systemtests.processes;

import coco.cli.network.NodeJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/**
 * What one node holds in memory.
 *
 * @param heapBytes what is left of the heap after a full collection
 * @param residentBytes of the process, as the system counts them
 */
record NodeMemory(long heapBytes, long residentBytes) {
    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

    /** A JVM that lets itself be told to collect its garbage: nodes refuse to be attached to, whoever asks. */
    static NodeJvm attachable(NodeJvm jvm, Path scratch) throws IOException {
        Path java = scratch.resolve("bin").resolve("java");
        Files.createDirectories(java.getParent());
        String script = """
                #!/bin/sh
                for argument; do
                    shift
                    [ "$argument" = -XX:+DisableAttachMechanism ] || set -- "$@" "$argument"
                done
                exec %s "$@"
                """.formatted(jvm.javaHome().resolve("bin").resolve("java"));
        Files.writeString(java, script);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        return jvm.withJavaHome(scratch);
    }

    /** Collects a node's garbage and looks. */
    static NodeMemory of(ProcessNetwork network, int node) throws IOException, InterruptedException {
        long pid = network.process(node).pid();
        Process collect = new ProcessBuilder(JCMD.toString(), Long.toString(pid), "GC.run")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectErrorStream(true)
                .start();
        if (!collect.waitFor(30, TimeUnit.SECONDS) || collect.exitValue() != 0) {
            throw new IOException("jcmd could not collect the garbage of process " + pid);
        }
        long heap = Files.exists(Path.of("/proc", Long.toString(pid))) ? heap(network, node) : -1;
        return new NodeMemory(heap, resident(pid));
    }

    private static long heap(ProcessNetwork network, int node) {
        return scrape(network, node)
                .lines()
                .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
                .mapToLong(NodeMemory::value)
                .sum();
    }

    private static long resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .sum();
    }

    /** A number of a node's metrics, by its name and labels; 0 if there is none. */
    static long metric(ProcessNetwork network, int node, String name) {
        return scrape(network, node)
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(NodeMemory::value)
                .sum();
    }

    private static long value(String line) {
        return (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }

    private static String scrape(ProcessNetwork network, int node) {
        try {
            return new String(
                    network.send(HttpRequest.newBuilder(network.url(node, "/metrics"))
                                    .build())
                            .body(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
