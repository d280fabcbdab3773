package coco.attestation;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Evidence of real machines, from the public test data. */
public final class Samples {
    private Samples() {}

    /** Returns the folder, or skips the test where it is missing. */
    public static Path folder() {
        Path folder = Path.of(System.getProperty("coco.testdata", "."), "attestation");
        assumeTrue(Files.isDirectory(folder), () -> "no test data: " + folder + " is missing (-Dcoco.testdata=DIR)");
        return folder;
    }

    public static byte[] read(String name) {
        try {
            return Files.readAllBytes(folder().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Collateral collateral(String folder) {
        return Collateral.ofFolder(folder().resolve(folder));
    }
}
