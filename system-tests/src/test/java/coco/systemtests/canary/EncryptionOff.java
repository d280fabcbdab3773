package coco.systemtests.canary;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * The control of the canary tests: the journal's cipher, replaced by one that leaves bytes as they are. It is compiled
 * when a test asks for it and put before the real class on a class path, so no class of this kind lies where a node or
 * another test could load it by mistake.
 */
public final class EncryptionOff {
    private EncryptionOff() {}

    /** Compiles the class below a folder, which then goes in front of a class path. */
    public static Path compile(Path folder) throws IOException {
        Path source = folder.resolve("Gcm.java");
        Path classes = Files.createDirectories(folder.resolve("classes"));
        try (InputStream in = EncryptionOff.class.getResourceAsStream("Gcm.java.txt")) {
            if (in == null) {
                throw new IllegalStateException("the source of the control is missing");
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
            throw new IllegalStateException("the control does not compile any more: " + outcome);
        }
        return classes;
    }

    /** A world of its own, in which every class of ours is loaded anew and the journal's cipher is the control. */
    public static URLClassLoader world(Path folder) throws IOException {
        List<URL> urls = new ArrayList<>();
        urls.add(url(compile(folder)));
        for (String entry : classPath()) {
            urls.add(url(Path.of(entry)));
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private static URL url(Path entry) throws MalformedURLException {
        return entry.toAbsolutePath().toUri().toURL();
    }

    private static List<String> classPath() {
        String classPath = System.getProperty("java.class.path", "");
        return List.of(classPath.split(File.pathSeparator, -1)).stream()
                .filter(entry -> !entry.isEmpty())
                .toList();
    }
}
