package coco.systemtests.canary;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A class of ours in another version, for nodes of one test. Its source is a resource of the tests, so that no class of
 * this kind lies where a node or another test could load it by mistake; it is compiled when a test asks for it, and put
 * before the real class on a class path, which is what attestation measures.
 */
public final class StandIn {
    private StandIn() {}

    /**
     * Compiles the class below a folder, which then goes in front of a class path.
     *
     * @param beside a class beside which the source lies
     * @param resource name of the source, {@code Name.java.txt}
     */
    public static Path compile(Path folder, Class<?> beside, String resource) throws IOException {
        Path source = folder.resolve(resource.substring(0, resource.length() - ".txt".length()));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        try (InputStream in = beside.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the source of the stand-in is missing: " + resource);
            }
            Files.write(source, in.readAllBytes());
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        int outcome = compiler.run(
                null,
                null,
                null,
                "-d",
                classes.toString(),
                "-proc:none",
                "-cp",
                String.join(File.pathSeparator, classPath()),
                source.toString());
        if (outcome != 0) {
            throw new IllegalStateException(resource + " does not compile any more: " + outcome);
        }
        return classes;
    }

    /** The entries of this JVM's class path. */
    public static List<String> classPath() {
        String classPath = System.getProperty("java.class.path", "");
        return List.of(classPath.split(File.pathSeparator, -1)).stream()
                .filter(entry -> !entry.isEmpty())
                .toList();
    }
}
