package coco.attestation.simulated;

import static java.nio.charset.StandardCharsets.US_ASCII;

import coco.attestation.AttestationException;
import coco.attestation.AttestationException.Code;
import coco.crypto.Hex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.Set;

/**
 * The file with the machine's secret: one line that names the format, one with 64 hexadecimal digits. Mode 0600.
 *
 * <p>Several node processes of one machine may start at once on no file. Each writes its own under another name and
 * links it to the right one, which succeeds for exactly one of them and shows nobody a half-written file; the others
 * read the winner's.
 */
final class SecretFile {
    private static final String FORMAT = "coco simulated platform secret, version 1";
    private static final int FILE_BYTES_MAX = 1024;
    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private SecretFile() {}

    static byte[] loadOrCreate(Path file, Path dataFolder, SecureRandom random) {
        Path absolute = file.toAbsolutePath().normalize();
        try {
            if (!Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
                refuseInside(dataFolder, absolute);
                create(absolute, random);
            }
            refuseInside(dataFolder, absolute);
            return load(absolute);
        } catch (IOException | UnsupportedOperationException e) {
            throw new AttestationException(
                    Code.STORAGE, "the key file " + absolute + " cannot be read or made: " + e.getMessage(), e);
        }
    }

    private static void refuseInside(Path dataFolder, Path file) throws IOException {
        if (real(file).startsWith(real(dataFolder.toAbsolutePath().normalize()))) {
            throw new AttestationException(
                    Code.KEY_EXPOSED,
                    "the key file " + file + " lies inside the data folder " + dataFolder
                            + ", so a copy of the folder would open itself; move it elsewhere",
                    null);
        }
    }

    /** The path with every link resolved that exists already. */
    private static Path real(Path path) throws IOException {
        Path existing = path;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing == null
                ? path
                : existing.toRealPath().resolve(existing.relativize(path)).normalize();
    }

    private static byte[] load(Path file) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new AttestationException(Code.KEY_MALFORMED, file + " is not a regular file", null);
        }
        Set<PosixFilePermission> others = EnumSet.copyOf(attributes.permissions());
        others.removeAll(OWNER_ONLY);
        if (!others.isEmpty()) {
            throw new AttestationException(
                    Code.KEY_EXPOSED,
                    "the key file " + file + " has mode " + PosixFilePermissions.toString(attributes.permissions())
                            + "; only its owner may read or write it: chmod 600 " + file,
                    null);
        }
        if (attributes.size() > FILE_BYTES_MAX) {
            throw malformed(file);
        }
        String[] lines = new String(Files.readAllBytes(file), US_ASCII).split("\n", -1);
        if (lines.length != 3 || !lines[0].equals(FORMAT) || !lines[2].isEmpty()) {
            throw malformed(file);
        }
        byte[] secret;
        try {
            secret = Hex.decode(lines[1]);
        } catch (IllegalArgumentException _) {
            throw malformed(file);
        }
        if (secret.length != SimulatedPlatform.SECRET_BYTES) {
            throw malformed(file);
        }
        return secret;
    }

    private static void create(Path file, SecureRandom random) throws IOException {
        Path folder = file.getParent();
        if (folder == null) {
            throw new IOException("a key file needs a folder");
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        byte[] secret = new byte[SimulatedPlatform.SECRET_BYTES];
        random.nextBytes(secret);
        byte[] content = (FORMAT + "\n" + Hex.encode(secret) + "\n").getBytes(US_ASCII);
        Path own = Files.createTempFile(
                folder, file.getFileName() + ".", ".new", PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            write(own, content);
            Files.createLink(file, own);
            forceFolder(folder);
        } catch (FileAlreadyExistsException _) {
            // Another process was first; its secret is the machine's.
        } finally {
            Files.delete(own);
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static AttestationException malformed(Path file) {
        return new AttestationException(
                Code.KEY_MALFORMED,
                "the key file " + file + " is not one of \"" + FORMAT
                        + "\"; what was sealed with it is lost unless the file is restored",
                null);
    }
}
