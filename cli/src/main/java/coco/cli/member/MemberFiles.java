package coco.cli.member;

import coco.cli.console.CliException;
import coco.crypto.Certificates;
import coco.crypto.P256;
import coco.crypto.PrivateKeyFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The files of one member: {@code ID.key} and {@code ID.pem} for signing, {@code ID.recovery.key} and {@code
 * ID.recovery.pub} for recovery. Private keys are PKCS #8 in PEM, readable by their owner alone, and encrypted where
 * there is a passphrase. Nothing is ever overwritten.
 */
public final class MemberFiles {
    private static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);
    private static final int RSA_BITS = 3072;

    private final Path folder;
    private final String id;
    private final SecureRandom random;

    /** The files of a member in a folder, made if it is not there. */
    public MemberFiles(Path folder, String id, SecureRandom random) {
        this.folder = folder;
        this.id = id;
        this.random = random;
    }

    /** The private key that signs. */
    public Path key() {
        return folder.resolve(id + ".key");
    }

    /** Its certificate. */
    public Path certificate() {
        return folder.resolve(id + ".pem");
    }

    /** The request for a certificate, where an authority of the organisation issues it. */
    public Path request() {
        return folder.resolve(id + ".csr");
    }

    /** The private key that recovery shares are encrypted to. */
    public Path recoveryKey() {
        return folder.resolve(id + ".recovery.key");
    }

    /** Its public part, for the constitution. */
    public Path recoveryPublicKey() {
        return folder.resolve(id + ".recovery.pub");
    }

    /**
     * Makes a signing key with a certificate that it signs itself.
     *
     * @param passphrase null: the key lies in clear
     */
    public X509Certificate makeSigningKey(Instant now, Duration life, char @Nullable [] passphrase) {
        KeyPair keys = P256.generate(random);
        X509Certificate certificate =
                Certificates.selfSignedSigner(id, keys, now.minus(CLOCK_TOLERANCE), now.plus(life), random);
        writeSecret(key(), keys.getPrivate(), passphrase);
        write(certificate(), Certificates.toPem(certificate));
        return certificate;
    }

    /** Makes a signing key and a request (PKCS #10) to have its certificate issued by. */
    public void makeRequest(char @Nullable [] passphrase) {
        KeyPair keys = P256.generate(random);
        writeSecret(key(), keys.getPrivate(), passphrase);
        write(request(), Certificates.request(id, keys));
    }

    /** Makes a recovery key: RSA of 3072 bits, or P-256. */
    public void makeRecoveryKey(boolean rsa, char @Nullable [] passphrase) {
        KeyPair keys = rsa ? rsa() : P256.generate(random);
        writeSecret(recoveryKey(), keys.getPrivate(), passphrase);
        write(recoveryPublicKey(), Certificates.toPem(keys.getPublic()));
    }

    private KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS, random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has RSA", impossible);
        }
    }

    private void writeSecret(Path file, PrivateKey key, char @Nullable [] passphrase) {
        write(file, passphrase == null ? Certificates.toPem(key) : PrivateKeyFiles.encrypt(key, passphrase, random));
    }

    private void write(Path file, String text) {
        try {
            Files.createDirectories(folder);
            // Before there is anything in it: nobody may open it in between.
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, text.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new CliException(
                    file + " exists already",
                    "A key is never overwritten. Choose another folder with --out, or another id.",
                    e);
        } catch (IOException e) {
            throw new CliException(file + " cannot be written: " + e.getMessage(), "Choose another with --out.", e);
        }
    }
}
