package coco.systemtests.simulation;

import coco.systemtests.canary.StandIn;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import javax.tools.ToolProvider;

/**
 * A safety rule of the product taken out of its source, and the storms run on what is left: if no seed notices, nothing
 * would notice if somebody took it out. The source is the one of this checkout with one text replaced, compiled into a
 * folder of the test's own and loaded before the real class, with everything else, in a class loader of its own.
 *
 * @param rule for people
 * @param source the file, from the root of the checkout
 * @param text that must be there exactly once, or the mutant has to follow the source
 * @param replacement for it
 * @param storms which simulation has to notice
 */
record Mutant(String rule, String source, String text, String replacement, Storms storms) {
    enum Storms {
        CLUSTER,
        ROSTER
    }

    @Override
    public String toString() {
        return rule;
    }

    /** What the storms found, or an empty text if they found nothing. */
    String run(Path folder) throws Exception {
        List<URL> urls = new ArrayList<>();
        urls.add(compile(folder).toUri().toURL());
        for (String entry : StandIn.classPath()) {
            urls.add(Path.of(entry).toAbsolutePath().toUri().toURL());
        }
        try (URLClassLoader world =
                new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Object run = world.loadClass(MutantStorm.class.getName())
                    .getConstructor()
                    .newInstance();
            @SuppressWarnings("unchecked") // a function over types of the platform
            Function<String, String> storm = (Function<String, String>) run;
            return storm.apply(storms.name());
        }
    }

    private Path compile(Path folder) throws IOException {
        String original = Files.readString(root().resolve(source));
        int at = original.indexOf(text);
        if (at < 0 || original.indexOf(text, at + 1) >= 0) {
            throw new IllegalStateException(source + " does not have once: " + text);
        }
        Path file = folder.resolve(Path.of(source).getFileName());
        Files.writeString(file, original.replace(text, replacement));
        Path classes = Files.createDirectories(folder.resolve("classes"));
        int outcome = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-d",
                        classes.toString(),
                        "-proc:none",
                        "-nowarn",
                        "-cp",
                        String.join(File.pathSeparator, StandIn.classPath()),
                        file.toString());
        if (outcome != 0) {
            throw new IllegalStateException("the mutant does not compile: " + rule);
        }
        return classes;
    }

    /** Tests run in their module's folder. */
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("ARCHITECTURE.md"))) {
            here = Objects.requireNonNull(here.getParent(), "the project");
        }
        return here;
    }
}
