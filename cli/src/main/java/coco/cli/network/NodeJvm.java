package coco.cli.network;

import coco.node.JvmFlags;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The command line of a node's JVM.
 *
 * @param javaHome the JDK to run on
 * @param classPath the jars, in the order that attestation measures
 * @param heapMebibytes the most a heap may take; explicit, because the JVM's own choice depends on the host's memory
 * @param tuning flags that change how soon a node is fast, and never what it does
 */
public record NodeJvm(Path javaHome, List<Path> classPath, int heapMebibytes, List<String> tuning) {
    /** Room for some hundred thousand accounts beside three nodes on an ordinary machine. */
    public static final int DEFAULT_HEAP_MEBIBYTES = 1024;

    private static final String SHORT_LIVES = "coco.nodes.shortLives";
    private static final String MAIN_CLASS = "coco.node.NodeMain";

    /**
     * The JVM that runs this program, with the same class path. Where {@value #SHORT_LIVES} is true, as in tests, nodes
     * live for seconds, and the optimising compiler, which takes more of a start than all else, waits ten times longer.
     */
    public static NodeJvm sameAsThis(int heapMebibytes) {
        List<Path> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                classPath.add(Path.of(entry).toAbsolutePath().normalize());
            }
        }
        return new NodeJvm(
                Path.of(System.getProperty("java.home", "")),
                List.copyOf(classPath),
                heapMebibytes,
                Boolean.getBoolean(SHORT_LIVES) ? QUICK : COLLECTOR);
    }

    /** The same on another JDK. */
    public NodeJvm withJavaHome(Path other) {
        return new NodeJvm(other, classPath, heapMebibytes, tuning);
    }

    /** The same with other jars. */
    public NodeJvm withClassPath(List<Path> others) {
        return new NodeJvm(javaHome, List.copyOf(others), heapMebibytes, tuning);
    }

    /** The same with the JVM's own figures for when to compile, whatever is said of this program's nodes in general. */
    public NodeJvm forLongLife() {
        return new NodeJvm(javaHome, classPath, heapMebibytes, COLLECTOR);
    }

    /** The whole command for a node with this configuration file. */
    List<String> command(Path configuration) {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin").resolve("java").toString());
        command.add("-Xmx" + heapMebibytes + "m");
        command.addAll(tuning);
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

    // Ten times the JVM's own figures: what is hot within seconds, ciphers and hashes, is still compiled in full.
    // Without that compiler altogether they would be slow, and a start begins with the hash of all jars.
    private static final List<String> QUICK = Stream.concat(
                    COLLECTOR.stream(),
                    Stream.of(
                            "-XX:Tier4InvocationThreshold=50000",
                            "-XX:Tier4MinInvocationThreshold=6000",
                            "-XX:Tier4CompileThreshold=150000",
                            "-XX:Tier4BackEdgeThreshold=400000"))
            .toList();
}
