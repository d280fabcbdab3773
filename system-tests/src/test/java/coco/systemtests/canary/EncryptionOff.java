package coco.systemtests.canary;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The control of the canary tests: the journal's cipher, replaced by one that leaves bytes as they are. */
public final class EncryptionOff {
    private EncryptionOff() {}

    /** Compiles the class below a folder, which then goes in front of a class path. */
    public static Path compile(Path folder) throws IOException {
        return StandIn.compile(folder, EncryptionOff.class, "Gcm.java.txt");
    }

    /** A world of its own, in which every class of ours is loaded anew and the journal's cipher is the control. */
    public static URLClassLoader world(Path folder) throws IOException {
        List<URL> urls = new ArrayList<>();
        urls.add(url(compile(folder)));
        for (String entry : StandIn.classPath()) {
            urls.add(url(Path.of(entry)));
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private static URL url(Path entry) throws MalformedURLException {
        return entry.toAbsolutePath().toUri().toURL();
    }
}
