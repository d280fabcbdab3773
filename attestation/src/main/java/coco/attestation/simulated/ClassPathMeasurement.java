package coco.attestation.simulated;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import coco.attestation.AttestationException;
import coco.attestation.AttestationException.Code;
import coco.crypto.Sha256;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The measurement of the simulated platform: SHA-256 over the launched jars in class-path order.
 *
 * <p>Exactly: SHA-256(label ‖ digest of each entry in order). A jar's digest is SHA-256(0x00 ‖ its bytes' SHA-256). A
 * folder's is SHA-256(0x01 ‖ for each regular file below it, in the order of its relative path (UTF-16 code units):
 * length of that text (4 bytes) ‖ text ‖ SHA-256 of its bytes). An entry that does not exist is skipped, as the JVM
 * skips it. Names of jars and where they lie do not count; order does, since it decides which of two classes of one
 * name is loaded.
 *
 * <p>What it does not cover: the JVM, its flags, native libraries outside the jars, and jars that a manifest's
 * Class-Path adds.
 */
public final class ClassPathMeasurement {
    private static final byte[] LABEL = "coco/simulated/measurement/1\n".getBytes(US_ASCII);
    private static final byte[] JAR = {0};
    private static final byte[] FOLDER = {1};

    private ClassPathMeasurement() {}

    /** Splits a class path as the JVM does; an empty entry is the working folder. */
    public static List<Path> entries(String classPath) {
        List<Path> entries = new ArrayList<>();
        int start = 0;
        while (start <= classPath.length()) {
            int end = classPath.indexOf(File.pathSeparatorChar, start);
            end = end < 0 ? classPath.length() : end;
            entries.add(Path.of(classPath.substring(start, end)));
            start = end + 1;
        }
        return entries;
    }

    /**
     * Reads every entry.
     *
     * @param entries in class-path order
     * @return 32 bytes
     * @throws AttestationException with the code STORAGE, if an entry that exists cannot be read
     */
    public static byte[] of(List<Path> entries) {
        List<byte[]> parts = new ArrayList<>();
        parts.add(LABEL);
        try {
            for (Path entry : entries) {
                if (Files.isDirectory(entry)) {
                    parts.add(folder(entry));
                } else if (Files.exists(entry)) {
                    parts.add(Sha256.hash(JAR, Sha256.hash(Files.readAllBytes(entry))));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new AttestationException(Code.STORAGE, "the class path cannot be measured: " + e.getMessage(), e);
        }
        return Sha256.hash(parts.toArray(byte[][]::new));
    }

    private static byte[] folder(Path folder) throws IOException {
        List<String> names;
        try (Stream<Path> files = Files.walk(folder)) {
            names = files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace(File.separatorChar, '/'))
                    .sorted()
                    .toList();
        }
        List<byte[]> parts = new ArrayList<>();
        parts.add(FOLDER);
        for (String name : names) {
            byte[] text = name.getBytes(UTF_8);
            parts.add(ByteBuffer.allocate(Integer.BYTES).putInt(text.length).array());
            parts.add(text);
            parts.add(Sha256.hash(Files.readAllBytes(folder.resolve(name))));
        }
        return Sha256.hash(parts.toArray(byte[][]::new));
    }
}
