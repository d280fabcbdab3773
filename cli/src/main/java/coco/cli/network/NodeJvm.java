package coco.cli.network;

import coco.node.JvmFlags;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command line of a node's JVM.
 *
 * @param javaHome the JDK to run on
 * @param classPath the jars, in the order that attestation measures
 * @param heapMebibytes the most a heap may take; explicit, because the JVM's own choice depends on the host's memory
 */
public record NodeJvm(Path javaHome, List<Path> classPath, int heapMebibytes) {
    /** Room for some hundred thousand accounts beside three nodes on an ordinary machine. */
    public static final int DEFAULT_HEAP_MEBIBYTES = 1024;

    private static final String MAIN_CLASS = "coco.node.NodeMain";

    /** The JVM that runs this program, with the same class path. */
    public static NodeJvm sameAsThis(int heapMebibytes) {
        List<Path> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                classPath.add(Path.of(entry).toAbsolutePath().normalize());
            }
        }
        return new NodeJvm(Path.of(System.getProperty("java.home", "")), List.copyOf(classPath), heapMebibytes);
    }

    /** The whole command for a node with this configuration file. */
    List<String> command(Path configuration) {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin").resolve("java").toString());
        command.add("-Xmx" + heapMebibytes + "m");
        command.addAll(COLLECTOR);
        command.addAll(JvmFlags.FIXED);
        command.add("-cp");
        command.add(String.join(
                File.pathSeparator, classPath.stream().map(Path::toString).toList()));
        command.add(MAIN_CLASS);
        command.add("--config");
        command.add(configuration.toString());
        return command;
    }

    // The state lives in packed arrays, so a young collection copies little: the throughput collector costs least, and
    // a small young generation keeps its pauses short (docs/design/cli.md).
    private static final List<String> COLLECTOR = List.of("-XX:+UseParallelGC", "-Xmn128m");
}
